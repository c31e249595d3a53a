/** Real: the database. Fake: nothing. Work on thousands of rows ends after the batch under way once it is told to. */
import { join } from 'node:path';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import type { Erasure } from '../../src/entities/erasure.entity';
import { eraseAttendance } from '../../src/services/privacy/erasure/erase-attendance';
import { ErasureLog } from '../../src/services/privacy/erasure/erasure-log';
import { ErasureLogWriter } from '../../src/services/privacy/erasure/erasure-log-writer';
import { ErasureWorker } from '../../src/services/privacy/erasure/erasure-worker';
import { LocalStore } from '../../src/services/photos/local/local-store';
import { Orphans } from '../../src/services/photos/local/orphans';
import { ReplayGuard } from '../../src/services/faces/replay/replay-guard';
import { RetentionService } from '../../src/services/privacy/retention/retention-service';
import { openDataSource } from '../support/data-source';
import { createStorage, type TestStorage } from '../support/databases';

const SUBJECT = '01900000-0000-7000-8000-000000000001';
const ERASURE = { id: '01900000-0000-7000-8000-00000000000e', subjectId: SUBJECT, keepAttendance: true };
const PUNCHES = 3000;

describe('work in batches', () => {
  let storage: TestStorage;
  let dataSource: DataSource;
  const withPhoto = async (): Promise<number> => {
    const [row] = await dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM attendances WHERE image_path IS NOT NULL',
    );
    return row?.count ?? 0;
  };

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM attendances');
    await dataSource.query('DELETE FROM employees');
    await dataSource.query('DELETE FROM discarded_images');
    await dataSource.query('DELETE FROM erasures');
    await dataSource.query(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, active, created_at)
       VALUES ($1, 'Grace', 'grace', 'EMP-1', 'emp-1', true, now())`,
      [SUBJECT],
    );
    await dataSource.query(
      `INSERT INTO attendances (id, employee_id, type, recorded_at, sequence, similarity, descriptor_source, image_path)
       SELECT gen_random_uuid(), $1, 'LOGIN', '2020-01-01T00:00:00Z'::timestamptz + n * interval '1 minute', n, 1, 'client',
         'attendance_images/2020/01/01/' || gen_random_uuid() || '.jpg'
       FROM generate_series(1, ${PUNCHES}) n`,
      [SUBJECT],
    );
    await dataSource.query(
      `INSERT INTO erasures (id, subject_id, keep_attendance, requested_by, requested_at) VALUES ($1, $2, true, 'open', now())`,
      [ERASURE.id, SUBJECT],
    );
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  it('an erasure goes on where it was broken off', async () => {
    const stop = new AbortController();
    const renew = (): Promise<void> => {
      stop.abort();
      return Promise.resolve();
    };
    await eraseAttendance(dataSource, ERASURE as Erasure, null, { renew, signal: stop.signal });
    expect(await withPhoto()).toBe(PUNCHES - 500);
    const on = { renew: () => Promise.resolve(), signal: new AbortController().signal };
    await eraseAttendance(dataSource, ERASURE as Erasure, null, on);
    expect(await withPhoto()).toBe(0);
  });

  it('an erasure that is broken off says of itself neither that it failed nor that it should wait', async () => {
    const warned: unknown[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) });
    const local = new LocalStore(storage.dataDir);
    const orphans = new Orphans(dataSource, local);
    const timing = { pollMs: 10, breakerPauseMs: 1, firstRetryMs: 60_000, maxRetryMs: 60_000 };
    const now = (): Date => new Date();
    await dataSource.query('UPDATE erasures SET keep_attendance = false');
    const disk = { dataSource, local, orphans, sweptAll: () => true };
    const path = join(storage.dataDir, 'erasures.log');
    const lines = await ErasureLog.open({ path, keyFile: `${path}.key` }, null);
    const erasureLog = new ErasureLogWriter(dataSource, lines);
    const { poller: worker } = new ErasureWorker({ ...disk, erasureLog, cdn: null, now, timing, log });
    worker.start();
    // Looked at every millisecond: it is stopped between its first batch and its last.
    while ((await withPhoto()) === PUNCHES) await new Promise((resolve) => setTimeout(resolve, 1));
    await worker.stop();
    expect(await withPhoto()).toBeGreaterThan(0);
    const rows = await dataSource.query<object[]>(
      'SELECT last_error, attempts, next_at <= now() AS due FROM erasures',
    );
    expect(rows).toEqual([{ last_error: null, attempts: 0, due: true }]);
    expect(warned).toEqual([]);
  });

  it('retention goes on where it was broken off', async () => {
    const days = {
      attendancePhotosDays: 30,
      inactiveEmployeesDays: 0,
      reviewItemsDays: 0,
      absencesDays: 0,
      auditDays: 0,
    };
    const stop = new AbortController();
    // Asked for the time once for the bounds and once with each batch.
    let asked = 0;
    const now = (): Date => {
      asked += 1;
      if (asked > 1) stop.abort();
      return new Date();
    };
    const retention = new RetentionService(dataSource, days, null, now);
    expect(await retention.run(stop.signal)).toMatchObject({ attendancePhotos: 500 });
    expect(await withPhoto()).toBe(PUNCHES - 500);
    expect(await retention.run(new AbortController().signal)).toMatchObject({
      attendancePhotos: PUNCHES - 500,
    });
  });

  it('the forgetting of samples goes on where it was broken off', async () => {
    await dataSource.query(
      `INSERT INTO seen_samples (hash, caller, first_seen_at, seen_at)
       SELECT decode(lpad(to_hex(n), 64, '0'), 'hex'), 'open', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z' FROM generate_series(1, 10500) n`,
    );
    const guard = new ReplayGuard({
      dataSource,
      key: Buffer.alloc(32),
      windowDays: 30,
      now: () => new Date(),
    });
    await guard.purge(AbortSignal.abort());
    const rows = await dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM seen_samples',
    );
    expect(rows).toEqual([{ count: 500 }]);
    await guard.purge();
  });
});
