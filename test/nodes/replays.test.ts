/**
 * Real: guards over two connection pools of one PostgreSQL (TEST_DATABASE_URL), as two nodes have, and the service
 * that makes their key. Fake: nothing.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { ReplayGuard } from '../../src/services/faces/replay/replay-guard';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';
import { TestService } from '../support/service';

describeOnServer('replays on two nodes', () => {
  let storage: TestStorage;
  let nodes: DataSource[];
  let guards: ReplayGuard[];

  beforeAll(async () => {
    storage = await createStorage();
    nodes = [await openDataSource(storage), await openDataSource(storage)];
    guards = nodes.map(
      (dataSource) =>
        new ReplayGuard({ dataSource, key: Buffer.alloc(32), windowDays: 1, now: () => new Date() }),
    );
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.destroy()));
    await storage.remove();
  });
  const guard = (n: number): ReplayGuard => guards[n % 2] as ReplayGuard;

  it('are refused but for one of those that race on both', async () => {
    for (let round = 0; round < 10; round++) {
      const photo = randomBytes(1000);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          guard(n).claim({ photos: [photo], descriptors: [] }, { caller: 'kiosk', requestId: `${n}` }),
        ),
      );
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    }
  });

  it('of claims that overlap in any order are decided without a deadlock', async () => {
    for (let round = 0; round < 10; round++) {
      const all = Array.from({ length: 8 }, () => randomBytes(1000));
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          const rotated = [...all.slice(n % 8), ...all.slice(0, n % 8)];
          const photos = n % 3 === 0 ? rotated : rotated.reverse();
          return guard(n).claim({ photos, descriptors: [] }, { caller: 'kiosk', requestId: null });
        }),
      );
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    }
  });

  it('that race with a release are taken by one at a time', async () => {
    const photos = [randomBytes(1000), randomBytes(1000)];
    let holders = 0;
    let taken = 0;
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        for (let turn = 0; turn < 25; turn++) {
          const claim = await guard(n).claim(
            { photos, descriptors: [] },
            { caller: `k${n}`, requestId: null },
          );
          if (claim === null) continue;
          holders += 1;
          taken += 1;
          expect(holders).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          holders -= 1;
          await guard(n).release(claim);
        }
      }),
    );
    expect(taken).toBeGreaterThan(1);
  });

  it('have a key in DATA_DIR if the guard is on, and only there', async () => {
    const key = join(storage.dataDir, 'secrets/replay.key');
    const off = await TestService.start({ storage });
    await off.app.close();
    expect(existsSync(key)).toBe(false);
    const on = await TestService.start({ storage, env: { REPLAY_WINDOW_DAYS: '30' } });
    await on.app.close();
    expect(existsSync(key)).toBe(true);
  });
});
