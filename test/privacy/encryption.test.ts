/** Real: the service over HTTP, the database, the disk, the stand-in for Cloudinary on loopback. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTemplate } from '../../src/services/faces/engine/descriptor';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { openDataSource } from '../support/data-source';
import { createStorage, itOnServer, type TestStorage } from '../support/databases';
import { send } from '../support/hostile';
import { check, collins, hopper, hopperAgain, register } from '../support/operations';
import { base64Photo, descriptor, photo, strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, uploaded } from '../support/uploads';
import { until } from '../support/until';

const KEY = randomBytes(32).toString('hex');
const NEXT_KEY = randomBytes(32).toString('base64');
const encrypted = { ENCRYPTION_KEY: KEY, PUNCH_MIN_INTERVAL_SECONDS: '0' };
const all = { ...encrypted, ENCRYPT_MEDIA: 'true' };
const stranger = { name: 'Stranger', employeeId: 'EMP-3', faceDescriptor: strangerDescriptor(3) };

/** Whether some bytes have a vector in them, in whole or in part, as the service would store it. */
function shows(bytes: Buffer, numbers: readonly number[]): boolean {
  const vector = encodeTemplate(Float64Array.from(numbers));
  for (let at = 0; at < vector.length; at += 16)
    if (bytes.includes(vector.subarray(at, at + 16))) return true;
  return false;
}

