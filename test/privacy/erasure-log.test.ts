/** Real: services over HTTP, the database, the disk, real photos. Fake: nothing. A backup is a copy of the rows and files. */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { check, collins, hopperAgain, register } from '../support/operations';
import { auditOf, erase, erased, inDatabase, mediaFiles } from '../support/privacy';
import { TestService, type ServiceOptions } from '../support/service';
import { FAST_UPLOADS } from '../support/uploads';

const TABLES = ['employees', 'face_templates', 'face_photos', 'attendances'];

/** The rows and photos of a moment, and how they come back. */
async function backUp(storage: TestStorage): Promise<() => Promise<void>> {
  const rows = new Map<string, unknown[]>();
  await inDatabase(storage, async (dataSource) => {
    for (const table of TABLES) {
      const found = await dataSource.query<{ row: unknown }[]>(`SELECT to_jsonb(t) AS row FROM ${table} t`);
      rows.set(
        table,
        found.map(({ row }) => row),
      );
    }
  });
  const copy = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  cpSync(join(storage.dataDir, 'media'), copy, { recursive: true });
  return async () => {
    await inDatabase(storage, (dataSource: DataSource) =>
      dataSource.transaction(async (manager) => {
        await manager.query('SET LOCAL session_replication_role = replica');
        await manager.query('DELETE FROM erasures');
        for (const table of TABLES) {
          await manager.query(`DELETE FROM ${table}`);
          await manager.query(
            `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
            [JSON.stringify(rows.get(table))],
          );
        }
      }),
    );
    rmSync(join(storage.dataDir, 'media'), { recursive: true });
    cpSync(copy, join(storage.dataDir, 'media'), { recursive: true });
    rmSync(copy, { recursive: true });
  };
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('a restored backup', () => {
  let storage: TestStorage;
  let log: string;
  const start = (options: ServiceOptions = {}): Promise<TestService> =>
    TestService.start({ storage, uploadTiming: FAST_UPLOADS, ...options });
  beforeEach(async () => {
    storage = await createStorage();
    log = join(storage.dataDir, 'erasures.log');
  });
  afterEach(() => storage.remove());

  it.each([true, false])(
    'does not revive erased people (punches kept: %s)',
    async (keepAttendance) => {
      let service = await start();
      await register(service);
      await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
      expect((await check(service, { employeeId: 'EMP-1' })).status).toBe('RECORDED');
      await service.stop();
      const restore = await backUp(storage);

      service = await start();
      const { id, subjectId } = await erase(service, 'EMP-1', keepAttendance);
      await erased(service, id);
      const lines = linesOf(log);
      expect(lines).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
      expect(readFileSync(log, 'utf8')).not.toContain(subjectId);
      await service.stop();
      await restore();
      expect(mediaFiles(storage)).toContain('face_images/EMP-1.jpg');

      service = await start();
      // At once, before any work in the background.
      expect((await check(service, hopperAgain)).status).toBe('FACE_NOT_RECOGNIZED');
      expect((await check(service, { employeeId: 'EMP-1', ...hopperAgain })).status).toBe(
        'EMPLOYEE_NOT_FOUND',
      );
      const { erasures } = await service.ask<{
        erasures: {
          nodes: { id: string; subjectId: string; requestedBy: string; keepAttendance: boolean }[];
        };
      }>('{ erasures { nodes { id subjectId requestedBy keepAttendance } } }');
      expect(erasures.nodes).toEqual([
        { id: expect.any(String) as string, subjectId, requestedBy: 'system', keepAttendance },
      ]);
      await erased(service, erasures.nodes[0]?.id ?? '');
      expect(mediaFiles(storage)).not.toContain('face_images/EMP-1.jpg');
      const [{ count } = { count: -1 }] = await service.sql<{ count: number }>(
        'SELECT count(*)::int AS count FROM attendances',
      );
      expect(count).toBe(keepAttendance ? 1 : 0);
      expect((await check(service, { employeeId: 'EMP-2', ...collins })).status).toBe('RECORDED');
      const events = await auditOf(service, { action: 'employee.erase' });
      expect(events[0]).toMatchObject({ caller: 'system', employeeId: subjectId });
      // The next start finds nothing, and the list is no longer.
      await service.stop();
      expect(linesOf(log)).toEqual(lines);
      service = await start();
      expect((await service.sql('SELECT 1 FROM erasures')).length).toBe(1);
      await service.stop();
    },
    120_000,
  );

  it('is known from a log elsewhere, whose key is with it and encrypted', async () => {
    const volume = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    const [first, second] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    const env = { ERASURE_LOG: join(volume, 'people.log'), ENCRYPTION_KEY: first };
    let service = await start({ env });
    await register(service);
    await service.stop();
    const restore = await backUp(storage);
    service = await start({ env });
    await erased(service, (await erase(service, 'EMP-1', false)).id);
    await service.stop();
    expect(existsSync(log)).toBe(false);
    expect(readFileSync(`${env.ERASURE_LOG}.key`).subarray(0, 4).toString()).toBe('RCE1');
    await restore();
    // All secrets of the data folder are lost, and the key has been replaced.
    rmSync(join(storage.dataDir, 'secrets'), { recursive: true });
    service = await start({ env: { ...env, ENCRYPTION_KEY: second, ENCRYPTION_KEY_PREVIOUS: first } });
    expect((await check(service, hopperAgain)).status).toBe('FACE_NOT_RECOGNIZED');
    await service.stop();
    rmSync(volume, { recursive: true });
  }, 60_000);

  it('is known also if a crash left half a line, or somebody wrote into the log', async () => {
    let service = await start();
    await register(service);
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    await service.stop();
    const restore = await backUp(storage);
    appendFileSync(log, `# people\n${'0'.repeat(64)}\nabc`);
    service = await start();
    await erased(service, (await erase(service, 'EMP-1', false)).id);
    await service.stop();
    await restore();
    service = await start();
    expect((await check(service, hopperAgain)).status).toBe('FACE_NOT_RECOGNIZED');
    expect((await check(service, collins)).status).toBe('RECORDED');
    await service.stop();
  }, 60_000);
});

describe('an erasure', () => {
  let storage: TestStorage;
  beforeEach(async () => {
    storage = await createStorage();
  });
  afterEach(() => storage.remove());

  it('is not complete while its line cannot be written', async () => {
    const service = await TestService.start({ storage, uploadTiming: FAST_UPLOADS });
    await register(service);
    const log = join(storage.dataDir, 'erasures.log');
    rmSync(log);
    // A folder in its place: nothing can be written.
    cpSync(join(storage.dataDir, 'media'), log, { recursive: true });
    const { id } = await erase(service, 'EMP-1', false);
    const status = async (): Promise<{ status: string; lastError: string | null }> =>
      (
        await service.ask<{ erasure: { status: string; lastError: string | null } }>(
          `{ erasure(id: "${id}") { status lastError } }`,
        )
      ).erasure;
    // Before it, the erasure may wait until the start has looked for files that a crash left.
    for (let n = 0; n < 200 && !((await status()).lastError ?? '').startsWith('Could not write'); n++) {
      await service.app.settle();
    }
    expect(await status()).toEqual({
      status: 'RUNNING',
      lastError: expect.stringMatching(/^Could not write ERASURE_LOG/) as string,
    });
    rmSync(log, { recursive: true });
    await service.sql('UPDATE erasures SET next_at = now()');
    await erased(service, id);
    expect(linesOf(log)).toHaveLength(1);
    await service.stop();
  }, 60_000);

  it('that was complete before there was a log is listed at the next start', async () => {
    let service = await TestService.start({ storage, uploadTiming: FAST_UPLOADS });
    await register(service);
    await erased(service, (await erase(service, 'EMP-1', true)).id);
    await service.stop();
    const log = join(storage.dataDir, 'erasures.log');
    writeFileSync(log, '');
    service = await TestService.start({ storage, uploadTiming: FAST_UPLOADS });
    await service.app.settle();
    expect(linesOf(log)).toHaveLength(1);
    await service.stop();
  }, 60_000);

  it('is refused a log whose folder is not there', async () => {
    const env = { ERASURE_LOG: join(storage.dataDir, 'not', 'mounted.log') };
    await expect(TestService.start({ storage, env })).rejects.toThrow(
      /Could not write ERASURE_LOG .*Its folder must exist/,
    );
  });
});

describeOnServer('an erasure on nodes that share no disk', () => {
  it('is complete only when the log of each has its line', async () => {
    const storage = await createStorage();
    const elsewhere = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    const log = join(elsewhere, 'erasures.log');
    const options = { storage, uploadTiming: FAST_UPLOADS };
    const one = await TestService.start(options);
    // The photos are on a shared disk, the logs are not.
    const two = await TestService.start({ ...options, env: { ERASURE_LOG: log } });
    try {
      for (let n = 0; n < 3; n++) {
        await register(one);
        await erased(n === 1 ? two : one, (await erase(one, 'EMP-1', n === 2)).id);
        expect(linesOf(log)).toHaveLength(n + 1);
        expect(linesOf(join(storage.dataDir, 'erasures.log'))).toHaveLength(n + 1);
      }
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      rmSync(elsewhere, { recursive: true });
      await storage.remove();
    }
  }, 120_000);
});
