/** Real: the command's own work on both databases, its photos, the face engine, the service over HTTP. Fake: the clock. */
import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runDemo } from '../../src/cli/run-demo';
import { loadConfig } from '../../src/config/config';
import type { DemoCounts } from '../../src/cli/demo/demo-data';
import { CHECKOUT, compiled } from '../support/compiled';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, database, type TestStorage } from '../support/databases';
import { inDatabase, mediaFiles } from '../support/privacy';
import { check, PUNCHES, register } from '../support/operations';
import { base64Photo, strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, storageStatus } from '../support/uploads';
import { until } from '../support/until';

const FIXTURES = join(CHECKOUT, 'test', 'fixtures');
const LONG_MS = 120_000;
jest.setTimeout(LONG_MS);
/** A Wednesday, half past seven in the evening in Berlin. */
const NOW = new Date('2026-03-04T18:30:00Z');
/** Two people's week, a night shift, and a forgotten logout. */
const PUNCH_COUNT = 48 + 3;

interface RunOptions {
  readonly remove?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly fixtures?: string;
  /** Interrupts it after so many steps. */
  readonly steps?: number;
}

/** The command's own work, at a time of its own. */
function demo(
  storage: TestStorage,
  { remove = false, env = {}, fixtures = FIXTURES, steps = Infinity }: RunOptions = {},
) {
  const interrupted = new AbortController();
  let done = 0;
  const config = loadConfig({
    DATA_DIR: storage.dataDir,
    ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
    ...env,
  });
  return runDemo(config, {
    remove,
    progress: {
      begin: () => undefined,
      step: () => {
        if (++done === steps) interrupted.abort();
      },
    },
    signal: interrupted.signal,
    fixtures,
    timeZone: 'Europe/Berlin',
    now: () => NOW,
  });
}

const counts = (offices: number, people: number, punches: number): DemoCounts => ({
  offices,
  people,
  punches,
});

