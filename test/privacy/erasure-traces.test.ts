/** Real: the service over HTTP, the database, real photos, the guard against replays. Fake: nothing. */
import { createStorage, type TestStorage } from '../support/databases';
import { check, collins, hopper, hopperAgain, register } from '../support/operations';
import { base64Photo, descriptor } from '../support/photos';
import { TestService } from '../support/service';
import { FAST_UPLOADS } from '../support/uploads';
import { erase, erased, inDatabase } from '../support/privacy';

const third = {
  imageBase64: base64Photo('grace-hopper-3.jpg'),
  faceDescriptor: descriptor('grace-hopper-3'),
};

describe('an erasure', () => {
  let storage: TestStorage;
  let service: TestService;
  let running: boolean;

  beforeEach(async () => {
    storage = await createStorage();
    const env = { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '90', FACE_WORKERS: '0' };
    service = await TestService.start({ storage, env, uploadTiming: FAST_UPLOADS });
    running = true;
  });
  afterEach(async () => {
    if (running) await service.stop();
    await storage.remove();
  });

  /** What is left of refused faces and of samples, by the employee and the requestId that they were with. */
  async function traces(): Promise<{ lockouts: string[]; samples: (string | null)[] }> {
    await service.stop();
    running = false;
    return inDatabase(storage, async (dataSource) => {
      const lockouts = await dataSource.query<{ subject: string }[]>(
        `SELECT DISTINCT subject FROM lockouts WHERE kind = 'EMPLOYEE'`,
      );
      const samples = await dataSource.query<{ request_id: string | null }[]>(
        'SELECT DISTINCT request_id FROM seen_samples ORDER BY 1 NULLS LAST',
      );
      return {
        lockouts: lockouts.map(({ subject }) => subject),
        samples: samples.map((row) => row.request_id),
      };
    });
  }

  it.each([true, false])(
    'with keepAttendance %s leaves neither refused faces of the person nor hashes that a requestId ties to them',
    async (keepAttendance) => {
      const [grace, eileen] = [
        await register(service),
        await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins }),
      ];
      expect((await check(service, { ...hopperAgain, requestId: 'grace' })).status).toBe('RECORDED');
      const again = {
        imageBase64: base64Photo('eileen-collins-2.jpg'),
        faceDescriptor: descriptor('eileen-collins-2'),
      };
      expect((await check(service, { ...again, requestId: 'eileen' })).status).toBe('RECORDED');
      // One face that is refused of each.
      const mixed = { ...third, faceDescriptor: third.faceDescriptor.map((x, i) => (i % 2 ? x : -x)) };
      for (const [n, employeeId] of ['EMP-1', 'EMP-2'].entries()) {
        const imageBase64 = Buffer.concat([Buffer.from(hopper.imageBase64, 'base64'), Buffer.from([n])]);
        const input = {
          employeeId,
          imageBase64: imageBase64.toString('base64'),
          faceDescriptor: mixed.faceDescriptor.map((x, i) => (i === n ? x / 2 : x)),
        };
        expect((await check(service, input)).status).toBe('FACE_MISMATCH');
      }
      await erased(service, (await erase(service, 'EMP-1', keepAttendance)).id);
      const left = await traces();
      expect(left.lockouts).toEqual([eileen.employee.id]);
      expect(left.lockouts).not.toContain(grace.employee.id);
      expect(left.samples).toEqual(['eileen', null]);
    },
  );
});
