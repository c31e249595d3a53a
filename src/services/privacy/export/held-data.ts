/** The data about one person, table by table: what an export contains, what it omits, and why. */

/** A part of an export. */
export interface Section {
  /** Its name in data.json. */
  readonly name: string;
  /** The tables that it comes from. The column lists of the statements define what is exported. */
  readonly tables: readonly string[];
  /** $1: the row id of the employee. With `pages`: $2 the key after which, $3 how many, and rows have a `key`. */
  readonly sql: string;
  /** Whether there may be years of them: they are read in pages, in the order of their key. */
  readonly pages?: true;
}

/** Names the file of a photo within the archive; null: there is no photo. */
const file = (column: string): string =>
  `CASE WHEN ${column} IS NULL THEN NULL ELSE 'photos/' || ${column} END`;

const EMPLOYEE = `
  SELECT e.id, e.employee_id AS "employeeId", e.name, e.active, e.created_at AS "registeredAt",
    e.deactivated_at AS "deactivatedAt", o.name AS office, ${file('e.image_path')} AS photo,
    e.image_cloudinary_url AS "photoOnCdn", e.image_cloudinary_id AS "photoIdOnCdn",
    e.image_cdn_target AS "photoSentTo",
    e.consent_version AS "consentVersion", e.consent_given_at AS "consentGivenAt",
    e.consent_recorded_by AS "consentRecordedBy", e.consent_withdrawn_at AS "consentWithdrawnAt"
  FROM employees e LEFT JOIN offices o ON o.id = e.office_id WHERE e.id = $1`;

/** Never the vectors. */
const TEMPLATES = `
  SELECT t.id, t.created_at AS "createdAt", t.model_id AS model, t.source, t.dimension,
    t.duplicate_allowed AS "duplicateAllowed", ${file('p.image_path')} AS photo,
    p.image_cloudinary_url AS "photoOnCdn", p.image_cloudinary_id AS "photoIdOnCdn",
    p.image_cdn_target AS "photoSentTo"
  FROM face_templates t LEFT JOIN face_photos p ON p.id = t.id WHERE t.employee_id = $1 ORDER BY t.created_at, t.id`;

const DISCARDED = `
  SELECT id, CASE WHEN local_removed THEN NULL ELSE ${file('path')} END AS photo, cloudinary_id AS "photoIdOnCdn",
    cloud_name AS "accountOnCdn", local_removed AS "localRemoved", cdn_removed AS "cdnRemoved", attempts, next_at AS "nextAttemptAt"
  FROM discarded_images WHERE subject_id = $1 ORDER BY id`;

const CHALLENGES = `
  SELECT c.id, c.created_at AS "createdAt", c.expires_at AS "expiresAt", c.used_at AS "usedAt", c.actions,
    c.request_id AS "requestId", c.caller, o.name AS office
  FROM challenges c LEFT JOIN offices o ON o.id = c.office_id WHERE c.employee_id = $1 ORDER BY c.created_at, c.id`;

const LOCKOUTS = `
  SELECT kind, failures AS "refusedFaces", started_at AS "firstRefusedAt", last_failure_at AS "lastRefusedAt",
    locked_until AS "lockedUntil"
  FROM lockouts WHERE kind = 'EMPLOYEE' AND subject = $1::text`;

/**
 * Those that a requestId ties to a punch of theirs. Where several callers have used it, it is not known whose of them
 * are of the punch, and none are.
 */
const SAMPLES = `
  SELECT s.request_id AS "requestId", s.caller, s.first_seen_at AS "firstSeenAt", s.seen_at AS "seenAt"
  FROM seen_samples s
  WHERE EXISTS (SELECT FROM attendances a WHERE a.request_id = s.request_id AND a.employee_id = $1)
    AND NOT EXISTS (SELECT 1 FROM seen_samples o WHERE o.request_id = s.request_id AND o.caller <> s.caller)
  ORDER BY s.seen_at, s.hash`;

const ERASURES = `
  SELECT id, keep_attendance AS "keepAttendance", requested_by AS "requestedBy", requested_at AS "requestedAt",
    started_at AS "startedAt", completed_at AS "completedAt"
  FROM erasures WHERE subject_id = $1 ORDER BY requested_at, id`;

const TICKETS = `
  SELECT requested_by AS "requestedBy", expires_at AS "expiresAt" FROM export_tickets
  WHERE subject_id = $1 ORDER BY expires_at`;

