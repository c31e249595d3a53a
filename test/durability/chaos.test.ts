/**
 * Real: the kiosk's own code for punches with its outbox and encryption, the service, the database, the disk, HTTP. Fake:
 * IndexedDB, the clocks on both sides, a network that fails by a fixed seed.
 */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { ADMIN_KEY, createOffice, Speaker } from '../support/access';
import { createStorage, type TestStorage } from '../support/databases';
import { effort } from '../support/effort';
import { pair } from '../support/kiosks';
import { REGISTER } from '../support/operations';
import { strangerDescriptor } from '../support/photos';
import { randomOf } from '../support/random';
import { TestService } from '../support/service';
import { until } from '../support/until';
import type { KioskDriver, Tablet } from '../support/web/kiosk-driver';
import { Network, readCheck } from '../support/web/network';
import { installPageGlobals, type PageGlobals } from '../support/web/page-globals';

const PUNCHES = effort(1000, 200);
const SEED = 13;
const PEOPLE = 5;
const [MINUTE, HOUR] = [60_000, 3_600_000];
/** A pause of the page between two tries, so that the test does not take hours. */
const PAUSE_MS = 10;
const ENV = {
  ADMIN_API_KEY: ADMIN_KEY,
  PUNCH_MIN_INTERVAL_SECONDS: '0',
  FACE_DESCRIPTOR_TRUST: 'client',
  // The photos show nobody: the tablet sends descriptors.
  FACE_WORKERS: '0',
};

/** Past the compiler: the pages are compiled with settings of their own. */
const { driver } = jest.requireActual<{ driver: KioskDriver }>('../unit/pages/kiosk-driver');

