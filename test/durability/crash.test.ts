/**
 * Real: the service as a process that is killed with kill -9, the database, the disk, Cloudinary's SDK. Fake:
 * Cloudinary, a stand-in as a process of its own.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { ChildService } from '../support/child-service';
import type { FailureMode } from '../support/cloudinary-stand-in';
import { effort } from '../support/effort';
import { CrashClients } from '../support/crash-clients';
import { createStorage, type TestStorage } from '../support/databases';
import { TestService } from '../support/service';
import { type ListedAsset, StandInProcess } from '../support/stand-in-process';
import { cloudinaryEnv, FAST_UPLOADS, storageStatus, uploaded } from '../support/uploads';

const KILLS = effort(20, 6);
const CLIENTS = 6;
/** Under load, from its first request on; every fourth kill comes while the service starts. */
const LIFE_MS = 800;
const START_MS = 600;
/** What Cloudinary does meanwhile, in turn; the last one also has the breaker open and the uploader wait. */
const WEATHER: readonly (FailureMode | 'none')[] = ['none', 'stored-but-lost', 'hang', 'none', 'unavailable'];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface ImageRow {
  readonly id: string;
  readonly path: string;
  readonly url: string | null;
  readonly public_id: string | null;
  readonly given_up: boolean;
}
type EmployeeRow = ImageRow & { readonly employee_id: string };
type PunchRow = ImageRow & {
  readonly employee_id: string;
  readonly sequence: number;
  readonly type: string;
  readonly request_id: string;
};

/** What the database holds, read past the service. */
async function rowsOf(storage: TestStorage): Promise<{ employees: EmployeeRow[]; punches: PunchRow[] }> {
  return withDatabase(storage, async (dataSource) => {
    const image = `image_path AS path, image_cloudinary_url AS url, image_cloudinary_id AS public_id,
      image_upload_given_up_at IS NOT NULL AS given_up`;
    return {
      employees: await dataSource.query(`SELECT id, employee_id, ${image} FROM employees`),
      punches: await dataSource.query(
        `SELECT a.id, e.employee_id, a.sequence, a.type, a.request_id, ${image.replaceAll('image_', 'a.image_')}
         FROM attendances a JOIN employees e ON e.id = a.employee_id ORDER BY a.employee_id, a.sequence`,
      ),
    };
  });
}