describe('encrypted templates', () => {
  let storage: TestStorage;
  beforeEach(async () => {
    storage = await createStorage();
  });
  afterEach(() => storage.remove());

  /** Does something while a service runs on the storage. */
  async function during<T>(
    env: Record<string, string>,
    work: (service: TestService) => Promise<T>,
  ): Promise<T> {
    const service = await TestService.start({ storage, env });
    try {
      return await work(service);
    } finally {
      await service.stop();
    }
  }

  /** Asks the database itself, which the embedded one allows while no service runs. */
  async function query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const dataSource = await openDataSource(storage);
    try {
      return await dataSource.query<T[]>(sql, parameters);
    } finally {
      await dataSource.destroy();
    }
  }

  it('are encrypted from the moment there is a key, beside older ones that are not', async () => {
    await during({}, (service) => register(service));
    await during(encrypted, async (service) => {
      await register(service, { ...collins, name: 'Eileen Collins', employeeId: 'EMP-2' });
      await register(service, { name: 'Twice', employeeId: 'EMP-4', faceDescriptor: strangerDescriptor(4) });
      await service.ask(
        'mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { __typename } }',
        {
          input: {
            employeeId: 'EMP-1',
            imageBase64: base64Photo('grace-hopper-3.jpg'),
            faceDescriptor: descriptor('grace-hopper-3'),
          },
        },
      );
    });
    const rows = await query<{ employee: string; vector: Buffer; row: string }>(
      `SELECT e.employee_id AS employee, t.vector, t::text AS row
       FROM face_templates t JOIN employees e ON e.id = t.employee_id ORDER BY e.employee_id, t.id`,
    );
    expect(rows.map(({ employee, vector }) => [employee, vector.length])).toEqual([
      ['EMP-1', 512],
      ['EMP-1', 612],
      ['EMP-2', 612],
      ['EMP-4', 612],
    ]);
    const [old, ...later] = rows;
    expect(shows(old?.vector ?? Buffer.alloc(0), hopper.faceDescriptor)).toBe(true);
    for (const { vector, row } of later) {
      for (const numbers of [collins.faceDescriptor, strangerDescriptor(4), descriptor('grace-hopper-3')]) {
        expect(shows(vector, numbers)).toBe(false);
        expect(row).not.toContain(encodeTemplate(Float64Array.from(numbers)).toString('hex').slice(0, 16));
      }
    }

    // After a restart everybody is known, by one to one and by one to many, and the report counts them all.
    await during(encrypted, async (service) => {
      expect(await check(service, { employeeId: 'EMP-1' })).toMatchObject({ status: 'RECORDED' });
      expect(await check(service, collins)).toMatchObject({ status: 'RECORDED' });
      const { matchingReport } = await service.ask<{
        matchingReport: { employees: number; templates: number };
      }>('{ matchingReport { employees templates } }');
      expect(matchingReport).toEqual({ employees: 3, templates: 4 });
    });
  });

  it("of the server's own models are encrypted both", async () => {
    await during({ ...encrypted, FACE_DESCRIPTOR_TRUST: 'verify' }, (service) => register(service));
    const [row] = await query<{ vector: Buffer; plain_vector: Buffer; model_id: string }>(
      'SELECT vector, plain_vector, model_id FROM face_templates',
    );
    expect(row?.model_id).toBe('mobilefacenet-512');
    expect([row?.vector.length, row?.plain_vector.length]).toEqual([2148, 612]);
    await during(encrypted, async (service) => {
      expect(await check(service, { faceDescriptor: null })).toMatchObject({ status: 'RECORDED' });
      // A client's descriptor is compared with the client's.
      expect(await check(service, hopperAgain)).toMatchObject({ status: 'RECORDED' });
    });
  });

  it('open for their own person only: exchanged in the database, they match nobody', async () => {
    await during(encrypted, async (service) => {
      await register(service);
      await register(service, { ...collins, name: 'Eileen Collins', employeeId: 'EMP-2' });
      await register(service, stranger);
    });
    await query(
      `UPDATE face_templates t SET vector = (SELECT o.vector FROM face_templates o JOIN employees e ON e.id = o.employee_id
         WHERE e.employee_id = 'EMP-1')
       FROM employees e WHERE e.id = t.employee_id AND e.employee_id = 'EMP-2'`,
    );
    await during(encrypted, async (service) => {
      // Grace Hopper's face does not pass for EMP-2, whose own template cannot be read: a person decides. The service runs.
      expect((await check(service, { employeeId: 'EMP-2' })).status).toBe('REVIEW');
      expect(await check(service)).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: 'EMP-1' } },
      });
      expect((await check(service, collins)).status).toBe('FACE_NOT_RECOGNIZED');
    });
  });

  it('keep a service with another key, or without one, from starting; the right one is named and none is shown', async () => {
    await during(encrypted, (service) => register(service));
    const [{ id } = { id: '' }] = await query<{ id: string }>('SELECT id FROM encryption_keys');
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    for (const env of [{}, { ENCRYPTION_KEY: NEXT_KEY }]) {
      const started = during(env, () => Promise.resolve('started'));
      const message = await started.catch((error: Error) => error.message);
      expect(message).toContain(`the encryption key with id ${id}`);
      expect(message).not.toContain(KEY.slice(0, 8));
      expect(message).not.toContain(NEXT_KEY.slice(0, 8));
    }
    // Nothing was changed by the attempts.
    await during(encrypted, async (service) => {
      expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    });
  });

  // The embedded database has one node only.
  itOnServer(
    'say which key a node that was not restarted encrypts under, and call it done with once it is',
    async () => {
      const env = { ...encrypted, ENCRYPTION_KEY_PREVIOUS: NEXT_KEY };
      const oldNode = await TestService.start({ storage, env });
      await register(oldNode);
      await during(
        { ...encrypted, ENCRYPTION_KEY: NEXT_KEY, ENCRYPTION_KEY_PREVIOUS: KEY },
        async (service) => {
          const rotate = async (): Promise<string | null> => {
            await service.ask('mutation { rotateEncryption { running } }');
            const { encryptionStatus } = await until(
              () =>
                service.ask<{ encryptionStatus: { running: boolean; error: string | null } }>(
                  '{ encryptionStatus { running error } }',
                ),
              ({ encryptionStatus: status }) => !status.running,
            );
            return encryptionStatus.error;
          };
          const error = await rotate();
          await oldNode.app.close();
          expect(error).toContain('A running node still encrypts with key');
          expect(await rotate()).toBeNull();
        },
      );
    },
  );

  it('and photos come under a new key while the service runs and is used', async () => {
    await during({}, (service) => register(service));
    await during(encrypted, (service) => register(service, stranger));
    await during({ ...all, ENCRYPTION_KEY: NEXT_KEY, ENCRYPTION_KEY_PREVIOUS: KEY }, async (service) => {
      const fields =
        'keyId running unreadable error remaining { templates photos } rewritten { templates photos }';
      const [{ rotateEncryption: begun }] = await Promise.all([
        service.ask<{ rotateEncryption: object }>(`mutation { rotateEncryption { ${fields} } }`),
        check(service),
      ]);
      expect(begun).toMatchObject({ running: true, remaining: null, error: null });
      const { encryptionStatus } = await until(
        () => service.ask<{ encryptionStatus: { running: boolean } }>(`{ encryptionStatus { ${fields} } }`),
        ({ encryptionStatus: status }) => !status.running,
      );
      expect(encryptionStatus).toMatchObject({
        unreadable: 0,
        remaining: { templates: 0, photos: 0 },
        rewritten: { templates: 2, photos: 2 },
        error: null,
      });
      expect(JSON.stringify(encryptionStatus)).not.toContain(NEXT_KEY.slice(0, 8));
      expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    });
    await during({ ...all, ENCRYPTION_KEY: NEXT_KEY }, async (service) => {
      expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    });
  });

  it('without a key there is nothing to rotate', () =>
    during({}, async (service) => {
      expect(await service.ask('mutation { rotateEncryption { keyId } }')).toEqual({
        rotateEncryption: null,
      });
      expect(await service.ask('{ encryptionStatus { keyId } }')).toEqual({ encryptionStatus: null });
    }));
});