const REVIEW_ITEMS = `
  SELECT r.id, r.reason, r.caller, r.request_id AS "requestId", o.name AS office, r.type,
    r.claimed_employee_id AS "claimedEmployeeId", r.captured_at AS "capturedAt", r.device_time AS "deviceTime",
    r.clock_offset_ms AS "clockOffsetMs", r.received_at AS "receivedAt", r.latitude, r.longitude,
    r.position_accuracy_meters AS "positionAccuracyMetres", r.position_taken_at AS "positionTakenAt",
    r.attendance_ids AS "attendanceIds", r.note, r.status, r.decided_by AS "decidedBy", r.decided_at AS "decidedAt",
    r.decision_reason AS "decisionReason", ${file('r.image_path')} AS photo, r.image_cloudinary_url AS "photoOnCdn",
    r.image_cloudinary_id AS "photoIdOnCdn", r.image_cdn_target AS "photoSentTo"
  FROM review_items r LEFT JOIN offices o ON o.id = r.office_id WHERE r.employee_id = $1 ORDER BY r.received_at, r.id`;

const CORRECTIONS = `
  SELECT c.id, c.status, c.reason, c.requested_by AS "requestedBy", c.requested_at AS "requestedAt",
    c.decided_by AS "decidedBy", c.decided_at AS "decidedAt", c.note
  FROM corrections c WHERE c.employee_id = $1 ORDER BY c.requested_at, c.id`;

const CORRECTION_CHANGES = `
  SELECT h.id, h.correction_id AS "correctionId", h.position, h.kind, h.type, h.recorded_at AS "recordedAt",
    h.attendance_id AS "attendanceId"
  FROM correction_changes h JOIN corrections c ON c.id = h.correction_id
  WHERE c.employee_id = $1 ORDER BY h.correction_id, h.position`;

const VOIDS = `
  SELECT v.id, v.attendance_id AS "attendanceId", v.correction_id AS "correctionId", v.reason,
    v.voided_by AS "voidedBy", v.voided_at AS "voidedAt", v.restored_by AS "restoredBy",
    v.restored_at AS "restoredAt", v.restore_reason AS "restoreReason"
  FROM attendance_voids v JOIN attendances a ON a.id = v.attendance_id
  WHERE a.employee_id = $1 ORDER BY v.voided_at, v.id`;

const ATTENDANCES = `
  SELECT a.sequence::text AS key, a.id, a.type, a.recorded_at AS "recordedAt", o.name AS office, a.similarity,
    a.distance_from_office AS "distanceFromOfficeMetres", a.latitude, a.longitude,
    a.position_accuracy_meters AS "positionAccuracyMetres", a.position_taken_at AS "positionTakenAt", a.request_id AS "requestId",
    a.descriptor_source AS "descriptorSource", a.challenged AS "challengeRedeemed", a.live AS "livenessShown",
    a.manual_reason AS "manualReason", a.manual_recorded_by AS "manualRecordedBy",
    a.manual_entered_at AS "manualEnteredAt", a.captured_at AS "capturedOfflineAt", a.received_at AS "receivedAt",
    a.request_round AS "requestRound", a.flags, a.correction_id AS "correctionId",
    ${file('a.image_path')} AS photo, a.image_cloudinary_url AS "photoOnCdn", a.image_cloudinary_id AS "photoIdOnCdn",
    a.image_cdn_target AS "photoSentTo"
  FROM attendances a LEFT JOIN offices o ON o.id = a.office_id
  WHERE a.employee_id = $1 AND a.sequence > $2::bigint ORDER BY a.sequence LIMIT $3`;

/** Without the network addresses, which are those of other people's machines. */
const AUDIT = `
  SELECT sequence::text AS key, at, action, outcome, caller, details FROM audit_events
  WHERE employee_id = $1 AND sequence > $2::bigint ORDER BY sequence LIMIT $3`;

/** One row, which is the record's own. */
export const PERSON: Section = { name: 'employee', tables: ['employees'], sql: EMPLOYEE };

