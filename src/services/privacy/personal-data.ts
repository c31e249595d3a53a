/**
 * The personal data in the database: each table that has some, how its rows belong to a person, and what an export and
 * an erasure do with each column. Export, erasure, its proof and pseudonyms are made from this list, and a test compares
 * it with the columns of the database. Free text that may name people counts as personal.
 */

import { roundedDownSql } from '../access/visible-scores';

interface PersonalColumn {
  /** Its name in an export. Left out, with `omitted` too: it only ties the row to the person. */
  readonly as?: string;
  /** SQL of what is exported, where that is not the column as it is. */
  readonly sql?: string;
  /** Why an export leaves it out. */
  readonly omitted?: string;
  /** Free text that may name people other than the row's. An erasure replaces their name and employeeId in it. */
  readonly mentions?: true;
  /** SQL of what it becomes where the row outlives the erasure. Left out: it stays as it is. */
  readonly erased?: string;
}

export interface PersonalTable {
  /** SQL: the rows of the person whose row id is $1; null: the service does not know whom its text is about. */
  readonly of: string | null;
  /** Of an export: the name of the part its rows are in, their order, and whether there may be years of them. */
  readonly section?: { readonly name: string; readonly order: string; readonly pages?: true };
  /** The table in whose part of an export this one's columns are: both rows have the same id. */
  readonly within?: string;
  /** Why an export has nothing of it, where NOT_PERSONAL does not say so. */
  readonly omitted?: string;
  /** The local photo of a row: the column of its path, and which rows still have it. */
  readonly photo?: { readonly path: string; readonly there?: string };
  /**
   * What an erasure does with the rows. `delete`: they go when it begins. `let go`: they go with their photo, and
   * with the copy on the CDN. `pseudonymise`: they go too, or stay with their `erased` columns where punches are kept.
   * Otherwise they stay, and this says why.
   */
  readonly erasure: 'delete' | 'let go' | 'pseudonymise' | { readonly keeps: string };
  /** SQL: rows that an erasure is not complete with. Left out: any. */
  readonly unfinished?: string;
  readonly columns: Readonly<Record<string, PersonalColumn>>;
}

/** Names the file of a photo within the archive; null: there is no photo. */
const file = (path: string): string => `CASE WHEN ${path} IS NULL THEN NULL ELSE 'photos/' || ${path} END`;

/** Columns that an export has as they are, under their own name in camelCase. */
const shown = (...columns: readonly string[]): Record<string, PersonalColumn> =>
  Object.fromEntries(
    columns.map((column) => [
      column,
      { as: column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) },
    ]),
  );
const OWNER: PersonalColumn = {};
const OFFICE: PersonalColumn = { as: 'office', sql: '(SELECT name FROM offices WHERE id = office_id)' };

/** What of a photo is in a row; `erased` is a row without a photo. */
const PHOTO = {
  image_path: { as: 'photo', sql: file('image_path'), erased: 'NULL' },
  image_cloudinary_url: { as: 'photoOnCdn', erased: 'NULL' },
  image_cloudinary_id: { as: 'photoIdOnCdn', erased: 'NULL' },
  image_cdn_target: { as: 'photoSentTo', erased: 'NULL' },
  image_upload_attempts: {
    omitted: 'Status of the upload to the CDN. It is about the CDN, not the person.',
    erased: '0',
  },
  image_upload_next_at: { omitted: 'When the upload is retried.' },
  image_upload_error: { omitted: 'Error message of the CDN.', erased: 'NULL' },
  image_upload_given_up_at: { omitted: 'When the service stopped retrying the upload.', erased: 'NULL' },
} satisfies PersonalTable['columns'];

/** Of the request that made a punch. A phone of their own tells about the person. */
const ORIGIN = {
  sent_by: { as: 'sentBy', erased: 'NULL' },
  sent_from: { as: 'sentFromNetwork', erased: 'NULL' },
  client_version: { as: 'sentWithProgram', erased: 'NULL' },
} satisfies PersonalTable['columns'];

