/** Real: everything. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { RollcallError } from '../../src/errors';
import { base64Photo, photo } from '../support/photos';
import { decodePhoto } from '../../src/services/photos/input/base64-photo';

const MAX = 1000;
const decode = (text: string): Promise<Buffer> => decodePhoto(text, 'imageBase64', MAX);
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const TEXT = BYTES.toString('base64');

const refusal = async (text: string): Promise<RollcallError> => {
  try {
    await decode(text);
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
  throw new Error('accepted');
};

describe('a base64 photo is accepted as', () => {
  test('bare base64 of every length', async () => {
    for (let length = 1; length < 200; length++) {
      const bytes = randomBytes(length);
      expect(await decode(bytes.toString('base64'))).toEqual(bytes);
    }
  });

  test.each([
    'data:image/jpeg;base64,',
    'data:image/png;base64,',
    'data:image/webp;base64,',
    'data:image/svg+xml;base64,',
    'DATA:Image/JPEG;BASE64,',
    'data:image/jpeg;charset=utf-8;base64,',
    'data:image/*;base64,',
    'data:application/octet-stream;base64,',
    'data:;base64,',
    'data:text/html;base64,',
    'data:image/jpeg;name="a photo.jpg";base64,',
    ' data:image/jpeg; base64, ',
  ])('a data URI %s', async (prefix) => {
    expect(await decode(prefix + TEXT)).toEqual(BYTES);
  });

  test.each(['\n', '\r\n'])('lines of 76 characters, ended by %j', async (end) => {
    const lines = TEXT.replace(/.{76}/g, (line) => line + end);
    expect(await decode(lines)).toEqual(BYTES);
    expect(await decode(`data:image/jpeg;base64,${lines}${end}`)).toEqual(BYTES);
  });

  test('exactly as many bytes as allowed, also in lines', async () => {
    const bytes = randomBytes(MAX);
    const text = bytes.toString('base64');
    expect(await decode(text)).toEqual(bytes);
    expect(await decode(text.replace(/.{76}/g, '$&\r\n'))).toEqual(bytes);
  });
});

describe('a photo as clients write it is read:', () => {
  const bytes = photo('grace-hopper.jpg');
  const text = base64Photo('grace-hopper.jpg');
  const read = (variant: string): Promise<Buffer> => decodePhoto(variant, 'imageBase64', 1_000_000);

  test.each<[string, string]>([
    ['the alphabet for URLs', bytes.toString('base64url')],
    ['no padding', text.replace(/=+$/, '')],
    ['lines of 64 characters', text.replace(/.{64}/g, '$&\n')],
    ['a line break after each character', text.slice(0, 3000).replace(/./g, '$&\n') + text.slice(3000)],
    ['spaces in between', text.replace(/.{76}/g, '$& ')],
    ['one space', `${text.slice(0, 100)} ${text.slice(100)}`],
    ['tabs', text.replace(/.{76}/g, '$&\t')],
    ['spaces and line breaks around it', ` \r\n${text}\n  `],
    ['spaces that were plus signs', text.replaceAll('+', ' ')],
    ['spaces that were plus signs, without padding', text.replaceAll('+', ' ').replace(/=+$/, '')],
    ['percent-encoding', encodeURIComponent(text)],
    ['a data URI, percent-encoded', `data:image/jpeg;base64,${encodeURIComponent(text)}`],
  ])('%s', async (_, variant) => {
    expect(await read(variant)).toEqual(bytes);
  });

  test('pieces of a large photo, with percent-encoded characters at every place', async () => {
    const large = Buffer.concat([bytes, randomBytes(4_000_000), Buffer.from([0xff, 0xd9])]);
    const written = large.toString('base64');
    for (const shift of [0, 1, 2]) {
      const variant = 'A'.repeat(4 * shift) + written.replaceAll('+', '%2B').replaceAll('/', '%2f');
      const start = Buffer.alloc(3 * shift);
      const read = await decodePhoto(variant, 'imageBase64', 10_000_000);
      // Jest compares bytes one by one, for half a minute.
      expect(read.equals(Buffer.concat([start, large]))).toBe(true);
    }
    const lines = await decodePhoto(written.replace(/.{76}/g, '$&\r\n'), 'imageBase64', 10_000_000);
    expect(lines.equals(large)).toBe(true);
  });

  test('every way of the shared examples', async () => {
    const variants = JSON.parse(photo('base64-variants.json').toString()) as Record<string, string>;
    const photos = (await Promise.all(Object.values(variants).map(read))).map((bytes) =>
      bytes.toString('hex'),
    );
    expect(photos).toHaveLength(3);
    for (const hex of photos) expect(hex).toMatch(/^ffd8ff.*ffd9$/);
  });

  test.each([1, 2, 3, 4])('%i bytes without padding, in both alphabets', async (length) => {
    const few = Buffer.alloc(length, 0xfb);
    expect(await read(few.toString('base64').replace(/=+$/, ''))).toEqual(few);
    expect(await read(few.toString('base64url'))).toEqual(few);
  });
});

describe('a base64 photo is refused:', () => {
  test.each([
    ['a character of no alphabet', `${TEXT.slice(0, 40)}!${TEXT.slice(41)}`],
    ['a character too many in between', `${TEXT.slice(0, 40)}*${TEXT.slice(40)}`],
    ['padding too much', 'QUJD='],
    ['padding in the middle', 'QQ==QUJD'],
    ['two texts in one', `${TEXT}${TEXT}`],
    ['one character', 'A'],
    ['bits behind the end', 'QR=='],
    ['a zero byte', `${TEXT.slice(0, 40)}\0${TEXT.slice(41)}`],
    ['letters beyond Latin-1 that look right in their low byte', TEXT.replace('A', '\u0141')],
    ['full-width letters', '\uff31\uff31\uff31\uff31'],
    ['a blank in the middle of nothing', 'A A A A A'],
    ['a data URI that is not base64', 'data:image/svg+xml,%3Csvg/%3E'],
    ['a data URI in a data URI', `data:image/jpeg;base64,data:image/jpeg;base64,${TEXT}`],
    ['an address', 'https://example.com/a.jpg'],
    ['a path', '/etc/passwd'],
  ])('%s', async (_, text) => {
    const { code, details, message } = await refusal(text);
    expect({ code, details }).toEqual({ code: 'BAD_USER_INPUT', details: { field: 'imageBase64' } });
    expect(message).not.toContain(text.slice(0, 12));
  });

  test.each([
    ['nothing', ''],
    ['a data URI of nothing', 'data:image/jpeg;base64,'],
    ['line breaks only', '\r\n\r\n'],
  ])('%s', async (_, text) => {
    expect((await refusal(text)).message).toContain('empty');
  });

  test('one byte more than allowed, and the bound is named', async () => {
    expect((await refusal(randomBytes(MAX + 1).toString('base64'))).message).toContain(`${MAX} bytes`);
  });

  test('a text far too long, before it is decoded', async () => {
    const from = jest.spyOn(Buffer, 'from');
    expect((await refusal('A'.repeat(2 * MAX))).message).toContain(`${MAX} bytes`);
    expect(from).not.toHaveBeenCalled();
    from.mockRestore();
  });

  test('a prefix without an end, at once', async () => {
    const text = `data:image/jpeg${';a=b'.repeat(1_000_000)}`;
    const started = process.cpuUsage();
    await refusal(text);
    // Of all threads of this process; looked through again for each parameter it would take minutes.
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});
