/** Real: the commands' own work on both databases, the service over HTTP while it runs, disks. Fake: nothing. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { backUp, backupFolder, emptyStorage, restore } from '../support/backups';
import { createStorage, everyDatabase } from '../support/databases';
import { check, collins, PUNCHES, register } from '../support/operations';
import { auditOf } from '../support/privacy';
import { TestService } from '../support/service';

jest.setTimeout(300_000);
const env = { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0' };

const pairs = everyDatabase.flatMap((from) => everyDatabase.map((to) => [from, to] as const));

describe.each(pairs)('a backup of %s, restored into %s', (from, to) => {
  let folder: string;
  beforeEach(() => (folder = backupFolder()));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has every punch that was answered before it began, photos, templates and the audit trail', async () => {
    const storage = await createStorage(from);
    const service = await TestService.start({ storage, env });
    const backup = join(folder, 'one');
    const before: string[] = [];
    const meanwhile: string[] = [];
    await register(service);
    for (let n = 0; n < 3; n++) before.push((await check(service)).attendance?.id ?? '');
    const over = new AbortController();
    const punching = (async () => {
      while (!over.signal.aborted) meanwhile.push((await check(service)).status);
    })();
    const manifest = await backUp(storage, backup);
    over.abort();
    await punching;
    expect(new Set(meanwhile)).toEqual(new Set(['RECORDED']));
    await register(service, { ...collins, name: 'Eileen', employeeId: 'EMP-2' });
    await service.stop();
    expect(manifest.missingPhotos).toBe(0);

    const target = await emptyStorage(to);
    await restore(target, backup);
    const restored = await TestService.start({ storage: target, env });
    try {
      const { attendances } = await restored.ask<{
        attendances: { nodes: { id: string; localImageUrl: string }[] };
      }>(PUNCHES.replace('id ', 'id localImageUrl '));
      expect(attendances.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(before));
      for (const { localImageUrl } of attendances.nodes) {
        expect((await fetch(localImageUrl)).status).toBe(200);
      }
      expect(await check(restored)).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: 'EMP-1' } },
      });
      expect(await check(restored, collins)).toHaveProperty('status', 'FACE_NOT_RECOGNIZED');
      expect((await verifyAuditChain(restored.app.dataSource)).faults).toEqual([]);
      await auditOf(restored, { action: 'backup.create' });
      await auditOf(restored, { action: 'backup.restore' });
    } finally {
      await restored.stop();
      await target.remove();
      await storage.remove();
    }
  });
});