async function withDatabase<T>(
  storage: TestStorage,
  use: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const config = loadConfig({
    DATA_DIR: storage.dataDir,
    ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
  });
  const dataSource = await createDataSource(config, {
    onFatal: (error) => {
      throw error;
    },
  }).initialize();
  try {
    return await use(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Files below a folder of DATA_DIR, relative to it. */
const filesBelow = (storage: TestStorage, folder: string): string[] =>
  readdirSync(join(storage.dataDir, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(storage.dataDir, folder).length + 1))
    .sort();

const repeatedOf = (values: readonly string[]): string[] =>
  values.filter((value, n) => values.indexOf(value) !== n);

describe(`the service, killed ${KILLS} times under load`, () => {
  let storage: TestStorage;
  let standIn: StandInProcess;
  let clients: CrashClients;
  let rows: Awaited<ReturnType<typeof rowsOf>>;
  let assets: readonly ListedAsset[];

  beforeAll(async () => {
    [standIn, storage] = await Promise.all([StandInProcess.start(), createStorage()]);
    const env = { ...cloudinaryEnv(standIn, 200), PUNCH_MIN_INTERVAL_SECONDS: '0' };
    const start = () => ChildService.spawn({ storage, env });

    let child = start();
    clients = new CrashClients(child.listening);
    const running = clients.run(CLIENTS);
    running.catch(() => undefined); // looked at below, unless something else goes wrong first
    try {
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await standIn.failWith(WEATHER[kill % WEATHER.length] ?? 'none');
        if (kill % 4 !== 0) {
          await child.listening;
          await clients.acknowledged(3);
        }
        // Killed at any moment of its work: a random one each time.
        await sleep(Math.random() * (kill % 4 === 0 ? START_MS : LIFE_MS));
        await child.kill();
        child = start();
        clients.reach(child.listening);
      }
      await standIn.failWith('none');
      await child.listening;
      clients.stop();
      await running;
    } finally {
      clients.abandon();
      await child.kill();
    }
    rows = await rowsOf(storage);
    assets = await standIn.assets();
  }, 600_000);

  afterAll(async () => {
    await standIn.stop();
    await storage.remove();
  });

  it('was under load: registrations, punches, and requests whose answer was lost', () => {
    expect(clients.registered.length).toBeGreaterThanOrEqual(KILLS / 2);
    expect(clients.punched.length).toBeGreaterThan(KILLS);
    expect(clients.repeated).toBeGreaterThan(KILLS);
    expect(assets.length).toBeGreaterThan(KILLS);
  });

  it('answered nothing wrong', () => {
    expect(clients.surprises).toEqual([]);
  });

  it('has every acknowledged registration, with the photo as it was sent', async () => {
    const byEmployeeId = new Map(rows.employees.map((row) => [row.employee_id, row]));
    for (const { employeeId, photo } of clients.registered) {
      const path = byEmployeeId.get(employeeId)?.path;
      expect(path).toBe(`face_images/${employeeId}.jpg`);
      const stored = readFileSync(join(storage.dataDir, 'media', path ?? ''));
      expect(stored.equals(photo)).toBe(true);
      expect(await sharp(stored).stats()).toMatchObject({ channels: [{}, {}, {}] });
    }
  });

  it('has every acknowledged punch as it was answered, with the photo as it was sent', async () => {
    const byRequest = new Map(rows.punches.map((row) => [row.request_id, row]));
    for (const { requestId, employeeId, photo, id, type } of clients.punched) {
      const row = byRequest.get(requestId);
      expect(row).toMatchObject({ id, employee_id: employeeId, type });
      const stored = readFileSync(join(storage.dataDir, 'media', row?.path ?? ''));
      expect(stored.equals(photo)).toBe(true);
      expect(await sharp(stored).stats()).toMatchObject({ channels: [{}, {}, {}] });
    }
  });

  it('has nothing twice, and no row without its file', () => {
    // Every request was repeated until it was answered, so there is no row besides.
    expect(rows.employees.map((row) => row.employee_id).sort()).toEqual(
      clients.registered.map(({ employeeId }) => employeeId).sort(),
    );
    expect(rows.punches.map((row) => row.request_id).sort()).toEqual(
      clients.punched.map(({ requestId }) => requestId).sort(),
    );
    expect(repeatedOf([...rows.employees, ...rows.punches].map(({ path }) => path))).toEqual([]);
    expect(repeatedOf(assets.map(({ publicId }) => publicId))).toEqual([]);
    const files = new Set(filesBelow(storage, 'media'));
    expect([...rows.employees, ...rows.punches].filter(({ path }) => !files.has(path))).toEqual([]);
  });

  it("has each employee's punches in one order, LOGIN and LOGOUT in turn", () => {
    const byEmployee = new Map<string, PunchRow[]>();
    for (const punch of rows.punches) {
      byEmployee.set(punch.employee_id, [...(byEmployee.get(punch.employee_id) ?? []), punch]);
    }
    expect(Math.max(...[...byEmployee.values()].map((punches) => punches.length))).toBeGreaterThan(3);
    for (const punches of byEmployee.values()) {
      expect(punches.map(({ sequence, type }) => `${sequence} ${type}`)).toEqual(
        punches.map((_, n) => `${n + 1} ${n % 2 === 0 ? 'LOGIN' : 'LOGOUT'}`),
      );
    }
  });

  it('has each upload done or pending, and none given up', () => {
    const byId = new Map(assets.map((asset) => [asset.publicId, asset]));
    const images = [...rows.employees, ...rows.punches];
    expect(images.filter(({ given_up: givenUp }) => givenUp)).toEqual([]);
    for (const { url, public_id: publicId } of images) {
      if (url !== null) expect(byId.get(publicId ?? '')?.secureUrl).toBe(url);
    }
  });

  it('does the rest of the uploads once it is left alone, and sweeps what the crashes left', async () => {
    // The killed processes' leases run out by themselves, half a minute later; here is no need to wait for that.
    await withDatabase(storage, async (dataSource) => {
      for (const table of ['employees', 'attendances']) {
        await dataSource.query(`UPDATE ${table} SET image_upload_next_at = now()`);
      }
    });
    const service = await TestService.start({
      storage,
      env: cloudinaryEnv(standIn, 2000),
      uploadTiming: FAST_UPLOADS,
    });
    try {
      await uploaded(service);
      expect(await storageStatus(service)).toMatchObject({ pendingUploads: 0, failedUploads: 0 });

      const old = new Date(Date.now() - 2 * 3_600_000);
      for (const folder of ['media', 'incoming']) {
        for (const file of filesBelow(storage, folder))
          utimesSync(join(storage.dataDir, folder, file), old, old);
      }
      await service.app.sweep();
    } finally {
      await service.stop();
    }

    const after = await rowsOf(storage);
    expect(filesBelow(storage, 'incoming')).toEqual([]);
    const images = [...after.employees, ...after.punches];
    expect(filesBelow(storage, 'media')).toEqual(images.map(({ path }) => path).sort());

    // One asset a row and one row an asset, each with the bytes of the local file.
    const uploadedAssets = await standIn.assets();
    expect(uploadedAssets.map(({ publicId }) => publicId).sort()).toEqual(
      images.map((row) => row.public_id).sort(),
    );
    const byId = new Map(uploadedAssets.map((asset) => [asset.publicId, asset]));
    for (const { path, url, public_id: publicId } of images) {
      const asset = byId.get(publicId ?? '');
      expect(asset?.secureUrl).toBe(url);
      expect(asset?.sha256).toBe(sha256(readFileSync(join(storage.dataDir, 'media', path))));
    }
  }, 120_000);
});
