/** Real: the commands' own work on both databases, the service over HTTP while it runs, encryption, disks. Fake: nothing. */
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { ADMIN_KEY, createKey, Speaker } from '../support/access';
import { backUp, backupFolder, emptyStorage, restore } from '../support/backups';
import { createStorage, everyDatabase } from '../support/databases';
import { newKey } from '../support/encryption-keys';
import { check, collins, punchCount, register } from '../support/operations';
import { auditOf, mediaFiles } from '../support/privacy';
import { TestService } from '../support/service';

jest.setTimeout(300_000);
const env = {
  ADMIN_API_KEY: ADMIN_KEY,
  ENCRYPTION_KEY: newKey().toString('hex'),
  ENCRYPT_MEDIA: 'true',
  PUNCH_MIN_INTERVAL_SECONDS: '0',
  REPLAY_WINDOW_DAYS: '0',
};
const PUNCHES = '{ attendances(first: 200) { nodes { id type recordedAt localImageUrl } } }';
interface Punch {
  readonly id: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly localImageUrl: string;
}
const punchesOf = async (service: Speaker): Promise<readonly Punch[]> =>
  (await service.ask<{ attendances: { nodes: Punch[] } }>(PUNCHES)).attendances.nodes;
const pathOf = ({ localImageUrl }: Punch): string => {
  const { pathname, search } = new URL(localImageUrl);
  return pathname + search;
};
const facts = ({ id, type, recordedAt }: Punch) => ({ id, type, recordedAt });

const pairs = everyDatabase.flatMap((from) => everyDatabase.map((to) => [from, to] as const));

describe.each(pairs)('a backup of %s, restored into %s', (from, to) => {
  let folder: string;
  beforeEach(() => (folder = backupFolder()));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has every punch that was answered before it began, keys, photos, templates, secrets and the audit trail', async () => {
    const storage = await createStorage(from);
    const service = await TestService.start({ storage, env });
    const admin = new Speaker(service, ADMIN_KEY);
    const { secret } = await createKey(admin, { role: 'HR' });
    await register(admin);
    for (let n = 0; n < 3; n++) await check(admin);
    const before = await punchesOf(admin);
    const meanwhile: string[] = [];
    const over = new AbortController();
    const punching = (async () => {
      while (!over.signal.aborted) meanwhile.push((await check(admin)).status);
    })();
    const manifest = await backUp(storage, join(folder, 'one'), { env });
    over.abort();
    await punching;
    expect(new Set(meanwhile)).toEqual(new Set(['RECORDED']));
    await register(admin, { ...collins, name: 'Eileen', employeeId: 'EMP-2' });
    await service.stop();
    expect(manifest.missingPhotos).toBe(0);

    const target = await emptyStorage(to);
    const { keysNeeded } = await restore(target, join(folder, 'one'), { env });
    expect(keysNeeded).toHaveLength(1);
    expect(statSync(join(target.dataDir, 'secrets/media.key')).mode & 0o777).toBe(0o600);
    const restored = await TestService.start({ storage: target, env });
    const hr = new Speaker(restored, secret);
    const boss = new Speaker(restored, ADMIN_KEY);
    try {
      const punches = await punchesOf(hr);
      expect(punches.map(facts)).toEqual(expect.arrayContaining(before.map(facts)));
      for (const punch of punches) expect((await fetch(punch.localImageUrl)).status).toBe(200);
      // An address that was given out before is signed with the same secret.
      const [earlier] = before;
      if (earlier !== undefined) expect((await fetch(restored.url + pathOf(earlier))).status).toBe(200);
      expect(await check(boss)).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: 'EMP-1' } },
      });
      expect(await check(boss, collins)).toHaveProperty('status', 'FACE_NOT_RECOGNIZED');
      expect((await verifyAuditChain(restored.app.dataSource)).faults).toEqual([]);
      for (const action of ['backup.create', 'backup.restore']) {
        expect(await auditOf(boss, { action })).toHaveLength(1);
      }
      // All photos have rows, and the folder is that of this database: nothing is swept.
      const files = mediaFiles(target);
      expect(await restored.app.sweep()).toBe(0);
      expect(mediaFiles(target)).toEqual(files);
    } finally {
      await restored.stop();
      await target.remove();
      await storage.remove();
    }
  });
});

it('a backup of the embedded database needs no short path, and a client that goes away stops no punch', async () => {
  const storage = await createStorage('pglite');
  const dataDir = join(storage.dataDir, 'long'.repeat(30));
  mkdirSync(dataDir);
  cpSync(join(storage.dataDir, 'database'), join(dataDir, 'database'), { recursive: true });
  const long = { ...storage, dataDir };
  const folder = backupFolder();
  const service = await TestService.start({ storage: long, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  try {
    await register(service);
    expect(await backUp(long, join(folder, 'long'))).toMatchObject({ photos: 1 });
  } finally {
    await service.stop();
  }
  const short = await TestService.start({ storage, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  try {
    const path = join(storage.dataDir, 'backup.sock');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const client = connect(path);
    expect(String(await once(client, 'data'))).toBe('paused\n');
    const waiting = register(short);
    client.destroy();
    await waiting;
    expect(await punchCount(short)).toBe(0);
  } finally {
    await short.stop();
    await storage.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});
