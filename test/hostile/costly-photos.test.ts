/**
 * Real: src/main.ts as a process of its own, the decoder, the database; its processor time as the system counts it.
 * Fake: nothing.
 */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { ADMIN_KEY, as, createKey, createOffice, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { grayPng, pngChunk } from '../support/bad-photos';
import { ChildService } from '../support/child-service';
import { costOf, usageOf } from '../support/costs';
import { createStorage, type TestStorage } from '../support/databases';
import { faultOf, post, type RawAnswer } from '../support/hostile';
import { CHECK } from '../support/operations';
import { descriptor, photo } from '../support/photos';
import { slowness } from '../support/slowness';

/** Of one request, decoding included; before there were bounds a PNG of 96 KB cost 10.7 s. */
const MAX_CPU_MS = 1500;
const MAX_GROWTH_MB = 200;
/** Photos a minute of one key in this service. */
const PHOTOS_A_MINUTE = 40;

let storage: TestStorage;
let child: ChildService;
let url: string;
let admin: Speaker;
let officeId: string;

beforeAll(async () => {
  storage = await createStorage();
  const env = { ADMIN_API_KEY: ADMIN_KEY, FACE_WORKERS: '0', RATE_LIMIT_PER_KEY: String(PHOTOS_A_MINUTE) };
  child = ChildService.spawn({ storage, env });
  ({ url } = await child.listening);
  admin = new Speaker(new ApiClient(url), ADMIN_KEY);
  officeId = await createOffice(admin, { name: 'Lima' });
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

const newKiosk = async (): Promise<string> => (await createKey(admin, { role: 'KIOSK', officeId })).secret;
const ask = (key: string, body: object): Promise<RawAnswer> =>
  post(url, JSON.stringify(body), { 'content-type': 'application/json', ...as(key) });
const check = (key: string, bytes: Buffer): Promise<RawAnswer> =>
  ask(key, {
    query: CHECK,
    variables: {
      input: { imageBase64: bytes.toString('base64'), faceDescriptor: descriptor('grace-hopper') },
    },
  });

const plain = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: '#456' }, limitInputPixels: false });
const sample = photo('sample.jpg');
/** The sample with something behind its first marker, or in front of its last. */
const padded = (piece: Buffer, length: number): Buffer =>
  Buffer.concat([sample.subarray(0, 2), Buffer.alloc(length, piece), sample.subarray(2)]);

/** A progressive JPEG with its last scan over and over. */
async function manyScans(count: number): Promise<Buffer> {
  const jpeg = await plain(2000, 2000).jpeg({ progressive: true }).toBuffer();
  const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpeg.subarray(last, -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(count).fill(scan), jpeg.subarray(-2)]);
}

const bomb = deflateSync(Buffer.alloc(50_000_000, 'a'));
const texts = (type: string, count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => pngChunk(type, Buffer.concat([Buffer.from(`k${i}\0\0`), bomb])));

const photos: readonly (readonly [what: string, bytes: () => Buffer | Promise<Buffer>, says: RegExp])[] = [
  ['a PNG of 1 × 49,000,000', () => grayPng(1, 49_000_000), /at most 16384 pixels a side/],
  ['a PNG of 600 × 16,000', () => grayPng(600, 16_000), /at most 20 times the short side/],
  ['a PNG with 200 texts of 50 MB', () => grayPng(100, 100, texts('zTXt', 200)), /too many .* texts/],
  [
    'a JPEG with 6,000,000 segments',
    () => padded(Buffer.from([0xff, 0xe1, 0, 2]), 24_000_000),
    /too many segments/,
  ],
  ['a JPEG with 80 scans', () => manyScans(80), /too many .* scans/],
  [
    'an interlaced PNG of 16 bits',
    () => plain(7000, 7000, 4).toColourspace('rgb16').png({ progressive: true }).toBuffer(),
    /too many pixels for its format/,
  ],
  [
    'a progressive JPEG of full colours',
    () => plain(8000, 8000).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    /too many pixels for its format/,
  ],
  [
    'an AVIF of 20 megapixels',
    () => plain(5000, 4000).avif({ effort: 0, quality: 20 }).toBuffer(),
    /too many pixels for its format/,
  ],
];

describe('a photo that costs much is refused by its header:', () => {
  it.each(photos)('%s', async (_what, make, says) => {
    const [key, bytes] = [await newKiosk(), await make()];
    const before = usageOf(child);
    const { cpuMs, outcome } = await costOf(child, () => check(key, bytes));
    const { message, extensions } = faultOf(outcome);
    expect({ code: extensions.code, field: extensions['field'], message }).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'imageBase64',
      message: expect.stringMatching(says) as unknown,
    });
    expect(cpuMs / slowness()).toBeLessThan(MAX_CPU_MS);
    expect(usageOf(child).residentMb - before.residentMb).toBeLessThan(MAX_GROWTH_MB);
  });
});

it.each([
  ['a PNG of 50 megapixels', () => photo('photo-8160x6144.png')],
  [
    'a JPEG whose data is all stuffing',
    () =>
      Buffer.concat([
        sample.subarray(0, -2),
        Buffer.alloc(20_000_000, Buffer.from([0xff, 0])),
        sample.subarray(-2),
      ]),
  ],
  ['a PNG with a profile of 50 MB', () => grayPng(100, 100, texts('iCCP', 1))],
])('a photo that looks costly is read at little cost: %s', async (_what, make) => {
  const key = await newKiosk();
  const { cpuMs, outcome } = await costOf(child, () => check(key, make()));
  expect(outcome.status).toBe(200);
  expect(cpuMs / slowness()).toBeLessThan(MAX_CPU_MS);
});

it('thirty checks of one photo of 49 megapixels in one request are counted as photos, and their pixels together', async () => {
  const key = await newKiosk();
  const imageBase64 = (await plain(7000, 7000).png().toBuffer()).toString('base64');
  const checks = Array.from({ length: 30 }, (_, i) => `c${i}: checkAttendance(input: $input) { status }`);
  const request = {
    query: `mutation ($input: CheckAttendanceInput!) { ${checks.join(' ')} }`,
    variables: { input: { imageBase64, faceDescriptor: descriptor('grace-hopper') } },
  };
  const { outcome } = await costOf(child, () => ask(key, request));
  const { errors = [] } = JSON.parse(outcome.text) as { errors?: { message: string }[] };
  expect(errors.filter(({ message }) => message.includes('the photos of one request'))).not.toEqual([]);
  // Thirty photos are spent: ten are left of the minute.
  const second = JSON.parse((await ask(key, request)).text) as {
    errors?: { extensions: { code: string } }[];
  };
  expect(second.errors?.map(({ extensions }) => extensions.code)).toContain('TOO_MANY_REQUESTS');
});
