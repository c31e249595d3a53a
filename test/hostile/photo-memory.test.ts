/** Real: src/main.ts as a process of its own, the decoder, the database; its memory as the system counts it. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { ADMIN_KEY, as, createKey, createOffice, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { costOf } from '../support/costs';
import { createStorage, type TestStorage } from '../support/databases';
import { post, type RawAnswer } from '../support/hostile';
import { LoopBlocks } from '../support/loop-blocks';
import { CHECK } from '../support/operations';
import { descriptor, photo } from '../support/photos';
import { slowness } from '../support/slowness';

/**
 * The text of a photo of 25 MB has 33 MB: once as it comes, once as a text of JavaScript. Before there was a bound it was
 * 190 MB, and 200 in lines; it is 70 to 120, by what the collector of garbage has left.
 */
const MAX_PEAK_MB = 150;
const MAX_CPU_MS = 1500;
const MAX_BLOCK_MS = 100;

const blocks = new LoopBlocks();
let storage: TestStorage;
let child: ChildService;
let url: string;
let kiosk: string;

beforeAll(async () => {
  storage = await createStorage();
  const env = { ADMIN_API_KEY: ADMIN_KEY, FACE_WORKERS: '0', ...blocks.env };
  child = ChildService.spawn({ storage, env, onLine: blocks.onLine });
  ({ url } = await child.listening);
  const admin = new Speaker(new ApiClient(url), ADMIN_KEY);
  const officeId = await createOffice(admin, { name: 'Lima' });
  kiosk = (await createKey(admin, { role: 'KIOSK', officeId })).secret;
  // What is loaded with the first photo is not counted.
  await check(photo('sample.jpg').toString('base64'));
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

/** @param escape how the client writes its JSON */
function check(imageBase64: string, escape: (json: string) => string = (json) => json): Promise<RawAnswer> {
  const input = { imageBase64, faceDescriptor: descriptor('grace-hopper') };
  const body = escape(JSON.stringify({ query: CHECK, variables: { input } }));
  return post(url, body, { 'content-type': 'application/json', ...as(kiosk) });
}

const noPhoto = (): string => randomBytes(26_000_000).toString('base64');
/** A JPEG of nothing but noise. */
async function noise(): Promise<string> {
  const side = 4000;
  const jpeg = sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } }).jpeg({
    quality: 85,
    chromaSubsampling: '4:4:4',
  });
  return (await jpeg.toBuffer()).toString('base64');
}

// The first photo after the start finds the least memory to use again.
it.each([
  ['no photo', noPhoto, undefined],
  ['in lines', () => noPhoto().replace(/.{76}/g, '$&\r\n'), undefined],
  ['in the alphabet for URLs', () => randomBytes(26_000_000).toString('base64url'), undefined],
  ['with escaped plus signs', noPhoto, (json: string) => json.replaceAll('+', '\\u002b')],
  ['with escaped slashes', noPhoto, (json: string) => json.replaceAll('/', '\\/')],
  ['a JPEG of noise', noise, undefined],
])('a photo of 25 MB in base64 adds little memory: %s', async (_what, make, escape) => {
  const text = await make();
  await blocks.longest(child);
  const { peakMb, cpuMs, outcome } = await costOf(child, () => check(text, escape));
  expect(outcome.status).toBe(200);
  expect(outcome.text).toMatch(
    /"status":"FACE_NOT_RECOGNIZED"|must be a JPEG|decoding the photo takes longer/,
  );
  expect(peakMb).toBeLessThan(MAX_PEAK_MB);
  expect(cpuMs / slowness()).toBeLessThan(MAX_CPU_MS);
  expect((await blocks.longest(child)) / slowness()).toBeLessThan(MAX_BLOCK_MS);
});
