/** Real: the service over HTTP, the service's model as if it were another one. Fake: nothing. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage } from '../support/databases';
import { manifest, MODELS } from '../support/faces';
import { check, collins, hopper, hopperAgain, register } from '../support/operations';
import { TestService } from '../support/service';

let folder: string;
const own = manifest();
const env = () => ({ FACE_MODEL_DIR: folder, FACE_DESCRIPTOR_TRUST: 'server' });

/** Writes the folder's manifest. @param change takes what is right and returns what is written */
const write = (change: (right: Record<string, unknown>) => unknown): void =>
  writeFileSync(join(folder, 'model.json'), JSON.stringify(change({ ...own, id: 'another-512' })));

/** Why the service does not start. */
async function fault(): Promise<string> {
  try {
    const service = await TestService.start({ env: env() });
    await service.stop();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it started');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-'));
  copyFileSync(join(MODELS, own.file), join(folder, own.file));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a model of FACE_MODEL_DIR describes faces, under its own id and with its own thresholds', async () => {
  write((right) => ({ ...right, thresholds: { ...own.thresholds, match: 0.6, source: 'a test' } }));
  const service = await TestService.start({ env: env() });
  try {
    await register(service, { imageBase64: hopper.imageBase64 });
    const { employee } = await service.ask<{ employee: { faceTemplates: unknown[] } }>(
      '{ employee(employeeId: "EMP-1") { faceTemplates { modelId } } }',
    );
    expect(employee.faceTemplates).toEqual([{ modelId: 'another-512' }]);
    const claim = { employeeId: 'EMP-1' };
    expect(await check(service, { ...claim, imageBase64: hopperAgain.imageBase64 })).toMatchObject({
      status: 'RECORDED',
    });
    expect(await check(service, { ...claim, imageBase64: collins.imageBase64 })).toMatchObject({
      status: 'FACE_MISMATCH',
      threshold: 0.6,
    });
  } finally {
    await service.stop();
  }
});

it.each<[string, (right: Record<string, unknown>) => unknown, RegExp]>([
  ['has no thresholds', ({ thresholds, ...rest }) => (thresholds === null ? {} : rest), /thresholds: /],
  [
    'says not where its thresholds come from',
    (right) => ({ ...right, thresholds: { ...own.thresholds, source: undefined } }),
    /thresholds\.source: /,
  ],
  ['names another hash', (right) => ({ ...right, sha256: '0'.repeat(64) }), /SHA-256 is 6164/],
  [
    'names a file that is not there',
    (right) => ({ ...right, file: 'none.onnx' }),
    /none\.onnx: cannot be read/,
  ],
  ['names a file elsewhere', (right) => ({ ...right, file: '../model.onnx' }), /file: must be the name/],
  ['has another dimension', (right) => ({ ...right, dimension: 128 }), /gives 512 numbers, not 128/],
  ['has a dimension that no gallery takes', (right) => ({ ...right, dimension: 130 }), /dimension: /],
  [
    'has another input size',
    (right) => ({ ...right, input: { ...own.input, size: 96 } }),
    /does not take a picture of 96 pixels/,
  ],
  ['has four points', (right) => ({ ...right, alignment: own.alignment.slice(1) }), /alignment/],
  [
    'has points as shares of the side',
    (right) => ({ ...right, alignment: own.alignment.map(([x, y]) => [x / 112, y / 112]) }),
    /alignment: must be the points of an upright face/,
  ],
  ['has one point five times', (right) => ({ ...right, alignment: Array(5).fill([50, 50]) }), /alignment: /],
  [
    'has left and right the other way round',
    (right) => ({ ...right, alignment: own.alignment.map(([x, y]) => [112 - x, y]) }),
    /alignment: /,
  ],
  [
    'has the face upside down',
    (right) => ({ ...right, alignment: own.alignment.map(([x, y]) => [x, 112 - y]) }),
    /alignment: /,
  ],
  [
    'has points beyond the picture',
    (right) => ({ ...right, alignment: own.alignment.map(([x, y]) => [x + 100, y]) }),
    /alignment: /,
  ],
  [
    'accepts everybody',
    (right) => ({ ...right, thresholds: { ...own.thresholds, match: -1 } }),
    /thresholds\.match: /,
  ],
  [
    'has a mean beyond all colours',
    (right) => ({ ...right, input: { ...own.input, mean: 1e300 } }),
    /input\.mean: /,
  ],
  ['has no scale', (right) => ({ ...right, input: { ...own.input, scale: 1e-300 } }), /input\.scale: /],
  ['names its own folder as the model', (right) => ({ ...right, file: '..' }), /file: must be the name/],
  ['has a field that nobody knows', (right) => ({ ...right, colour: 'RGB' }), /colour/],
  ['has the id of client descriptors', (right) => ({ ...right, id: 'dlib-resnet-128' }), /FACE_MODEL_ID/],
  ['is no object', () => 7, /model\.json/],
])('the service does not start where the manifest %s', async (_, change, message) => {
  write(change);
  const text = await fault();
  expect(text).toMatch(/^Invalid configuration:\n {2}- FACE_MODEL_DIR: /);
  expect(text).toMatch(message);
});

it('the service does not start with an id of its own models for another one, and writes nothing', async () => {
  writeFileSync(join(folder, 'other.onnx'), 'no model');
  const sha256 = createHash('sha256').update('no model').digest('hex');
  write((right) => ({ ...right, id: 'mobilefacenet-512', file: 'other.onnx', sha256 }));
  const storage = await createStorage();
  try {
    const before = readdirSync(storage.dataDir);
    await expect(TestService.start({ env: env(), storage })).rejects.toThrow(
      /FACE_MODEL_DIR: .*id mobilefacenet-512 is the one of a model of the service/,
    );
    expect(readdirSync(storage.dataDir)).toEqual(before);
  } finally {
    await storage.remove();
  }
});

it('the service does not start if the manifest is missing, or no JSON', async () => {
  writeFileSync(join(folder, 'model.json'), '{');
  expect(await fault()).toMatch(/FACE_MODEL_DIR: .*model\.json: is not JSON/);
  rmSync(join(folder, 'model.json'));
  expect(await fault()).toMatch(/FACE_MODEL_DIR: .*model\.json: cannot be read/);
});

it('the service does not start if the model is another file than the manifest says', async () => {
  write((right) => ({ ...right, file: 'altered.onnx' }));
  writeFileSync(join(folder, 'altered.onnx'), 'no model');
  expect(await fault()).toMatch(/altered\.onnx: SHA-256 is/);
});
