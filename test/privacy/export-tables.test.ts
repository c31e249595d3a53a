/** Real: the database, every entity, the files of the archive. Fake: the rows, which no run of the service has all at once. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ExportArchive } from '../../src/services/privacy/export/export-archive';
import { NOT_INCLUDED, SECTIONS } from '../../src/services/privacy/export/sections';
import { NOT_PERSONAL } from '../../src/services/privacy/not-personal';
import { PERSONAL_TABLES } from '../../src/services/privacy/personal-data';
import { LocalStore } from '../../src/services/photos/local/local-store';
import { PhotoVault } from '../../src/services/photos/local/photo-vault';
import { openDataSource } from '../support/data-source';
import { createStorage, type TestStorage } from '../support/databases';
import { photo } from '../support/photos';
import { unzip } from '../support/unzip';

/** The part of an export that a table is in. */
function sectionOf(name: string): string | null {
  const [, table] = PERSONAL_TABLES.find(([other]) => other === name) ?? [];
  if (table?.within !== undefined) return sectionOf(table.within);
  return table?.section?.name ?? null;
}

/** Rows of one person in every table that is exported; `mark` is in each of them. */
async function fill(dataSource: DataSource, mark: string): Promise<string> {
  const id = uuidv7();
  const template = uuidv7();
  const punch = uuidv7();
  const correction = uuidv7();
  const [schedule, rules] = [uuidv7(), uuidv7()];
  const at = '2026-03-02T08:00:00.000Z';
  const statements: [sql: string, values: unknown[]][] = [
    [
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, active, created_at, image_path)
       VALUES ($1, $2, $3, $2, $3, true, $4, $5)`,
      [id, mark, mark.toLowerCase(), at, `face_images/${mark}.jpg`],
    ],
    [
      `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
       VALUES ($1, $2, decode(repeat('00', 512), 'hex'), 128, $3, 'client', $4)`,
      [template, id, mark, at],
    ],
    [`INSERT INTO face_photos (id, image_path) VALUES ($1, $2)`, [template, `face_images/${mark}.2.jpg`]],
    [
      `INSERT INTO discarded_images (id, path, cloudinary_id, subject_id, local_removed)
       VALUES ($1, $2, $3, $4, false), ($5, $6, $3, $4, true)`,
      [uuidv7(), `face_images/${mark}.old.jpg`, mark, id, uuidv7(), `face_images/${mark}.gone.jpg`],
    ],
    [
      `INSERT INTO challenges (id, token_hash, caller, employee_id, actions, created_at, expires_at)
       VALUES ($1, sha256($2::text::bytea), $2, $3, '[]', $4, $4)`,
      [uuidv7(), mark, id, at],
    ],
    [
      `INSERT INTO lockouts (kind, subject, failures, started_at, last_failure_at) VALUES ('EMPLOYEE', $1, 3, $2, $2)`,
      [id, at],
    ],
    [
      `INSERT INTO attendances (id, employee_id, sequence, type, recorded_at, similarity, request_id, image_path, captured_at,
         received_at) VALUES ($1, $2, 1, 'LOGIN', $3, 1, $4, $5, $3, $3)`,
      [punch, id, at, `request-${mark}`, `attendance_images/2026/03/02/${id}.jpg`],
    ],
    [
      `INSERT INTO review_items (id, reason, caller, request_id, employee_id, received_at) VALUES ($1, 'TOO_OLD', $2, $2, $3, $4)`,
      [uuidv7(), mark, id, at],
    ],
    [
      `INSERT INTO corrections (id, employee_id, status, reason, requested_by, requested_at)
       VALUES ($1, $2, 'APPROVED', $3, $3, $4)`,
      [correction, id, mark, at],
    ],
    [
      `INSERT INTO correction_changes (id, correction_id, position, kind, attendance_id) VALUES ($1, $2, 0, 'VOID', $3)`,
      [uuidv7(), correction, punch],
    ],
    [
      `INSERT INTO attendance_voids (id, attendance_id, correction_id, reason, voided_by, voided_at)
       VALUES ($1, $2, $3, $4, $4, $5)`,
      [uuidv7(), punch, correction, mark, at],
    ],
    [
      `INSERT INTO schedules (id, name, cycle_days, anchor, created_by, created_at) VALUES ($1, 's', 7, $2::timestamptz::date, 's', $2::timestamptz)`,
      [schedule, at],
    ],
    [`INSERT INTO work_rules (id, name, created_by, created_at) VALUES ($1, 'r', 's', $2)`, [rules, at]],
    [
      `INSERT INTO schedule_assignments (id, employee_id, schedule_id, rules_id, valid_from, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5::timestamptz::date, $6, $5::timestamptz)`,
      [uuidv7(), id, schedule, rules, at, mark],
    ],
    [
      `INSERT INTO day_plans (id, employee_id, date, reason, created_by, created_at) VALUES ($1, $2, $3::timestamptz::date, $4, $4, $3::timestamptz)`,
      [uuidv7(), id, at, mark],
    ],
    [
      `INSERT INTO employee_offices (id, employee_id, valid_from, created_by, created_at) VALUES ($1, $2, '-infinity', $3, $4)`,
      [uuidv7(), id, mark, at],
    ],
    [
      `INSERT INTO absences (id, employee_id, valid_from, valid_until, kind, paid, created_by, created_at)
       VALUES ($1, $2, $3::timestamptz::date, $3::timestamptz::date, 'SICK', true, $4, $3::timestamptz)`,
      [uuidv7(), id, at, mark],
    ],
    [
      `INSERT INTO overtime_decisions (id, employee_id, date, approved_minutes, fingerprint, decided_by, decided_at, note)
       VALUES ($1, $2, $3::timestamptz::date, 0, 'x', $4, $3::timestamptz, $4)`,
      [uuidv7(), id, at, mark],
    ],
    [
      `INSERT INTO seen_samples (hash, request_id, caller, first_seen_at, seen_at)
       VALUES (sha256($1::text::bytea), $1, $2, $3, $3), (sha256($2::text::bytea), NULL, 'nobody', $3, $3)`,
      [`request-${mark}`, mark, at],
    ],
    [
      `INSERT INTO seen_faces (id, employee_id, model_id, hash, caller, request_id, seen_at)
       VALUES ($1, $2, 'a model', 'a hash', $3, $4, $5)`,
      [uuidv7(), id, mark, `request-${mark}`, at],
    ],
    [
      `INSERT INTO export_tickets (token_hash, subject_id, requested_by, expires_at) VALUES (sha256($1::text::bytea), $2, $1, $3)`,
      [mark, id, at],
    ],
    [
      `INSERT INTO erasures (id, subject_id, keep_attendance, requested_by, requested_at) VALUES ($1, $2, true, $3, $4)`,
      [uuidv7(), id, mark, at],
    ],
    [
      `INSERT INTO audit_events (sequence, id, at, action, outcome, caller, employee_id, details, previous_hash, hash)
       SELECT count(*) + 1, $1, $2, 'photo.read', 'OK', $3, $4, '{}', sha256(''), sha256('') FROM audit_events`,
      [uuidv7(), at, mark, id],
    ],
  ];
  for (const [sql, values] of statements) await dataSource.query(sql, values);
  return id;
}

describe('an export', () => {
  let storage: TestStorage;
  let dataSource: DataSource;

  beforeEach(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  it('has something of every table that has something of the person, and of nobody else', async () => {
    const id = await fill(dataSource, 'MINE');
    const other = await fill(dataSource, 'OTHERS');
    for (const name of ['MINE.jpg', 'MINE.2.jpg', 'MINE.old.jpg', 'MINE.gone.jpg', 'OTHERS.jpg']) {
      const path = join(storage.dataDir, 'media', 'face_images', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, photo('tiny.jpg'));
    }
    const local = new LocalStore(storage.dataDir, new PhotoVault(null, false));
    const archive = new ExportArchive(dataSource, local, () => new Date());
    const files = unzip(await buffer(await archive.open(id)));
    const text = files.get('data.json')?.toString('utf8') ?? '';
    const data = JSON.parse(text) as Record<string, unknown>;

    for (const { name } of SECTIONS.slice(1))
      expect([name, (data[name] as unknown[]).length > 0]).toEqual([name, true]);
    expect(data).toMatchObject({
      employee: { id, name: 'MINE' },
      refusedFaces: [{ kind: 'EMPLOYEE', refusedFaces: 3 }],
      samplesSeen: [{ requestId: 'request-MINE' }],
      facesSeen: [{ requestId: 'request-MINE', model: 'a model' }],
      attendances: [{ capturedOfflineAt: expect.any(String) as string }],
      auditEvents: [{ action: 'photo.read', caller: 'MINE' }],
      photosBeingRemoved: [
        { photo: 'photos/face_images/MINE.old.jpg', localRemoved: false },
        { photo: null, localRemoved: true },
      ],
    });
    expect(text).not.toMatch(/OTHERS/);
    expect(text).not.toContain(other);
    // A name that was let go of may be another's by now.
    expect([...files.keys()].sort()).toEqual([
      'data.json',
      `photos/attendance_images/2026/03/02/${id}.jpg`,
      ...['2.jpg', 'jpg', 'old.jpg'].map((end) => `photos/face_images/MINE.${end}`),
    ]);
    expect(files.get('photos/face_images/MINE.old.jpg')).toEqual(photo('tiny.jpg'));
  });

  it('decides upon every table and every column of the database, as do erasures', async () => {
    const columns = await dataSource.query<{ name: string }[]>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'`,
    );
    const decided = [
      ...PERSONAL_TABLES.flatMap(([table, { columns: each }]) =>
        Object.keys(each).map((column) => `${table}.${column}`),
      ),
      ...Object.entries(NOT_PERSONAL).flatMap(([table, [, ...each]]) =>
        each.map((column) => `${table}.${column}`),
      ),
    ];
    // Add a new column to services/privacy/personal-data/, or to not-personal.ts with a reason.
    // Neither a column that nobody decided upon, nor one that is not there, nor one that is in both lists.
    expect([...decided].sort()).toEqual(columns.map(({ name }) => name).sort());
  });

  it('says of every table and column that it leaves out why', () => {
    const silent = dataSource.entityMetadatas
      .map(({ tableName }) => tableName)
      .filter((name) => (sectionOf(name) === null) !== name in NOT_INCLUDED.tables);
    expect(silent).toEqual([]);
    // What only ties a row to the person has no name of its own in an export, and nothing to be said of it.
    const untold = PERSONAL_TABLES.filter(([name]) => sectionOf(name) !== null).flatMap(
      ([table, { columns }]) =>
        Object.entries(columns).flatMap(([column, { as, omitted }]) =>
          as === undefined && omitted === undefined ? [`${table}.${column}`] : [],
        ),
    );
    expect(
      untold.filter((name) => !/\.(employee_id|subject_id|subject)$|^face_photos\.id$/.test(name)),
    ).toEqual([]);
    expect(NOT_INCLUDED.columns).toHaveProperty(['face_templates.vector']);
  });

  it('is described table by table in docs/guide/privacy.md', () => {
    const text = readFileSync(join(__dirname, '..', '..', 'docs', 'guide', 'privacy.md'), 'utf8');
    const [, described = ''] = /## Export\n([\s\S]*?)\n## /.exec(text) ?? [];
    const rows = [...described.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) +\| (`\w+`|No):/gm)].flatMap(
      ([, names = '', where = '']) =>
        [...names.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => [name, where] as const),
    );
    const expected = dataSource.entityMetadatas.map(({ tableName }) => {
      const section = sectionOf(tableName);
      return [tableName, section === null ? 'No' : `\`${section}\``];
    });
    expect(rows.map((row) => [...row]).sort()).toEqual(expected.sort());
  });
});