describe('the demo, with Cloudinary', () => {
  let storage: TestStorage;
  let cdn: CloudinaryStandIn;
  let env: Record<string, string>;
  let service: TestService;
  const start = async (): Promise<void> => {
    service = await TestService.start({ storage, env, uploadTiming: FAST_UPLOADS });
  };
  const uploaded = () =>
    until(
      () => storageStatus(service),
      ({ pendingUploads }) => pendingUploads === 0,
      LONG_MS,
    );
  /** The embedded database serves one process at a time; PostgreSQL serves the demo beside the service. */
  const beside = async <T>(work: () => Promise<T>): Promise<T> => {
    if (database === 'postgres') return work();
    await service.stop();
    try {
      return await work();
    } finally {
      await start();
    }
  };
  const punches = async () => {
    const answer = await service.ask<{
      attendances: {
        totalCount: number;
        nodes: { id: string; type: string; recordedAt: string; employee: { employeeId: string } }[];
      };
    }>(PUNCHES, { first: 100 });
    return answer.attendances;
  };

  beforeAll(async () => {
    storage = await createStorage();
    cdn = await CloudinaryStandIn.start();
    env = cloudinaryEnv(cdn, 10_000);
    await start();
  });
  afterAll(async () => {
    await service.stop();
    await cdn.stop();
    await storage.remove();
  });

  it('is completed by the next run after one that was interrupted', async () => {
    await beside(async () => {
      await expect(demo(storage, { env, steps: 6 })).rejects.toThrow(/abort/);
      expect(await demo(storage, { env })).toEqual(counts(0, 0, PUNCH_COUNT - 3));
    });
    expect((await punches()).totalCount).toBe(PUNCH_COUNT);
  });

  it('is an office, two people whose faces are known, and a working week of punches with photos', async () => {
    const { offices, employees } = await service.ask<{
      offices: unknown;
      employees: { nodes: unknown };
    }>(
      '{ offices { name timeZone } employees { nodes { employeeId name officeName faceTemplates { id } } } }',
    );
    expect(offices).toEqual([{ name: 'Head office (DEMO)', timeZone: 'Europe/Berlin' }]);
    const faceTemplates = [expect.anything(), expect.anything()] as unknown;
    const officeName = 'Head office (DEMO)';
    expect(employees.nodes).toEqual([
      { employeeId: 'DEMO-EC-1956', name: 'Eileen Collins', officeName, faceTemplates },
      { employeeId: 'DEMO-GH-1906', name: 'Grace Hopper', officeName, faceTemplates },
    ]);
    const { nodes } = await punches();
    const hers = nodes.filter(({ employee }) => employee.employeeId === 'DEMO-GH-1906').reverse();
    expect(hers.map(({ type }) => type)).toEqual(
      Array.from({ length: 13 }, () => ['LOGIN', 'LOGOUT']).flat(),
    );
    const days = [...new Set(hers.map(({ recordedAt }) => recordedAt.slice(0, 10)))];
    expect(days).toEqual([
      ...['2026-02-20', '2026-02-21'],
      '2026-02-25',
      '2026-02-26',
      '2026-02-27',
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
    ]);
    const hours = hers.slice(2).map(({ recordedAt }) => new Date(recordedAt).getUTCHours() + 1);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...hours)).toBeLessThan(19);
    const { timesheets } = await service.ask<{ timesheets: { nodes: { days: object[] }[] } }>(
      `{ timesheets(filter: { from: "2026-02-20", until: "2026-02-25" }) {
        nodes { days { date status flags shift { name } } } } }`,
    );
    const [collins, whatHopperDid] = timesheets.nodes;
    expect(whatHopperDid?.days).toMatchObject([
      { date: '2026-02-20', status: 'PRESENT', shift: { name: 'Night (DEMO)' } },
      ...[{ status: 'REST_DAY' }, { status: 'REST_DAY' }],
      ...[
        { date: '2026-02-23', status: 'ON_LEAVE' },
        { date: '2026-02-24', status: 'HOLIDAY' },
      ],
      { date: '2026-02-25', status: 'PRESENT' },
    ]);
    expect(collins?.days).toMatchObject([
      { date: '2026-02-20', status: 'ABSENT' },
      ...[{ status: 'REST_DAY' }, { status: 'REST_DAY' }],
      { date: '2026-02-23', status: 'INCOMPLETE', flags: ['MISSING_LOGOUT'] },
      ...[{ date: '2026-02-24', status: 'HOLIDAY' }, { status: 'PRESENT' }],
    ]);
    const photos = await service.ask<{
      attendances: { nodes: { localImageUrl: string; similarity: number }[] };
    }>('{ attendances(first: 100) { nodes { localImageUrl similarity } } }');
    for (const { localImageUrl, similarity } of photos.attendances.nodes) {
      const answer = await fetch(localImageUrl);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      expect(similarity).toBeGreaterThan(0.7);
    }
    const hopper = { imageBase64: base64Photo('grace-hopper-2.jpg'), faceDescriptor: null };
    expect(await check(service, hopper)).toMatchObject({
      status: 'RECORDED',
      attendance: { employee: { employeeId: 'DEMO-GH-1906' } },
    });
  });

  it('is not changed by another run, which adds what was deleted and nothing else', async () => {
    const before = await punches();
    await beside(async () => {
      expect(await demo(storage, { env })).toEqual(counts(0, 0, 0));
      await inDatabase(storage, (db) =>
        db.query('DELETE FROM attendances WHERE id = $1', [before.nodes[20]?.id]),
      );
      expect(await demo(storage, { env })).toEqual(counts(0, 0, 1));
    });
    expect(await punches()).toEqual(before);
  });

  it('gains plans and hours on a database that a demo from before working days has filled', async () => {
    const SHEETS = `{ timesheets(filter: { from: "2026-02-20", until: "2026-03-04" }) { nodes { employee { employeeId }
      days { date status flags shift { name } holiday { name } absences { kind } figures { workedMinutes balanceMinutes } } } } }`;
    const before = { sheets: await service.ask(SHEETS), punches: await punches() };
    await beside(async () => {
      await inDatabase(storage, async (db) => {
        // As it was then: without the night and the forgotten logout, and without tables of working days.
        await db.query(`DELETE FROM attendances WHERE request_id ~ ':(night|forgotten):'`);
        const hasShifts = async (): Promise<boolean> =>
          (await db.query<{ shifts: string | null }[]>(`SELECT to_regclass('shifts') AS shifts`))[0]
            ?.shifts != null;
        // Working days, and every migration after it.
        while (await hasShifts()) await db.undoLastMigration();
        await db.runMigrations();
      });
      expect(await demo(storage, { env })).toEqual(counts(0, 0, 3));
      expect(await demo(storage, { env })).toEqual(counts(0, 0, 0));
    });
    expect(await punches()).toEqual(before.punches);
    expect(await service.ask(SHEETS)).toEqual(before.sheets);
  });

  it('is neither added if other people are enrolled, nor does it take anything of theirs along', async () => {
    await register(service, {
      // Looks like the demo's, and is not.
      employeeId: 'DEMO-0003',
      name: 'Somebody real',
      imageBase64: base64Photo('sample.jpg'),
      faceDescriptor: strangerDescriptor(3),
    });
    await service.ask('mutation { createOffice(input: { name: "Head office (DEMO)" }) { id } }');
    // The removal would wait for an upload that may be under way.
    await uploaded();
    // An office and a person that are not the demo's; of the demo four photos of enrolments, and those of punches.
    expect(cdn.assets.size).toBe(1 + 4 + PUNCH_COUNT + 1);
    await beside(async () => {
      await expect(demo(storage, { env })).rejects.toThrow(
        '1 other employee is enrolled; the demo can only be added to an empty installation',
      );
      // The one at the kiosk goes, too.
      expect(await demo(storage, { env, remove: true })).toEqual(counts(1, 2, PUNCH_COUNT + 1));
      expect(await demo(storage, { env, remove: true })).toEqual(counts(0, 0, 0));
      expect(cdn.assets.size).toBe(1);
      expect(mediaFiles(storage)).toEqual(['face_images/DEMO-0003.jpg']);
      await inDatabase(storage, async (db) => {
        for (const [table, rows] of [
          ['employees', 1],
          ['offices', 1],
          ['face_templates', 1],
          ['face_photos', 0],
          ['attendances', 0],
          ['discarded_images', 0],
          ['seen_samples', 0],
          ...(
            ['shifts', 'schedules', 'work_rules', 'schedule_assignments', 'holidays', 'absences'] as const
          ).map((name) => [name, 0] as const),
        ] as const) {
          expect([table, await db.query(`SELECT count(*)::int AS rows FROM ${table}`)]).toEqual([
            table,
            [{ rows }],
          ]);
        }
      });
    });
  });
});

