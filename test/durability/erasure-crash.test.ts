/**
 * Real: the service as a process that is killed with kill -9 while it erases, the database, the disk, Cloudinary's
 * SDK. Stand-in: Cloudinary, as a process of its own, which is dead for a time.
 */
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { ChildService } from '../support/child-service';
import { effort } from '../support/effort';
import { createStorage, type TestStorage } from '../support/databases';
import { check, collins, register } from '../support/operations';
import { StandInProcess } from '../support/stand-in-process';
import { cloudinaryEnv, uploaded } from '../support/uploads';
import { until } from '../support/until';
import { erase, erased, erasureOf, inDatabase, mediaFiles } from '../support/privacy';

const PUNCHES = 12;
const KILLS = effort(20, 4);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe(`an erasure, killed ${KILLS} times`, () => {
  let storage: TestStorage;
  let standIn: StandInProcess;
  let child: ChildService;

  beforeAll(async () => {
    [standIn, storage] = await Promise.all([StandInProcess.start(), createStorage()]);
  });
  afterAll(async () => {
    await child.kill();
    await standIn.stop();
    await storage.remove();
  });

  it('goes on where it was, through a dead Cloudinary too, and leaves nothing', async () => {
    const env = { ...cloudinaryEnv(standIn, 300), PUNCH_MIN_INTERVAL_SECONDS: '0' };
    const start = (): void => {
      child = ChildService.spawn({ storage, env });
    };
    /** The leases of a process that was killed run out by themselves, a minute later; here is no time for that. */
    const forgetLeases = () =>
      inDatabase(storage, async (dataSource) => {
        await dataSource.query('UPDATE erasures SET next_at = now()');
        await dataSource.query(
          `UPDATE discarded_images SET next_at = now(), cdn_after = least(cdn_after, now())
           WHERE next_at <> 'infinity'`,
        );
      });

    start();
    let api = await child.listening;
    await register(api);
    await register(api, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    for (let n = 0; n < PUNCHES; n += 1) await check(api, { employeeId: 'EMP-1' });
    await check(api, { employeeId: 'EMP-2', ...collins });
    await uploaded(api);
    expect(await standIn.assets()).toHaveLength(PUNCHES + 3);

    const { id } = await erase(api, 'EMP-1', false);
    // The first kill comes with the answer, the others anywhere; half of them with Cloudinary dead.
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await child.kill();
      await forgetLeases();
      await standIn.failWith(kill % 2 === 0 ? 'unavailable' : 'stored-but-lost');
      start();
      api = await child.listening;
      expect(await check(api)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
      expect((await erasureOf(api, id)).subjectId).toBeDefined();
      // Killed at any moment of its work: a random one each time.
      await sleep(Math.random() * 1000);
    }
    await child.kill();
    await forgetLeases();
    await standIn.failWith('none');
    start();
    api = await child.listening;
    const done = await erased(api, id);
    expect(done.remaining).toEqual({ templates: 0, photos: 0, assets: 0 });

    expect((await standIn.assets()).map(({ publicId }) => publicId)).toHaveLength(2);
    expect(mediaFiles(storage)).toHaveLength(2);
    await until(
      () => check(api, collins),
      ({ status }) => status === 'RECORDED',
    );
    await child.kill();
    await inDatabase(storage, async (dataSource) => {
      expect(await dataSource.query('SELECT employee_id FROM employees')).toEqual([{ employee_id: 'EMP-2' }]);
      expect(await dataSource.query('SELECT count(*)::int AS count FROM face_templates')).toEqual([
        { count: 1 },
      ]);
      expect(
        await dataSource.query(
          'SELECT count(*)::int AS count FROM discarded_images WHERE erasure_id IS NOT NULL',
        ),
      ).toEqual([{ count: 0 }]);
      expect(
        await dataSource.query(
          `SELECT action FROM audit_events WHERE action LIKE 'employee.erase%' ORDER BY sequence`,
        ),
      ).toEqual([{ action: 'employee.erase' }, { action: 'employee.erased' }]);
      expect((await verifyAuditChain(dataSource)).faults).toEqual([]);
    });
  }, 300_000);
});
