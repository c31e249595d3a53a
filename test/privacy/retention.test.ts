/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK, the command as a process. Fake: the clock; Cloudinary, a stand-in. */
import { spawn } from 'node:child_process';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { CHECKOUT, compiled } from '../support/compiled';
import { Clock } from '../support/clock';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, database, type TestStorage } from '../support/databases';
import { check, collins, register } from '../support/operations';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, uploaded } from '../support/uploads';
import { until } from '../support/until';
import { auditOf, inDatabase, mediaFiles } from '../support/privacy';

const DAY = 86_400_000;
const DEACTIVATE = 'mutation ($id: String!) { deactivateEmployee(employeeId: $id) { id } }';

/** The command as `npm run retention` starts it. */
function retention(
  { databaseUrl, dataDir }: TestStorage,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [compiled('src/cli/retention.js'), ...args], {
    cwd: CHECKOUT,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl ?? '',
      DATA_DIR: dataDir,
      ...env,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

describe('retention', () => {
  let storage: TestStorage;
  let cdn: CloudinaryStandIn;
  let service: TestService;
  let clock: Clock;
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    service = await TestService.start({
      storage,
      now: clock.now,
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...cloudinaryEnv(cdn), ...env },
      uploadTiming: FAST_UPLOADS,
    });
  };
  /** Housekeeping runs when the service starts, and every hour. */
  const restart = async (env: Readonly<Record<string, string>>): Promise<void> => {
    await service.app.close();
    await start(env);
  };

  beforeEach(async () => {
    clock = new Clock();
    cdn = await CloudinaryStandIn.start();
    storage = await createStorage();
    await start();
    await register(service);
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    await check(service, { employeeId: 'EMP-1' });
    await uploaded(service);
  });
  afterEach(async () => {
    await service.stop();
    await cdn.stop();
    await storage.remove();
  });

  it('removes photos of old punches from rows, disk and CDN, and keeps the punches and younger photos', async () => {
    clock.advance(30 * DAY);
    await check(service, { employeeId: 'EMP-1' });
    await uploaded(service);
    clock.advance(61 * DAY);
    await restart({ RETAIN_ATTENDANCE_PHOTOS_DAYS: '90' });
    await until(
      () => Promise.resolve([mediaFiles(storage).length, cdn.assets.size]),
      ([files, assets]) => files === 3 && assets === 3,
    );
    const { attendances } = await service.ask<{ attendances: { nodes: { imageUrl: string | null }[] } }>(
      '{ attendances { nodes { similarity imageUrl imageUpload { status } } } }',
    );
    expect(attendances.nodes.map(({ imageUrl }) => imageUrl === null)).toEqual([false, true]);
    const [event] = await auditOf(service, { action: 'retention.photos' });
    expect(event).toMatchObject({ caller: 'system', address: null });
    expect(event?.details).toContainEqual({ name: 'photos', value: '1' });
  });

  it('erases who has been inactive for long, and keeps their punches under a pseudonym', async () => {
    await service.ask(DEACTIVATE, { id: 'EMP-1' });
    clock.advance(29 * DAY);
    await restart({ RETAIN_INACTIVE_EMPLOYEES_DAYS: '30' });
    await service.app.sweep();
    expect(await service.ask('{ erasures { totalCount } }')).toEqual({ erasures: { totalCount: 0 } });
    clock.advance(2 * DAY);
    await restart({ RETAIN_INACTIVE_EMPLOYEES_DAYS: '30' });
    await until(
      () =>
        service.ask<{ erasures: { nodes: { status: string }[] } }>(
          '{ erasures { nodes { status requestedBy keepAttendance } } }',
        ),
      ({ erasures }) => erasures.nodes[0]?.status === 'COMPLETED',
    );
    expect(await service.ask('{ erasures { nodes { requestedBy keepAttendance } } }')).toEqual({
      erasures: { nodes: [{ requestedBy: 'system', keepAttendance: true }] },
    });
    expect(await service.ask('{ attendances { nodes { employee { name } } } }')).toEqual({
      attendances: { nodes: [{ employee: { name: 'Erased employee' } }] },
    });
    expect(mediaFiles(storage)).toEqual(['face_images/EMP-2.jpg']);
    expect(cdn.assets.size).toBe(1);
  });

  it('removes old audit events, and what is left still proves itself', async () => {
    clock.advance(400 * DAY);
    await service.ask(DEACTIVATE, { id: 'EMP-2' });
    await restart({ RETAIN_AUDIT_DAYS: '365' });
    const events = await until(
      () => auditOf(service),
      (rows) => rows[0]?.action === 'audit.purge',
    );
    expect(events.map(({ sequence, action }) => [sequence, action])).toEqual([
      [4, 'audit.purge'],
      [3, 'employee.deactivate'],
    ]);
    expect(events[0]?.details).toContainEqual({ name: 'through', value: '2' });
    await service.app.close();
    await inDatabase(storage, async (dataSource) => {
      expect(await verifyAuditChain(dataSource)).toMatchObject({ events: 2, purgedThrough: 2, faults: [] });
      // Somebody removes one more, and cannot hide behind the checkpoint.
      await dataSource.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
      await dataSource.query('DELETE FROM audit_events WHERE sequence = 3');
      const { faults } = await verifyAuditChain(dataSource);
      expect(faults).toEqual([{ sequence: 3, message: 'Event 3 is missing' }]);
    });
    await start();
  });

  const recordAbsence = (from: string, until: string) =>
    service.ask('mutation ($input: RecordAbsenceInput!) { recordAbsence(input: $input) { id } }', {
      input: { employeeId: 'EMP-1', from, until, kind: 'SICK', paid: true },
    });

  it('removes absences so many days after their last day', async () => {
    const today = Math.floor(clock.now().getTime() / DAY) * DAY;
    const dateOf = (days: number): string => new Date(today + days * DAY).toISOString().slice(0, 10);
    await recordAbsence(dateOf(-60), dateOf(-31));
    for (const day of [-30, 0]) await recordAbsence(dateOf(day), dateOf(day));
    const left = async (): Promise<unknown> =>
      service.ask(
        '{ absences { nodes { until kind } } workDay(employeeId: "EMP-1", date: "' +
          dateOf(-31) +
          '") { absences { id } } }',
      );
    expect(await left()).toMatchObject({ workDay: { absences: [{}] } });
    await restart({ RETAIN_ABSENCES_DAYS: '30' });
    const [event] = await until(
      () => auditOf(service, { action: 'retention.absences' }),
      (events) => events.length > 0,
    );
    expect(event).toMatchObject({ caller: 'system', address: null });
    expect(event?.details).toContainEqual({ name: 'absences', value: '1' });
    // What it was about is not in the trail.
    expect(JSON.stringify(event)).not.toContain('SICK');
    expect(await left()).toMatchObject({
      absences: {
        nodes: expect.arrayContaining([
          { until: dateOf(-30), kind: 'SICK' },
          { until: dateOf(0), kind: 'SICK' },
        ]) as unknown,
      },
      workDay: { absences: [] },
    });
    // The next run finds nothing, and says nothing.
    await service.app.sweep();
    expect(await auditOf(service, { action: 'retention.absences' })).toHaveLength(1);
  });

  it('keeps everything unless configured otherwise', async () => {
    await recordAbsence('2020-01-01', '2020-01-02');
    await service.ask(DEACTIVATE, { id: 'EMP-2' });
    clock.advance(5000 * DAY);
    await restart({});
    await service.app.sweep();
    await service.app.settle();
    expect(mediaFiles(storage)).toHaveLength(3);
    expect(await auditOf(service)).toHaveLength(4);
    expect(await service.sql('SELECT FROM absences')).toHaveLength(1);
  });

  it('says beforehand what would go, and does it, by npm run retention', async () => {
    await service.ask(DEACTIVATE, { id: 'EMP-2' });
    const env = {
      RETAIN_ATTENDANCE_PHOTOS_DAYS: '1',
      RETAIN_REVIEW_ITEMS_DAYS: '1',
      RETAIN_INACTIVE_EMPLOYEES_DAYS: '1',
      RETAIN_ABSENCES_DAYS: '30',
      ...cloudinaryEnv(cdn),
    };
    // One that is decided, and one that waits, for however long.
    await service.sql(`INSERT INTO review_items (id, reason, caller, received_at, status, decided_by, decided_at)
      VALUES (gen_random_uuid(), 'TOO_OLD', 'admin', now(), 'PENDING', NULL, NULL),
        (gen_random_uuid(), 'TOO_OLD', 'admin', now(), 'DISMISSED', 'hr', now() - interval '3 days')`);
    const now = new Date().toISOString().slice(0, 10);
    for (const day of ['2020-01-31', '2020-02-29', now]) await recordAbsence(day, day);
    if (database === 'pglite') {
      const busy = await retention(storage, env, '--dry-run');
      expect([busy.code, busy.stderr]).toEqual([
        1,
        'The service is running and uses the embedded database, which allows only one process. The service does the same every hour. ' +
          'To run this command, stop the service.\n',
      ]);
    }
    await service.app.close();
    // The clock of the tests stands in the past.
    const dry = await retention(storage, env, '--dry-run');
    expect(dry).toEqual({
      code: 0,
      stderr: '',
      stdout:
        'Would be deleted:\n' +
        '  photos of punches:  1 older than 1 days (RETAIN_ATTENDANCE_PHOTOS_DAYS)\n' +
        '  review items:       1 older than 1 days (RETAIN_REVIEW_ITEMS_DAYS)\n' +
        '  inactive employees: 1 older than 1 days (RETAIN_INACTIVE_EMPLOYEES_DAYS)\n' +
        '  absences:           2 older than 30 days (RETAIN_ABSENCES_DAYS)\n' +
        '  audit events:       kept forever (RETAIN_AUDIT_DAYS=0)\n',
    });
    expect(mediaFiles(storage)).toHaveLength(3);
    const wet = await retention(storage, env);
    expect(wet.stdout).toMatch(
      /^Deleted:\n {2}photos of punches: {2}1 older.*\n {2}review items: {7}1 older/,
    );
    await start();
    await until(
      () => Promise.resolve([mediaFiles(storage).length, cdn.assets.size]),
      ([files, assets]) => files === 1 && assets === 1,
    );
    expect((await retention(storage, {}, '--nonsense')).code).toBe(2);
  }, 120_000);
});
