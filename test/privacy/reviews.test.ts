/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK, kill -9. Fake: Cloudinary, a stand-in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEnvelope, keyIdOf } from '../../src/services/encryption/envelope';
import { ChildService } from '../support/child-service';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, type TestStorage } from '../support/databases';
import { newKey } from '../support/encryption-keys';
import { CHECK, check, collins, hopperAgain, register, type Asker } from '../support/operations';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, uploaded } from '../support/uploads';
import { until } from '../support/until';
import { erase, erased, mediaFiles } from '../support/privacy';

jest.setTimeout(240_000);
const REVIEW_CHECK = CHECK.replace(
  '... on FaceMismatch',
  '... on ReviewQueued { reviewItemId reviewReason } ... on FaceMismatch',
);
const CORRECT = `mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { id } }`;
const ITEMS = '{ reviewItems { nodes { id localImageUrl } } }';
const HOUR = 3_600_000;
let requests = 0;

/** A saved check that is too old, of Grace Hopper unless said otherwise. @returns the id of its review item */
async function queue(service: Asker, input: object = {}): Promise<string> {
  const capturedAt = new Date(Date.now() - 13 * HOUR).toISOString();
  const { checkAttendance } = await service.ask<{
    checkAttendance: { status: string; reviewItemId: string };
  }>(REVIEW_CHECK, { input: { ...hopperAgain, requestId: `q-${++requests}`, capturedAt, ...input } });
  expect(checkAttendance.status).toBe('REVIEW');
  return checkAttendance.reviewItemId;
}

describe('photos of review items', () => {
  let storage: TestStorage;
  let cdn: CloudinaryStandIn;
  let service: TestService;
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    service = await TestService.start({
      storage,
      env: { ...cloudinaryEnv(cdn), PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0', ...env },
      uploadTiming: FAST_UPLOADS,
    });
  };
  beforeEach(async () => {
    cdn = await CloudinaryStandIn.start();
    storage = await createStorage();
  });
  afterEach(async () => {
    await service.stop();
    await cdn.stop();
    await storage.remove();
  });

  it('are uploaded, and erased with their person from database, disk and CDN, as are corrections', async () => {
    await start();
    await register(service);
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    const { attendance } = await check(service);
    await service.ask(CORRECT, {
      input: { changes: [{ void: { attendanceId: attendance?.id } }], reason: 'Grace was ill' },
    });
    const theirs = [await queue(service)];
    const others = await queue(service, collins);
    // The CDN chooses another id, and its answer is lost: only the tag finds that copy.
    cdn.preset = (publicId) => `chosen/${publicId.replaceAll('/', '-')}-${cdn.requests}`;
    await uploaded(service);
    cdn.failWith('stored-but-lost', 1);
    theirs.push(await queue(service, { employeeId: 'EMP-2' }), await queue(service));
    await uploaded(service);
    const assets = (): string[] => [...cdn.assets.keys()];
    for (const id of [...theirs, others]) expect(assets().join()).toContain(id);

    const { id } = await erase(service, 'EMP-1', false);
    await erased(service, id);
    const left = await service.sql<{ id: string; employee: string | null }>(
      `SELECT r.id, e.employee_id AS employee FROM review_items r LEFT JOIN employees e ON e.id = r.employee_id`,
    );
    expect(left.map((item) => item.id)).not.toContain(theirs[0]);
    expect(left.map((item) => item.id)).not.toContain(theirs[2]);
    expect(left.map((item) => item.id)).toContain(others);
    expect(left.some(({ employee }) => employee === 'EMP-1')).toBe(false);
    const kept = [others, theirs[1] ?? ''];
    for (const gone of [theirs[0] ?? '', theirs[2] ?? '']) {
      expect(mediaFiles(storage).join()).not.toContain(gone);
      expect(assets().join()).not.toContain(gone);
    }
    for (const there of kept) {
      expect(mediaFiles(storage).join()).toContain(there);
      expect(assets().join()).toContain(there);
    }
    const reasons = await service.sql(
      'SELECT reason FROM corrections UNION ALL SELECT reason FROM attendance_voids',
    );
    expect(JSON.stringify(reasons)).not.toContain('Grace');
  });

  it('are encrypted, change their key with all others, and are still shown', async () => {
    const [first, second] = [newKey(), newKey()];
    const encrypt = { ENCRYPT_MEDIA: 'true' };
    await start({ ...encrypt, ENCRYPTION_KEY: first.toString('hex') });
    await register(service);
    const id = await queue(service);
    await uploaded(service);
    const path = join('media', mediaFiles(storage).find((file) => file.includes(id)) ?? 'none');
    const stored = (): Buffer => readFileSync(join(storage.dataDir, path));
    expect(isEnvelope(stored())).toBe(true);
    const before = keyIdOf(stored());
    await service.stop();
    await start({
      ...encrypt,
      ENCRYPTION_KEY: second.toString('hex'),
      ENCRYPTION_KEY_PREVIOUS: first.toString('hex'),
    });
    await service.ask('mutation { rotateEncryption { running } }');
    await until(
      () => Promise.resolve(keyIdOf(stored())),
      (key) => key !== before,
    );
    const { reviewItems } = await service.ask<{ reviewItems: { nodes: { localImageUrl: string }[] } }>(ITEMS);
    const photo = await fetch(reviewItems.nodes[0]?.localImageUrl ?? '');
    expect(photo.status).toBe(200);
    expect(
      Buffer.from(await photo.arrayBuffer())
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
  });
});

it('a review item and its photo outlive kill -9 right after the answer', async () => {
  const storage = await createStorage();
  const ids: string[] = [];
  try {
    for (let round = 0; round < 3; round++) {
      const child = ChildService.spawn({ storage, env: { REPLAY_WINDOW_DAYS: '0' } });
      const api = await child.listening;
      if (round === 0) await register(api);
      ids.push(await queue(api));
      await child.kill();
    }
    const child = ChildService.spawn({ storage });
    const api = await child.listening;
    const { reviewItems } = await api.ask<{
      reviewItems: { nodes: { id: string; localImageUrl: string }[] };
    }>(ITEMS);
    expect(reviewItems.nodes.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const { localImageUrl } of reviewItems.nodes) expect((await fetch(localImageUrl)).status).toBe(200);
    await child.stop();
  } finally {
    await storage.remove();
  }
});
