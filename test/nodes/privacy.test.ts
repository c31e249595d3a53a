/** Real: two services over HTTP on one PostgreSQL (TEST_DATABASE_URL), the disk, Cloudinary's SDK. Stand-in: Cloudinary. */
import { Client } from 'pg';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { check, punchCount, register } from '../support/operations';
import { strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS } from '../support/uploads';
import { auditOf, erase, erased, mediaFiles } from '../support/privacy';
import { until } from '../support/until';

const DEACTIVATE = 'mutation ($id: String!) { deactivateEmployee(employeeId: $id) { id } }';
const REACTIVATE = 'mutation ($id: String!) { reactivateEmployee(employeeId: $id) { id } }';
const WITHDRAW = 'mutation ($id: String!) { withdrawConsent(employeeId: $id) { id } }';

describeOnServer("a person's data on two nodes", () => {
  let storage: TestStorage;
  let cdn: CloudinaryStandIn;
  let one: TestService;
  let two: TestService;
  let admin: Client;

  beforeEach(async () => {
    cdn = await CloudinaryStandIn.start();
    storage = await createStorage();
    const options = {
      storage,
      env: {
        PUNCH_MIN_INTERVAL_SECONDS: '0',
        LOCKOUT_EMPLOYEE_FAILURES: '0',
        ...cloudinaryEnv(cdn),
      },
      uploadTiming: FAST_UPLOADS,
    };
    one = await TestService.start(options);
    two = await TestService.start(options);
    admin = new Client({ connectionString: storage.databaseUrl as string });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await Promise.all([one.stop(), two.stop()]);
    await cdn.stop();
    await storage.remove();
  });

  const cutListeners = () =>
    admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN%'`);

  it('is matched on neither once the erasure was answered, listening connection or not', async () => {
    for (let n = 0; n < 6; n += 1) {
      const face = { faceDescriptor: strangerDescriptor(n) };
      await register(one, { employeeId: `E-${n}`, ...face });
      expect(await check(two, face)).toMatchObject({ status: 'RECORDED' });
      if (n >= 3) await cutListeners();
      const { id } = await erase(one, `E-${n}`, n % 2 === 0);
      for (const node of [two, one]) {
        expect(await check(node, face)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
        expect(await check(node, { employeeId: `E-${n}`, ...face })).toMatchObject({
          status: 'EMPLOYEE_NOT_FOUND',
        });
      }
      await erased(two, id);
    }
    expect(mediaFiles(storage)).toEqual([]);
    expect(cdn.assets.size).toBe(0);
    // Worked off by both, completed once each.
    const { rows } = await admin.query(
      `SELECT count(*)::int AS count FROM audit_events WHERE action = 'employee.erased'`,
    );
    expect(rows).toEqual([{ count: 6 }]);
  });

  it('is matched on neither while inactive or without consent', async () => {
    const face = { faceDescriptor: strangerDescriptor(1) };
    await register(one, { employeeId: 'E-1', ...face });
    await one.ask(DEACTIVATE, { id: 'E-1' });
    expect(await check(two, face)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
    await two.ask(REACTIVATE, { id: 'E-1' });
    expect(await check(one, face)).toMatchObject({ status: 'RECORDED' });
    await one.ask(WITHDRAW, { id: 'E-1' });
    expect(await check(two, face)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
  });

  it('gets no punch after the answer, however many checks race on the other node', async () => {
    await register(one, { employeeId: 'E-1' });
    for (let round = 0; round < 3; round += 1) {
      let answered = 0;
      const racing = Array.from({ length: 10 }, (_, n) =>
        check(n % 2 === 0 ? one : two, { employeeId: 'E-1' }).finally(() => answered++),
      );
      // Before the first check is answered, and after some are.
      await until(() => answered >= 3 * round);
      await one.ask(DEACTIVATE, { id: 'E-1' });
      const punches = await punchCount(one);
      await Promise.all(racing);
      expect(await punchCount(two)).toBe(punches);
      await one.ask(REACTIVATE, { id: 'E-1' });
    }
    const racing = Array.from({ length: 10 }, () => check(two, { employeeId: 'E-1' }));
    const { id } = await erase(one, 'E-1', false);
    await Promise.all(racing);
    await erased(one, id);
    expect(await punchCount(two)).toBe(0);
    expect(mediaFiles(storage)).toEqual([]);
    expect(cdn.assets.size).toBe(0);
  }, 120_000);

  it('has one audit trail that both write at once, without a deadlock', async () => {
    const consent = { version: '1', givenAt: '2026-01-01T00:00:00Z', recordedBy: 'x' };
    await register(one, { employeeId: 'E-0', faceDescriptor: strangerDescriptor(0) });
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const node = n % 2 === 0 ? one : two;
        switch (n % 3) {
          case 0:
            return register(node, {
              employeeId: `E-${n + 1}`,
              faceDescriptor: strangerDescriptor(n + 1),
              consent,
            });
          case 1:
            return node.ask(
              `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { id } }`,
              {
                input: { employeeId: 'E-0', consent },
              },
            );
          default:
            return check(node, { employeeId: 'E-0', faceDescriptor: strangerDescriptor(999) });
        }
      }),
    );
    for (const node of [one, two]) await node.app.settle();
    const sequences = (await auditOf(one)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, n) => sequences.length - n));
    expect(sequences.length).toBeGreaterThan(30);
  });
});