it('the demo on an embedded database that is not there yet is made, removed after a kill, and made again', async () => {
  const storage = await createStorage('pglite');
  rmSync(join(storage.dataDir, 'database'), { recursive: true });
  try {
    await expect(demo(storage, { steps: 5 })).rejects.toThrow(/abort/);
    expect(mediaFiles(storage)).toHaveLength(6);
    // As a run that is killed between a photo and its row leaves it.
    await inDatabase(storage, (db) =>
      db.query('DELETE FROM attendances WHERE sequence = 1 AND type = $1', ['LOGIN']),
    );
    expect(await demo(storage, { remove: true })).toEqual(counts(1, 2, 0));
    expect(mediaFiles(storage)).toEqual([]);
    await expect(demo(storage, { steps: 2 })).rejects.toThrow(/abort/);
    expect(mediaFiles(storage)).toHaveLength(2);
  } finally {
    await storage.remove();
  }
});

describe('the demo is refused', () => {
  let storage: TestStorage;

  beforeAll(async () => {
    storage = await createStorage('pglite');
  });
  afterAll(() => storage.remove());

  /** `npm run demo`, without the build. */
  const command = (...args: string[]) =>
    promisify(execFile)(process.execPath, [compiled('src/cli/demo.js'), ...args], {
      cwd: CHECKOUT,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        DATABASE_URL: '',
        DATA_DIR: storage.dataDir,
      },
    }).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr }),
    );

  it('in production', async () => {
    expect(await command()).toEqual({
      code: 1,
      stderr: 'The demo cannot be added in production (NODE_ENV=production).\n',
    });
  });

  it('with options that there are not', async () => {
    expect(await command('--everything')).toEqual({
      code: 2,
      stderr: expect.stringContaining("unknown option '--everything'") as string,
    });
  });

  it('without the face engine', async () => {
    await expect(demo(storage, { env: { FACE_WORKERS: '0' } })).rejects.toThrow('Set FACE_WORKERS=1');
  });

  it('without the photos, before anything is written', async () => {
    await expect(demo(storage, { fixtures: storage.dataDir })).rejects.toThrow(
      'Run it in a clone of the repository, not in the Docker image',
    );
    expect(existsSync(join(storage.dataDir, 'media'))).toBe(false);
  });

  it('if DATA_DIR does not hold the photos of the database, so that no erasure of others counts as done', async () => {
    const theirs = await createStorage();
    const service = await TestService.start({ storage: theirs });
    await register(service);
    await service.app.close();
    rmSync(join(theirs.dataDir, 'installation-id'));
    try {
      for (const remove of [false, true]) {
        await expect(demo(theirs, { remove })).rejects.toThrow(
          'DATA_DIR does not contain the photos of this database',
        );
      }
      expect(existsSync(join(theirs.dataDir, 'installation-id'))).toBe(false);
    } finally {
      await theirs.remove();
    }
  });

  it('while the service runs on the embedded database', async () => {
    const service = await TestService.start({ storage });
    try {
      for (const remove of [false, true]) {
        await expect(demo(storage, { remove })).rejects.toThrow(
          'The service is running and uses the embedded database, which allows only one process. Stop the service, run this ' +
            'command again, and start the service.',
        );
      }
    } finally {
      await service.stop();
    }
  });
});