export const PERSONAL_DATA = {
  employees: {
    of: 'id = $1',
    section: { name: 'employee', order: 'id' },
    photo: { path: 'image_path' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      // Made of the row's id, so nobody else's.
      employee_id: { as: 'employeeId', erased: `'erased-' || id::text` },
      employee_id_key: {
        omitted: 'The employeeId in the form that is compared.',
        erased: `'erased-' || id::text`,
      },
      name: { as: 'name', erased: `'Erased employee'` },
      name_key: { omitted: 'The name in the form that is compared.', erased: `'erased employee'` },
      active: { as: 'active', erased: 'false' },
      created_at: { as: 'registeredAt' },
      ...shown('deactivated_at', 'employed_from', 'employed_until'),
      erased_at: { omitted: 'There is no export of an employee who is being erased.' },
      office_id: { ...OFFICE, erased: 'NULL' },
      ...PHOTO,
      consent_version: { as: 'consentVersion', erased: 'NULL' },
      consent_given_at: { as: 'consentGivenAt', erased: 'NULL' },
      consent_recorded_by: { as: 'consentRecordedBy', mentions: true, erased: 'NULL' },
      consent_withdrawn_at: { as: 'consentWithdrawnAt', erased: 'NULL' },
      audit_key: {
        omitted:
          'A random key. Hashes in the audit trail stand for changed values; an erasure deletes the key.',
        erased: 'NULL',
      },
    },
  },
  face_templates: {
    of: 'employee_id = $1',
    section: { name: 'templates', order: 'created_at, id' },
    erasure: 'let go',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('created_at'),
      model_id: { as: 'model' },
      ...shown('source', 'dimension', 'duplicate_allowed'),
      vector: { omitted: 'A face descriptor: see faceDescriptors.' },
      plain_vector: { omitted: 'A face descriptor: see faceDescriptors.' },
      plain_model_id: { as: 'secondModel' },
      plain_dimension: { as: 'secondDimension' },
      reindex_next_at: { omitted: 'When a descriptor of a new model is computed.' },
      reindex_attempts: { omitted: 'How often that failed.' },
      reindex_error: { omitted: 'Why it failed.' },
      reindex_failed_model: { omitted: 'The model for which the photo cannot be used.' },
    },
  },
  face_photos: {
    of: 'id IN (SELECT id FROM face_templates WHERE employee_id = $1)',
    within: 'face_templates',
    photo: { path: 'image_path' },
    erasure: 'let go',
    columns: { id: OWNER, ...PHOTO },
  },
  discarded_images: {
    of: 'subject_id = $1',
    section: { name: 'photosBeingRemoved', order: 'id' },
    photo: { path: 'path', there: 'NOT local_removed' },
    erasure: 'let go',
    // The rows are the proof that disk and CDN have nothing; the erasure takes them away when it is complete.
    unfinished: 'NOT (local_removed AND cdn_removed)',
    columns: {
      ...shown('id'),
      subject_id: OWNER,
      path: { as: 'photo', sql: `CASE WHEN local_removed THEN NULL ELSE ${file('path')} END` },
      cloudinary_id: { as: 'photoIdOnCdn' },
      cdn_tag: { as: 'photoTagOnCdn' },
      cloud_name: { as: 'accountOnCdn' },
      ...shown('local_removed', 'cdn_removed', 'attempts'),
      next_at: { as: 'nextAttemptAt' },
      cdn_after: { omitted: 'When a running upload has certainly ended.' },
      erasure_id: { omitted: 'Links the photo to the erasure.' },
      last_error: { omitted: 'Error message of the CDN or disk, for the operator.' },
    },
  },
  challenges: {
    of: 'employee_id = $1',
    section: { name: 'challenges', order: 'created_at, id' },
    erasure: 'delete',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('created_at', 'expires_at', 'used_at', 'actions', 'request_id', 'caller'),
      office_id: OFFICE,
      token_hash: { omitted: 'Hash of a random token. It contains nothing about a person.' },
    },
  },
  lockouts: {
    of: `kind = 'EMPLOYEE' AND subject = $1::text`,
    section: { name: 'refusedFaces', order: 'kind, daily' },
    erasure: 'delete',
    columns: {
      ...shown('kind', 'daily'),
      subject: OWNER,
      failures: { as: 'refusedFaces' },
      started_at: { as: 'firstRefusedAt' },
      last_failure_at: { as: 'lastRefusedAt' },
      ...shown('locked_until'),
    },
  },
  seen_samples: {
    // Those that a requestId ties to a punch of theirs. Where several callers have used it, it is not known whose of
    // them are of the punch, and none are.
    of: `request_id IN (SELECT request_id FROM attendances WHERE employee_id = $1)
      AND NOT EXISTS (SELECT 1 FROM seen_samples o WHERE o.request_id = seen_samples.request_id
        AND o.caller <> seen_samples.caller)`,
    section: { name: 'samplesSeen', order: 'seen_at, hash' },
    // With the punches, see erase-attendance.ts.
    erasure: 'let go',
    columns: {
      ...shown('request_id', 'caller', 'first_seen_at', 'seen_at'),
      hash: {
        omitted:
          'A keyed hash. Nobody can restore the photo from it. Only someone with both the photo and the key can recompute it.',
      },
    },
  },
  seen_faces: {
    of: 'employee_id = $1',
    section: { name: 'facesSeen', order: 'seen_at, id' },
    erasure: 'delete',
    columns: {
      ...shown('id', 'template_id', 'caller', 'request_id', 'seen_at'),
      employee_id: OWNER,
      model_id: { as: 'model' },
      hash: {
        omitted:
          'A keyed hash by which copies of a photo are recognised. Nobody can restore the photo from it. Without the key it says nothing.',
      },
    },
  },
  export_tickets: {
    of: 'subject_id = $1',
    section: { name: 'exportsNotDownloaded', order: 'expires_at' },
    erasure: 'delete',
    columns: {
      subject_id: OWNER,
      ...shown('requested_by', 'expires_at'),
      token_hash: { omitted: 'Hash of a random token. It contains nothing about a person.' },
    },
  },
  erasures: {
    of: 'subject_id = $1',
    section: { name: 'erasures', order: 'requested_at, id' },
    erasure: {
      keeps: 'Proves that the erasure was done, and tells what to repeat after a backup is restored.',
    },
    columns: {
      ...shown('id'),
      subject_id: OWNER,
      ...shown('keep_attendance', 'requested_by', 'requested_at', 'started_at', 'completed_at'),
      logged_in: { omitted: 'Which erasure logs have a line of it.' },
      attempts: { omitted: 'Progress of the work.' },
      last_error: { omitted: 'Error message, for the operator.' },
      next_at: { omitted: 'Progress of the work.' },
    },
  },
  attendances: {
    of: 'employee_id = $1',
    section: { name: 'attendances', order: 'sequence', pages: true },
    photo: { path: 'image_path' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      sequence: { omitted: 'The order of the punches in the export.' },
      ...shown('type', 'recorded_at'),
      office_id: OFFICE,
      // As VisibleScores tells a score of a match.
      similarity: { as: 'similarity', sql: roundedDownSql('similarity'), erased: 'NULL' },
      distance_from_office: { as: 'distanceFromOfficeMetres', erased: 'NULL' },
      latitude: { as: 'latitude', erased: 'NULL' },
      longitude: { as: 'longitude', erased: 'NULL' },
      position_accuracy_meters: { as: 'positionAccuracyMetres', erased: 'NULL' },
      position_taken_at: { as: 'positionTakenAt', erased: 'NULL' },
      request_id: { as: 'requestId', erased: 'NULL' },
      ...shown('request_round', 'flags', 'correction_id'),
      ...shown('descriptor_source', 'similarity_of'),
      challenged: { as: 'challengeRedeemed' },
      live: { as: 'livenessShown' },
      // It may tell of an illness.
      manual_reason: {
        as: 'manualReason',
        mentions: true,
        erased: `CASE WHEN manual_reason IS NULL THEN NULL ELSE 'erased' END`,
      },
      ...shown('manual_recorded_by', 'manual_entered_at'),
      captured_at: { as: 'capturedOfflineAt' },
      ...shown('received_at', 'not_before', 'fixed_device'),
      ...ORIGIN,
      ...PHOTO,
    },
  },
  review_items: {
    of: 'employee_id = $1',
    section: { name: 'reviewItems', order: 'received_at, id' },
    photo: { path: 'image_path' },
    // With the punches, see erase-attendance.ts.
    erasure: 'let go',
    columns: {
      ...shown('id', 'reason', 'caller', 'request_id'),
      employee_id: OWNER,
      office_id: OFFICE,
      claimed_key: { omitted: 'The claimed employeeId in the form that is compared.' },
      other_employee_id: { omitted: 'Another employee, who had the same employeeId. That is their data.' },
      ...shown('claimed_employee_id', 'type', 'captured_at', 'device_time', 'clock_offset_ms', 'received_at'),
      ...shown('latitude', 'longitude'),
      position_accuracy_meters: { as: 'positionAccuracyMetres' },
      ...shown('position_taken_at', 'attendance_ids', 'status', 'decided_by', 'decided_at'),
      note: { as: 'note', mentions: true },
      decision_reason: { as: 'decisionReason', mentions: true },
      ...ORIGIN,
      ...PHOTO,
    },
  },
  corrections: {
    of: 'employee_id = $1',
    section: { name: 'corrections', order: 'requested_at, id' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id', 'status'),
      employee_id: OWNER,
      reason: { as: 'reason', mentions: true, erased: `'erased'` },
      ...shown('requested_by', 'requested_at', 'decided_by', 'decided_at'),
      note: { as: 'note', mentions: true, erased: 'NULL' },
      basis: { omitted: 'A hash of the punches that the request was about.' },
    },
  },
  correction_changes: {
    of: 'correction_id IN (SELECT id FROM corrections WHERE employee_id = $1)',
    section: { name: 'correctionChanges', order: 'correction_id, position' },
    erasure: { keeps: 'Which punches a correction added or voided. It names nobody.' },
    columns: {
      ...shown('id', 'correction_id', 'position', 'kind', 'type', 'recorded_at', 'attendance_id'),
      ...shown('waive_date', 'waive_minutes'),
    },
  },
  schedule_assignments: {
    of: 'employee_id = $1',
    section: { name: 'scheduleAssignments', order: 'valid_from, id' },
    erasure: { keeps: 'The days of the punches that are kept depend on it. It names nobody.' },
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      office_id: { omitted: 'Always empty: the row is about the employee.' },
      schedule_id: { as: 'schedule', sql: '(SELECT name FROM schedules WHERE id = schedule_id)' },
      rules_id: { as: 'workRules', sql: '(SELECT name FROM work_rules WHERE id = rules_id)' },
      ...shown('valid_from', 'valid_until', 'created_by', 'created_at'),
    },
  },
  day_plans: {
    of: 'employee_id = $1',
    section: { name: 'dayPlans', order: 'date' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('date'),
      shift_id: { as: 'shift', sql: '(SELECT name FROM shifts WHERE id = shift_id)' },
      reason: { as: 'reason', mentions: true, erased: `'erased'` },
      ...shown('created_by', 'created_at'),
    },
  },
  employee_offices: {
    of: 'employee_id = $1',
    section: { name: 'officeHistory', order: 'valid_from' },
    erasure: { keeps: 'The days of the punches that are kept depend on it. It names nobody.' },
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      office_id: OFFICE,
      ...shown('valid_from', 'created_by', 'created_at'),
    },
  },
  absences: {
    of: 'employee_id = $1',
    section: { name: 'absences', order: 'valid_from, id' },
    // The kind may tell of an illness, with or without the name.
    erasure: 'delete',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('valid_from', 'valid_until', 'minutes_per_day', 'kind', 'paid', 'source', 'external_id'),
      ...shown('created_by', 'created_at'),
    },
  },
  overtime_decisions: {
    of: 'employee_id = $1',
    section: { name: 'overtimeDecisions', order: 'date' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('date', 'approved_minutes', 'decided_by', 'decided_at'),
      fingerprint: { omitted: 'A hash of the figures that were approved.' },
      note: { as: 'note', mentions: true, erased: 'NULL' },
    },
  },
  attendance_voids: {
    of: 'attendance_id IN (SELECT id FROM attendances WHERE employee_id = $1)',
    section: { name: 'voids', order: 'voided_at, id' },
    erasure: 'pseudonymise',
    columns: {
      ...shown(
        'id',
        'attendance_id',
        'correction_id',
        'voided_by',
        'voided_at',
        'restored_by',
        'restored_at',
      ),
      reason: { as: 'reason', mentions: true, erased: `'erased'` },
      restore_reason: {
        as: 'restoreReason',
        mentions: true,
        erased: `CASE WHEN restore_reason IS NULL THEN NULL ELSE 'erased' END`,
      },
    },
  },
  audit_events: {
    of: 'employee_id = $1',
    section: { name: 'auditEvents', order: 'sequence', pages: true },
    erasure: {
      keeps:
        'The trail proves what was done, until RETAIN_AUDIT_DAYS. It names nobody, and has no biometric.',
    },
    columns: {
      sequence: { omitted: 'The order of the events in the export.' },
      ...shown('at', 'action', 'outcome', 'caller', 'details'),
      employee_id: OWNER,
      address: { omitted: "Network address of another person's device." },
      id: { omitted: 'A second id of the event.' },
      hash: { omitted: 'Proves that the trail is unchanged. It contains no more than the event.' },
      previous_hash: { omitted: 'Hash of the previous event, which may be about another person.' },
      key_id: { omitted: 'The key that signed the event.' },
    },
  },
  gallery_changes: {
    of: 'employee_id = $1',
    omitted:
      'A number for each employee, by which nodes notice changed templates. The audit events contain these changes with their time.',
    erasure: { keeps: 'A node that was away notices by it that the templates are gone. It names nobody.' },
    columns: { employee_id: OWNER, version: {} },
  },
  // Names that administrators gave.
  api_keys: {
    of: null,
    erasure: { keeps: 'The key is not the person. Their name and employeeId in its name are replaced.' },
    columns: { name: { mentions: true } },
  },
  kiosk_pairings: {
    of: null,
    erasure: { keeps: 'The row is deleted when the code has expired.' },
    columns: { name: { mentions: true } },
  },
} satisfies Readonly<Record<string, PersonalTable>>;

/** Every table of PERSONAL_DATA with its name. */
export const PERSONAL_TABLES: readonly (readonly [name: string, table: PersonalTable])[] =
  Object.entries(PERSONAL_DATA);

const erasedOf = (columns: PersonalTable['columns']): (readonly [column: string, erased: string])[] =>
  Object.entries(columns).flatMap(([column, { erased }]) =>
    erased === undefined ? [] : [[column, erased] as const],
  );

/** SQL: the assignments of an UPDATE that take the person out of a row. */
export const erasing = ({ columns }: Pick<PersonalTable, 'columns'>): string =>
  erasedOf(columns)
    .map(([column, erased]) => `${column} = ${erased}`)
    .join(', ');

/** SQL: whether the person is still in a row. */
export const notErased = ({ columns }: Pick<PersonalTable, 'columns'>): string =>
  `(${erasedOf(columns)
    .map(([column, erased]) => `${column} IS DISTINCT FROM ${erased}`)
    .join(' OR ')})`;

/** SQL: the assignments of an UPDATE that leave a row without a photo. */
export const WITHOUT_PHOTO = erasing({ columns: PHOTO });
