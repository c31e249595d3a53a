/** Real: the service, the models, photos on disk, old rows as earlier versions wrote them. Fake: nothing. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ADMIN_KEY, Speaker } from '../support/access';
import { compiled } from '../support/compiled';
import { createStorage, type TestStorage } from '../support/databases';
import { check, CHECK, collins, hopper, hopperAgain, register } from '../support/operations';
import { descriptor } from '../support/photos';
import { TestService } from '../support/service';
import { until } from '../support/until';

const STATUS = '{ faceReindexStatus { modelId complete total pending failed } }';
const REVIEW_CHECK = CHECK.replace(
  '... on FaceMismatch',
  '... on ReviewQueued { reviewItemId reviewReason } ... on FaceMismatch',
);
const bytesOf = (numbers: readonly number[]): Buffer => Buffer.from(Float32Array.from(numbers).buffer);
/** What no model computes any more. */
const OLD = bytesOf(Array.from({ length: 128 }, (_, i) => Math.sin(i)));
const PHOTO_ONLY = { imageBase64: hopperAgain.imageBase64 };

interface Status {
  readonly modelId: string;
  readonly complete: boolean;
  readonly total: number;
  readonly pending: number;
  readonly failed: number;
}

describe.each([
  ['plain', {}],
  [
    'encrypted',
    {
      ENCRYPTION_KEY: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      ENCRYPT_MEDIA: 'true',
    },
  ],
])('templates of an earlier version, %s', (_, encryption) => {
  const env = { ADMIN_API_KEY: ADMIN_KEY, PUNCH_MIN_INTERVAL_SECONDS: '0', ...encryption };
  let storage: TestStorage;
  let service: TestService;
  let admin: Speaker;

  const start = async (): Promise<void> => {
    service = await TestService.start({ storage, env });
    admin = new Speaker(service, ADMIN_KEY);
  };
  beforeEach(async () => {
    storage = await createStorage();
    await start();
    await register(admin, { faceDescriptor: undefined });
  });
  afterEach(async () => {
    await service.stop();
    await storage.remove();
  });

  /** @param set SQL; $1 is the vector of the old model of the server, $2 the client's descriptor of the same photo */
  const makeOld = (set: string) =>
    service.sql(`UPDATE face_templates SET reindex_next_at = $3, ${set} RETURNING $1::bytea, $2::bytea`, [
      OLD,
      bytesOf(hopper.faceDescriptor),
      due,
    ]);
  let due = new Date();
  const ALIGNED = `model_id = 'dlib-resnet-128-aligned', dimension = 128, vector = $1, source = 'server',
    plain_model_id = 'dlib-resnet-128', plain_dimension = 128, plain_vector = $2`;
  const CLIENT_ONLY = `model_id = 'dlib-resnet-128', dimension = 128, vector = $2, source = 'client',
    plain_model_id = NULL, plain_dimension = NULL, plain_vector = NULL`;
  const MEAN_ONLY = `model_id = 'another-model', dimension = 128, vector = $1, source = 'server',
    plain_model_id = NULL, plain_dimension = NULL, plain_vector = NULL`;

  const restart = async (): Promise<void> => {
    await service.stop();
    await start();
  };
  const status = async (): Promise<Status> =>
    (await admin.ask<{ faceReindexStatus: Status }>(STATUS)).faceReindexStatus;
  const complete = () => until(status, ({ complete: done }) => done);
  const models = () =>
    service.sql('SELECT model_id AS model, source, plain_model_id AS second FROM face_templates');
  const soon = (): void => void (due = new Date(0));
  const never = (): void => void (due = new Date(Date.now() + 3_600_000));

  it.each([
    ['aligned', ALIGNED, { model: 'mobilefacenet-512', source: 'server', second: 'dlib-resnet-128' }],
    ['client-only', CLIENT_ONLY, { model: 'dlib-resnet-128', source: 'client', second: 'mobilefacenet-512' }],
    ['of another model', MEAN_ONLY, { model: 'mobilefacenet-512', source: 'server', second: null }],
  ])('are computed again in the background after a restart: %s', async (_kind, set, expected) => {
    soon();
    await makeOld(set);
    await restart();
    expect(await complete()).toEqual({
      ...{ modelId: 'mobilefacenet-512', complete: true, total: 1, pending: 0, failed: 0 },
    });
    expect(await models()).toEqual([expected]);
    expect((await check(admin, { ...PHOTO_ONLY, faceDescriptor: undefined })).status).toBe('RECORDED');
  });

  it('of a claimed employee are computed within the check', async () => {
    never();
    await makeOld(ALIGNED);
    await restart();
    expect(await status()).toMatchObject({ complete: false, pending: 1 });
    const input = { ...PHOTO_ONLY, faceDescriptor: undefined, employeeId: 'EMP-1' };
    expect((await check(admin, input)).status).toBe('RECORDED');
    expect(await status()).toMatchObject({ complete: true, pending: 0 });
  });

  it('of a claimed employee are all computed before a face is refused', async () => {
    const ADD =
      'mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { template { id } } }';
    await admin.ask(ADD, { input: { employeeId: 'EMP-1', ...PHOTO_ONLY } });
    never();
    await makeOld(`${ALIGNED} WHERE id = (SELECT min(id::text)::uuid FROM face_templates)`);
    await restart();
    expect(await status()).toMatchObject({ pending: 1, total: 2 });
    const input = { employeeId: 'EMP-1', imageBase64: collins.imageBase64, faceDescriptor: undefined };
    // Two of three photos can be too few for a match.
    expect((await check(admin, input)).status).toBe('FACE_MISMATCH');
    expect(await status()).toMatchObject({ pending: 0, total: 2 });
  });

  it('keep a search among all employees waiting, with the progress', async () => {
    never();
    await makeOld(ALIGNED);
    await restart();
    const answer = await admin.send(CHECK, { input: PHOTO_ONLY });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'UNAVAILABLE', retryAfterSeconds: 1, done: 0, total: 1 },
    });
    // Nor is somebody enrolled who may be there already.
    const twin = await admin.send(
      'mutation ($input: RegisterEmployeeInput!) { registerEmployee(input: $input) { employee { id } } }',
      { input: { name: 'Twin', employeeId: 'EMP-2', imageBase64: collins.imageBase64 } },
    );
    expect(twin.errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'UNAVAILABLE', retryAfterSeconds: 1, done: 0, total: 1 },
    });
  });

  describe('whose photo is gone', () => {
    beforeEach(async () => {
      soon();
      await makeOld(ALIGNED);
      await service.stop();
      await rm(join(storage.dataDir, 'media'), { recursive: true });
      await start();
      expect(await complete()).toMatchObject({ pending: 0, failed: 1 });
    });

    it('match by the descriptor of a client', async () => {
      const faceDescriptor = descriptor('grace-hopper');
      const answer = await check(admin, { ...hopperAgain, faceDescriptor, employeeId: 'EMP-1' });
      expect(answer).toMatchObject({ status: 'RECORDED', similarityOf: 'CLIENT_DESCRIPTOR' });
    });

    it('make a review item of a check without a descriptor, once for each requestId', async () => {
      const input = { ...PHOTO_ONLY, employeeId: 'EMP-1', requestId: 'one' };
      const answers = [
        await admin.ask<{ checkAttendance: object }>(REVIEW_CHECK, { input }),
        await admin.ask<{ checkAttendance: object }>(REVIEW_CHECK, { input }),
      ];
      expect(answers[0]?.checkAttendance).toMatchObject({ status: 'REVIEW', reviewReason: 'NO_TEMPLATE' });
      expect(answers[1]).toEqual(answers[0]);
      expect(await service.sql('SELECT reason, image_path IS NOT NULL AS photo FROM review_items')).toEqual([
        { reason: 'NO_TEMPLATE', photo: true },
      ]);
    });
  });
});

it('templates are counted by a dry run, which migrates nothing', async () => {
  const storage = await createStorage();
  const service = await TestService.start({ storage });
  try {
    await register(service, { faceDescriptor: undefined });
    await service.sql(`UPDATE face_templates SET model_id = 'another-model', plain_model_id = NULL,
      plain_dimension = NULL, plain_vector = NULL`);
    // As in a database of an earlier version: to run this one again would fail.
    await service.sql('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    await service.stop();
    const variables = {
      ...{ PATH: process.env['PATH'], NODE_ENV: 'test' },
      ...{ DATABASE_URL: storage.databaseUrl ?? '', DATA_DIR: storage.dataDir },
    };
    const command = [compiled('src/cli/reindex-faces.js'), '--dry-run'];
    const { stdout } = await promisify(execFile)(process.execPath, command, { env: variables });
    expect(stdout).toContain('1 of 1 templates to compute with mobilefacenet-512; 0 have no usable photo');
  } finally {
    await storage.remove();
  }
});