/** The lists. Those with pages come last, so that short ones come before years of punches. */
export const SECTIONS: readonly Section[] = [
  { name: 'templates', tables: ['face_templates', 'face_photos'], sql: TEMPLATES },
  { name: 'photosBeingRemoved', tables: ['discarded_images'], sql: DISCARDED },
  { name: 'challenges', tables: ['challenges'], sql: CHALLENGES },
  { name: 'refusedFaces', tables: ['lockouts'], sql: LOCKOUTS },
  { name: 'samplesSeen', tables: ['seen_samples'], sql: SAMPLES },
  { name: 'exportsNotDownloaded', tables: ['export_tickets'], sql: TICKETS },
  { name: 'erasures', tables: ['erasures'], sql: ERASURES },
  { name: 'reviewItems', tables: ['review_items'], sql: REVIEW_ITEMS },
  { name: 'corrections', tables: ['corrections'], sql: CORRECTIONS },
  { name: 'correctionChanges', tables: ['correction_changes'], sql: CORRECTION_CHANGES },
  { name: 'voids', tables: ['attendance_voids'], sql: VOIDS },
  { name: 'attendances', tables: ['attendances'], sql: ATTENDANCES, pages: true },
  { name: 'auditEvents', tables: ['audit_events'], sql: AUDIT, pages: true },
];

/** The photos' paths: those that are shown, and those whose files wait to be removed. */
export const PHOTOS = `
  SELECT image_path AS path FROM employees WHERE id = $1 AND image_path IS NOT NULL
  UNION ALL SELECT p.image_path FROM face_photos p JOIN face_templates t ON t.id = p.id WHERE t.employee_id = $1
  UNION ALL SELECT path FROM discarded_images WHERE subject_id = $1 AND NOT local_removed AND path IS NOT NULL
  UNION ALL SELECT image_path FROM review_items WHERE employee_id = $1 AND image_path IS NOT NULL
  UNION ALL (SELECT image_path FROM attendances WHERE employee_id = $1 AND image_path IS NOT NULL
    ORDER BY recorded_at)`;

/** Tables that an export leaves out, and why. A test checks that each table is here or in a section. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  api_keys: 'API keys of devices and programs. No employee has one.',
  audit_chain: 'The end of the audit trail: a number and a hash.',
  encryption_key_users: 'Which node encrypts with which key.',
  encryption_keys: 'Ids of the keys that encrypt data.',
  gallery_changes:
    'A number for each employee, by which nodes notice changed templates. The audit events contain these changes with their time.',
  gallery_state: 'The highest of these numbers.',
  installation: 'The id of the installation.',
  kiosk_pairings: 'Codes that make a tablet a kiosk.',
  offices: "Data about offices. The export contains the names of the person's offices.",
};

/** Columns that an export leaves out, as `table.column` or, for all tables, `*.column`, and why. */
export const COLUMNS_LEFT_OUT: Readonly<Record<string, string>> = {
  '*.image_upload_attempts': 'Status of the upload to the CDN. It is about the CDN, not the person.',
  '*.image_upload_next_at': 'When the upload is retried.',
  '*.image_upload_error': 'Error message of the CDN.',
  '*.image_upload_given_up_at': 'When the service stopped retrying the upload.',
  '*.token_hash': 'Hash of a random token. It contains nothing about a person.',
  'audit_events.address': "Network address of another person's device.",
  'audit_events.hash': 'Proves that the trail is unchanged. It contains no more than the event.',
  'audit_events.id': 'A second id of the event.',
  'audit_events.previous_hash': 'Hash of the previous event, which may be about another person.',
  'discarded_images.cdn_after': 'When a running upload has certainly ended.',
  'discarded_images.erasure_id': 'Links the photo to the erasure.',
  'discarded_images.last_error': 'Error message of the CDN or disk, for the operator.',
  'employees.erased_at': 'There is no export of an employee who is being erased.',
  'erasures.attempts': 'Progress of the work.',
  'erasures.last_error': 'Error message, for the operator.',
  'erasures.next_at': 'Progress of the work.',
  'face_templates.plain_vector': 'A face descriptor: see faceDescriptors.',
  'face_templates.vector': 'A face descriptor: see faceDescriptors.',
  'seen_samples.hash':
    'A keyed hash. Nobody can restore the photo from it. Only someone with both the photo and the key can recompute it.',
};

/** Explains in data.json what it does not contain. */
export const NOT_INCLUDED = {
  faceDescriptors:
    'The numbers by which a face is recognised stay inside the service. They cannot be read as a picture, but whoever has them can impersonate the person at similar systems. Each has an entry in templates, with the time, photo and model.',
  replayHashes:
    'Keyed hashes of photos that were sent (seen_samples) contain no name. For a punch with a requestId, samplesSeen contains the time. For the others, nobody can tell whose they are.',
  tables: NOT_EXPORTED,
  columns: COLUMNS_LEFT_OUT,
};