jest.setTimeout(600_000);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const base64 = (numbers: readonly number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString('base64');

describe('a day of faults', () => {
  const random = randomOf(SEED);
  /** Time as it is, and by how much each side is wrong about it. */
  const time = { now: Date.parse('2026-03-02T08:00:00Z'), tablet: 0, service: 0 };
  const serviceNow = (): Date => new Date(time.now + time.service);
  let page: PageGlobals;
  let storage: TestStorage;
  let service: TestService;
  let network: Network;
  let tablet: Tablet;
  let session = new Map<string, string>();
  /** Digests of the photos of punches that a person was told are recorded or saved. */
  const told = new Set<string>();
  const realFetch = globalThis.fetch;

  const start = async (): Promise<void> => {
    service = await TestService.start({ storage, env: ENV, now: serviceNow });
    network.upstream = service.url;
  };
  const openPage = async (key: string, id: string): Promise<void> => {
    tablet = await driver.open({
      key,
      office: { id, name: 'Berlin', timeZone: 'Europe/Berlin' },
      device: { wall: () => time.now + time.tablet, monotonic: () => time.now },
      session: {
        getItem: (name) => session.get(name) ?? null,
        setItem: (name, value) => void session.set(name, value),
      },
      pauseMs: PAUSE_MS,
    });
  };
  const readOnly = async (on: boolean): Promise<void> => {
    await service.sql(`SET SESSION CHARACTERISTICS AS TRANSACTION READ ${on ? 'ONLY' : 'WRITE'}`);
  };

  beforeAll(async () => {
    page = installPageGlobals();
    storage = await createStorage();
    network = new Network('');
    network.now = serviceNow;
    await network.up();
    // The pages find the service below the folder that their files are in.
    globalThis.fetch = (path, init) =>
      realFetch(
        typeof path === 'string' && path.endsWith('/graphql') ? `${network.url}/graphql` : path,
        init,
      );
    await start();
  });
  afterAll(async () => {
    tablet.close();
    globalThis.fetch = realFetch;
    await network.down();
    await service.stop();
    await storage.remove();
    page.restore();
  });

  it(`loses none of ${PUNCHES} punches, and counts none twice`, async () => {
    const admin = new Speaker(service, ADMIN_KEY);
    const office = await createOffice(admin, { name: 'Berlin' });
    const key = await pair(admin, new Speaker(service, ADMIN_KEY), office);
    for (let i = 0; i < PEOPLE; i++) {
      const input = {
        employeeId: `P-${i}`,
        name: `Person ${i}`,
        officeId: office,
        faceDescriptor: strangerDescriptor(i),
        imageBase64: (await newPhoto()).toString('base64'),
      };
      await admin.ask(REGISTER, { input });
    }
    await driver.empty();
    await openPage(key, office);

    let isReadOnly = false;
    let isDown = false;
    const calm = async (): Promise<void> => {
      if (isDown) await network.up();
      if (isReadOnly) await readOnly(false);
      [isDown, isReadOnly, network.fault, network.loseAnswers] = [false, false, null, 0];
      [time.tablet, time.service] = [0, 0];
    };
    const strike = async (): Promise<void> => {
      const dice = random();
      if (dice < 0.2 && !isDown) {
        await network.down();
        isDown = true;
      } else if (dice < 0.35) network.fault = random() < 0.5 ? 'before' : 'after';
      else if (dice < 0.45) network.loseAnswers = 2;
      else if (dice < 0.53 && !isReadOnly && storage.databaseUrl === null) {
        await readOnly(true);
        isReadOnly = true;
      } else if (dice < 0.58) {
        if (isReadOnly) await readOnly(false);
        isReadOnly = false;
        await service.stop();
        await start();
      } else if (dice < 0.68) time.tablet = (random() - 0.5) * 6 * HOUR;
      else if (dice < 0.74) time.service = (random() - 0.5) * 6 * HOUR;
      else if (dice < 0.8) {
        // The page is loaded again, or the tablet restarts.
        tablet.close();
        if (random() < 0.5) session = new Map();
        await openPage(key, office);
      } else await calm();
    };

    for (let i = 0; i < PUNCHES; i++) {
      time.now += Math.round(random() * 3 * MINUTE) + 1000;
      if (random() < 0.3) await strike();
      const person = Math.floor(random() * PEOPLE);
      const photo = await newPhoto();
      if (random() < 0.3) await tablet.poll();
      if (await tablet.punch(`P-${person}`, photo, base64(strangerDescriptor(person))))
        told.add(sha256(photo));
    }
    await calm();
    tablet.close();
    await openPage(key, office);
    await until(
      () => driver.savedCount(),
      (count) => count === 0,
      120_000,
    );

    /** By the photo: the requestIds of its checks. */
    const requests = new Map<string, Set<string>>();
    for (const sent of network.checks) {
      const { input, photo } = await readCheck(sent);
      const ids = requests.get(sha256(photo)) ?? new Set();
      requests.set(sha256(photo), ids.add(input['requestId'] as string));
    }
    const counted = new Map<string, number>();
    for (const { id } of await kept(service)) counted.set(id, (counted.get(id) ?? 0) + 1);
    const times = [...told].map((photo) =>
      [...(requests.get(photo) ?? [])].reduce((sum, id) => sum + (counted.get(id) ?? 0), 0),
    );
    expect(told.size).toBeGreaterThan(PUNCHES * 0.9);
    expect(tablet.refused).toEqual([]);
    expect(times.filter((count) => count !== 1)).toEqual([]);
  });
});

/** The requestIds of what the service has: punches, and items for review that are none yet. */
const kept = (service: TestService): Promise<{ readonly id: string }[]> =>
  service.sql(`SELECT request_id AS id FROM attendances WHERE request_id IS NOT NULL
    UNION ALL SELECT request_id FROM review_items WHERE request_id IS NOT NULL`);

/** A photo like no other, so that a mix-up shows. */
const newPhoto = (): Promise<Buffer<ArrayBuffer>> =>
  sharp({
    create: {
      width: 48,
      height: 48,
      channels: 3,
      background: 'white',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .jpeg()
    .toBuffer();
