import type { DataSource } from 'typeorm';

/** What cannot be in an export, and why: whoever reads it is told. */
const NOT_INCLUDED = {
  faceDescriptors:
    'The numbers by which a face is recognised stay inside the service: they are of no use to read, and whoever has ' +
    'them can pass for the person at other systems of the same kind. For each of them there is an entry under ' +
    'templates that says when, from which photo and with which model it was made.',
  replayHashes:
    'Keyed hashes of photos that were sent (seen_samples) name nobody; one of a punch with a requestId carries that ' +
    'requestId, and is erased with it.',
};

/** Names the file of a photo within the archive; null: there is no photo. */
const file = (column: string): string =>
  `CASE WHEN ${column} IS NULL THEN NULL ELSE 'photos/' || ${column} END`;

const EMPLOYEE = `
  SELECT e.id, e.employee_id AS "employeeId", e.name, e.active, e.created_at AS "registeredAt",
    e.deactivated_at AS "deactivatedAt", o.name AS office, ${file('e.image_path')} AS photo,
    e.image_cloudinary_url AS "photoOnCdn", e.consent_version AS "consentVersion",
    e.consent_given_at AS "consentGivenAt", e.consent_recorded_by AS "consentRecordedBy",
    e.consent_withdrawn_at AS "consentWithdrawnAt"
  FROM employees e LEFT JOIN offices o ON o.id = e.office_id WHERE e.id = $1`;

/** Never the vectors. */
const TEMPLATES = `
  SELECT t.id, t.created_at AS "createdAt", t.model_id AS model, t.source, t.dimension,
    t.duplicate_allowed AS "duplicateAllowed", ${file('p.image_path')} AS photo,
    p.image_cloudinary_url AS "photoOnCdn"
  FROM face_templates t LEFT JOIN face_photos p ON p.id = t.id WHERE t.employee_id = $1 ORDER BY t.created_at, t.id`;

const CHALLENGES = `
  SELECT id, created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt", actions
  FROM challenges WHERE employee_id = $1 ORDER BY created_at, id`;

/** Without the network addresses, which are those of other people's machines. */
const AUDIT = `
  SELECT sequence::text AS key, at, action, outcome, caller, details FROM audit_events
  WHERE employee_id = $1 AND sequence > $2::bigint ORDER BY sequence LIMIT $3`;

const ATTENDANCES = `
  SELECT a.sequence::text AS key, a.id, a.type, a.recorded_at AS "recordedAt", o.name AS office, a.similarity,
    a.distance_from_office AS "distanceFromOfficeMetres", a.latitude, a.longitude, a.request_id AS "requestId",
    a.descriptor_source AS "descriptorSource", a.challenged AS "challengeRedeemed", a.live AS "livenessShown",
    a.manual_reason AS "manualReason", a.manual_recorded_by AS "manualRecordedBy",
    a.manual_entered_at AS "manualEnteredAt", ${file('a.image_path')} AS photo,
    a.image_cloudinary_url AS "photoOnCdn"
  FROM attendances a LEFT JOIN offices o ON o.id = a.office_id
  WHERE a.employee_id = $1 AND a.sequence > $2::bigint ORDER BY a.sequence LIMIT $3`;

const PAGE = 500;

type Row = Readonly<Record<string, unknown>>;

/** The JSON of everything that is held on one person, in pieces: years of punches need not fit into memory. */
export async function* personRecord(
  dataSource: DataSource,
  subjectId: string,
  now: Date,
): AsyncGenerator<string, void, void> {
  const rows = (sql: string): Promise<Row[]> => dataSource.query<Row[]>(sql, [subjectId]);
  const [employee = null] = await rows(EMPLOYEE);
  const head = {
    exportedAt: now,
    notIncluded: NOT_INCLUDED,
    employee,
    templates: await rows(TEMPLATES),
    challenges: await rows(CHALLENGES),
  };
  yield JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  for (const [name, sql] of [
    ['attendances', ATTENDANCES],
    ['auditEvents', AUDIT],
  ] as const) {
    yield `,\n  "${name}": [`;
    let separator = '\n    ';
    for await (const row of paged(dataSource, sql, subjectId)) {
      // The key is the pages' business.
      yield separator + JSON.stringify({ ...row, key: undefined });
      separator = ',\n    ';
    }
    yield '\n  ]';
  }
  yield '\n}\n';
}

async function* paged(dataSource: DataSource, sql: string, subjectId: string): AsyncGenerator<Row> {
  for (let after = '0'; ;) {
    const page = await dataSource.query<Row[]>(sql, [subjectId, after, PAGE]);
    yield* page;
    if (page.length < PAGE) return;
    after = String(page.at(-1)?.['key']);
  }
}