describe('photos with ENCRYPT_MEDIA', () => {
  const jpeg = photo('grace-hopper.jpg');
  let storage: TestStorage;
  let service: TestService;
  let standIn: CloudinaryStandIn;

  const path = (url: string): string => new URL(url).pathname;
  const onDisk = (url: string): Buffer => readFileSync(join(storage.dataDir, path(url)));
  const start = async (env: Record<string, string> = all): Promise<void> => {
    service = await TestService.start({ storage, env, uploadTiming: FAST_UPLOADS });
  };

  beforeEach(async () => {
    // Its files are below DATA_DIR, too.
    [storage, standIn] = await Promise.all([createStorage('pglite'), CloudinaryStandIn.start()]);
    await start();
  });
  afterEach(async () => {
    await service.stop();
    await Promise.all([storage.remove(), standIn.stop()]);
  });

  it('lie on the disk encrypted under their usual names, and come as they are', async () => {
    const { employee } = await register(service);
    const { attendance } = await check(service);
    for (const [url, bytes] of [
      [employee.faceImageUrl, jpeg],
      [attendance?.localImageUrl ?? '', photo('grace-hopper-2.jpg')],
    ] as const) {
      const stored = onDisk(url);
      expect(path(url)).toMatch(/\.jpg$/);
      expect(stored).toHaveLength(bytes.length + 100);
      for (let at = 0; at + 32 <= bytes.length; at += 997) {
        expect(stored.includes(bytes.subarray(at, at + 32))).toBe(false);
      }
      expect(statSync(join(storage.dataDir, path(url))).mode & 0o777).toBe(0o600);

      const answer = await send(service.url, path(url));
      expect([answer.status, answer.headers['content-type'], answer.headers['content-length']]).toEqual([
        200,
        'image/jpeg',
        String(bytes.length),
      ]);
      expect(answer.bytes.equals(bytes)).toBe(true);
      const head = await send(service.url, path(url), { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([
        200,
        String(bytes.length),
        0,
      ]);
      const { etag = '' } = answer.headers;
      for (const seen of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await send(service.url, path(url), { headers: { 'if-none-match': seen } });
        expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, etag]);
      }
      expect((await send(service.url, path(url), { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
      // Parts are not on offer, so the whole comes.
      const part = await send(service.url, path(url), { headers: { range: 'bytes=0-9' } });
      expect([part.status, part.headers['accept-ranges'], part.bytes.length]).toEqual([
        200,
        'none',
        bytes.length,
      ]);
    }
  });

  it('leave nothing of them in the clear anywhere below DATA_DIR', async () => {
    await register(service, { faceDescriptor: null });
    await check(service, { faceDescriptor: null });
    await service.stop();
    const files = readdirSync(storage.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const pieces = [jpeg, photo('grace-hopper-2.jpg')].map((bytes) => bytes.subarray(2000, 2032));
    const vectors = [hopper.faceDescriptor, hopperAgain.faceDescriptor];
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const piece of pieces) expect([file.name, bytes.includes(piece)]).toEqual([file.name, false]);
      for (const vector of vectors) expect([file.name, shows(bytes, vector)]).toEqual([file.name, false]);
    }
    expect(files.length).toBeGreaterThan(20);
    await start();
  });

  it('are uploaded as they are, by the request and by the uploader', async () => {
    await register(service);
    await service.stop();
    await start({ ...all, ...cloudinaryEnv(standIn) });
    await uploaded(service);
    const { attendance } = await check(service);
    expect([...standIn.assets.values()].map(({ bytes }) => bytes)).toEqual([
      jpeg,
      photo('grace-hopper-2.jpg'),
    ]);
    expect(attendance?.imageUrl).toBe(attendance?.cloudinaryImageUrl);
  });

  it('stand beside older ones, which are served as they are', async () => {
    await service.stop();
    await start(encrypted);
    const { employee } = await register(service);
    expect(onDisk(employee.faceImageUrl)).toEqual(jpeg);
    await service.stop();
    await start();
    const punch = (await check(service)).attendance?.localImageUrl ?? '';
    for (const [url, bytes] of [
      [employee.faceImageUrl, jpeg],
      [punch, photo('grace-hopper-2.jpg')],
    ] as const) {
      expect((await send(service.url, path(url))).bytes.equals(bytes)).toBe(true);
    }
    // Switched off again, nothing is lost either.
    await service.stop();
    await start(encrypted);
    expect((await send(service.url, path(punch))).bytes.equals(photo('grace-hopper-2.jpg'))).toBe(true);
  });

  it('that were exchanged or altered are shown to nobody, and their upload is given up', async () => {
    const { employee } = await register(service);
    const { employee: other } = await register(service, stranger);
    const file = (url: string): string => join(storage.dataDir, path(url));
    writeFileSync(file(other.faceImageUrl), onDisk(employee.faceImageUrl));
    const exchanged = await send(service.url, path(other.faceImageUrl));
    expect(exchanged.status).toBe(500);
    expect(exchanged.bytes.includes(jpeg.subarray(0, 32))).toBe(false);
    expect(exchanged.text).not.toMatch(/altered|key|decipher/i);
    expect(exchanged.headers['cache-control']).toBe('no-store');

    await service.stop();
    await start({ ...all, ...cloudinaryEnv(standIn) });
    await uploaded(service);
    expect([...standIn.assets.values()].map(({ bytes }) => bytes)).toEqual([jpeg]);
    const { employee: state } = await service.ask<{ employee: { imageUpload: object } }>(
      '{ employee(employeeId: "EMP-3") { imageUpload { status error } } }',
    );
    expect(state.imageUpload).toEqual({
      status: 'FAILED',
      error: expect.stringContaining('Could not decrypt') as string,
    });
  });
});
