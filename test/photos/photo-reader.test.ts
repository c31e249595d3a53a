/** Real: sharp and its decoders, photos made on the spot. Fake: nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { RollcallError } from '../../src/errors';
import { cleanJpeg } from '../../src/services/photos/input/jpeg-segments';
import { type Photo, PhotoReader } from '../../src/services/photos/input/photo-reader';

const MAX_BYTES = 8_388_608;
const reader = new PhotoReader({ maxBytes: MAX_BYTES, maxPixels: 50_000_000 });
const read = (bytes: Buffer): Promise<Photo> => reader.read(bytes, 'imageBase64');
const EOI = Buffer.from([0xff, 0xd9]);

/** Deterministic, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

/** A picture with detail everywhere, so that its coded data is spread like that of a photo. */
function picture(width: number, height: number): sharp.Sharp {
  const next = random(width * 31 + height);
  const raw = Buffer.alloc(width * height * 3);
  for (let i = 0; i < raw.length; i++) raw[i] = ((i / 97) % 180) + next(40);
  return sharp(raw, { raw: { width, height, channels: 3 } });
}

const jpegOf = (width: number, height: number, options: sharp.JpegOptions = {}): Promise<Buffer> =>
  picture(width, height).jpeg(options).toBuffer();

/** Inserts a segment right behind the start marker. */
function withSegment(jpeg: Buffer, marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(~crc >>> 0, body.length + 4);
  return out;
}

/** A PNG whose few bytes claim and deliver very many black pixels. */
function pngBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(20_000_000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

const refusal = async (bytes: Buffer): Promise<RollcallError> => {
  const error: unknown = await read(bytes).then(
    () => new Error('accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RollcallError)) throw error;
  expect(error.code).toBe('BAD_USER_INPUT');
  expect(error.details).toEqual({ field: 'imageBase64' });
  return error;
};

let baseline: Buffer;
let progressive: Buffer;
beforeAll(async () => {
  [baseline, progressive] = await Promise.all([jpegOf(800, 600), jpegOf(800, 600, { progressive: true })]);
});

describe('a clean JPEG', () => {
  test.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['without chroma subsampling', { chromaSubsampling: '4:4:4' }],
    ['with optimised tables', { optimiseCoding: true, quality: 40 }],
  ])('that is %s is kept byte for byte', async (_, options) => {
    const jpeg = await jpegOf(321, 123, options);
    const photo = await read(jpeg);
    expect(photo.kept).toBe(true);
    expect(photo.jpeg.equals(jpeg)).toBe(true);
  });

  test('of one pixel is kept', async () => {
    expect((await read(await jpegOf(1, 1))).kept).toBe(true);
  });

  test('in grey is kept', async () => {
    const grey = await picture(64, 64).toColourspace('b-w').jpeg().toBuffer();
    expect((await read(grey)).kept).toBe(true);
  });

  test.each([
    ['a comment', (jpeg: Buffer) => withSegment(jpeg, 0xfe, Buffer.from('taken at home'))],
    ['EXIF', (jpeg: Buffer) => withSegment(jpeg, 0xe1, Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0'))],
    [
      'a second JFIF header with a thumbnail',
      (jpeg: Buffer) =>
        withSegment(jpeg, 0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc', 'latin1')),
    ],
    ['Photoshop data', (jpeg: Buffer) => withSegment(jpeg, 0xed, Buffer.from('Photoshop 3.0\0'))],
    ['a byte behind its end', (jpeg: Buffer) => Buffer.concat([jpeg, Buffer.from([0])])],
    ['a segment that reaches past its end', (jpeg: Buffer) => jpeg.subarray(0, 60)],
    ['a marker that is none', (jpeg: Buffer) => Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0]), jpeg])],
    ['no end', (jpeg: Buffer) => jpeg.subarray(0, -2)],
    [
      'a stray marker in its coded data',
      (jpeg: Buffer) => Buffer.concat([jpeg.subarray(0, -20), Buffer.from([0xff, 0xe1]), jpeg.subarray(-20)]),
    ],
    ['nothing but an end', () => Buffer.concat([Buffer.from([0xff, 0xd8]), EOI])],
    ['not even a start', () => EOI],
  ])('is none with %s', (_, spoil) => {
    expect(cleanJpeg(baseline)).not.toBeNull();
    expect(cleanJpeg(spoil(baseline))).toBeNull();
  });
});

test.each([
  ['colours', (image: sharp.Sharp) => image.jpeg()],
  ['colours in full', (image: sharp.Sharp) => image.jpeg({ chromaSubsampling: '4:4:4' })],
  ['grey', (image: sharp.Sharp) => image.greyscale().jpeg()],
  ['several scans', (image: sharp.Sharp) => image.jpeg({ progressive: true })],
])('the header of a clean JPEG with %s is what the decoder reads', async (_, encoded) => {
  const jpeg = await encoded(picture(90, 41)).toBuffer();
  const { format, width, height, channels, isProgressive, chromaSubsampling } = await sharp(jpeg).metadata();
  expect(cleanJpeg(jpeg)).toEqual({
    ...{ format, width, height, channels, isProgressive },
    chromaSubsampling: chromaSubsampling === '4:2:0' ? '4:2:0' : '4:4:4',
  });
});

describe('every other photo is re-encoded:', () => {
  test('EXIF with a position disappears, and orientation is applied', async () => {
    const sent = await picture(80, 40)
      .withExif({
        IFD0: { Copyright: 'SECRETNAME' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(sent.includes('SECRETNAME')).toBe(true);

    const { jpeg, kept } = await read(sent);
    expect(kept).toBe(false);
    expect(jpeg.includes('SECRETNAME')).toBe(false);
    const { exif, xmp, icc, orientation, width, height, format } = await sharp(jpeg).metadata();
    expect({ exif, xmp, icc, orientation }).toEqual({});
    expect({ width, height, format }).toEqual({ width: 40, height: 80, format: 'jpeg' });
    expect(cleanJpeg(jpeg)).not.toBeNull();
  });

  test('a photo as a telephone sends it keeps none of its texts', async () => {
    const sent = await readFile(join(__dirname, '../fixtures/exif-gps-rotated.jpg'));
    expect(sent.includes('fixture-')).toBe(true);
    const before = await sharp(sent).metadata();
    const { jpeg, kept } = await read(sent);
    expect(kept).toBe(false);
    expect(jpeg.includes('fixture-')).toBe(false);
    expect(jpeg.includes('Exif')).toBe(false);
    expect(await sharp(jpeg).metadata()).toMatchObject({ width: before.height, height: before.width });
  });

  test('a colour profile is applied and dropped', async () => {
    const { jpeg, kept } = await read(await picture(60, 60).withIccProfile('p3').jpeg().toBuffer());
    expect(kept).toBe(false);
    expect((await sharp(jpeg).metadata()).icc).toBeUndefined();
  });

  test('a film behind the picture disappears', async () => {
    const { jpeg, kept } = await read(
      Buffer.concat([baseline, Buffer.from('\0\0\0\x18ftypmp42MOVINGPICTURE')]),
    );
    expect(kept).toBe(false);
    expect(jpeg.includes('MOVINGPICTURE')).toBe(false);
  });

  test('a comment disappears', async () => {
    const { jpeg } = await read(withSegment(baseline, 0xfe, Buffer.from('taken at home')));
    expect(jpeg.includes('taken at home')).toBe(false);
  });

  test.each(['png', 'webp', 'avif'] as const)('%s becomes JPEG', async (format) => {
    const { jpeg, kept } = await read(await picture(50, 30).toFormat(format).toBuffer());
    expect(kept).toBe(false);
    expect(await sharp(jpeg).metadata()).toMatchObject({
      format: 'jpeg',
      width: 50,
      height: 30,
      space: 'srgb',
    });
  });

  test('CMYK becomes sRGB', async () => {
    const { jpeg } = await read(await picture(50, 30).toColourspace('cmyk').jpeg().toBuffer());
    expect(await sharp(jpeg).metadata()).toMatchObject({ channels: 3, space: 'srgb' });
  });

  test('PNG of 16 bits a channel becomes JPEG', async () => {
    const deep = await picture(50, 30).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect((await read(deep)).kept).toBe(false);
  });

  test('what is transparent becomes white', async () => {
    const clear = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const pixel = await sharp((await read(clear)).jpeg)
      .raw()
      .toBuffer();
    expect([...pixel.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test('of an animated WebP the first frame stays', async () => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 32, height: 32, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer()
      .catch(() => null);
    expect(animation?.includes('ANIM')).toBe(true);
    const { jpeg } = await read(animation as Buffer);
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([32, 32]);
    expect(data[0]).toBeGreaterThan(200);
    expect(data[2]).toBeLessThan(50);
  });

  test('the longest side shrinks to 2048 pixels, and nothing grows', async () => {
    const large = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    expect(await sharp((await read(large)).jpeg).metadata()).toMatchObject({ width: 2048, height: 1024 });
  });
});

describe('a photo is refused:', () => {
  test('nothing at all', async () => {
    expect((await refusal(Buffer.alloc(0))).message).toContain('empty');
  });

  test('more bytes than allowed, and the bound is named', async () => {
    const { message } = await refusal(Buffer.concat([baseline, Buffer.alloc(9_000_000)]));
    expect(message).toContain(String(MAX_BYTES));
  });

  test('a photo that becomes larger than allowed by re-encoding', async () => {
    const webp = await picture(400, 400).webp({ quality: 1 }).toBuffer();
    const tight = new PhotoReader({ maxBytes: webp.length, maxPixels: 1_000_000 });
    await expect(tight.read(webp, 'image')).rejects.toThrow(`image: the photo must have at most`);
  });

  test('more pixels than allowed, not one fewer', async () => {
    const small = new PhotoReader({ maxBytes: MAX_BYTES, maxPixels: 100 * 100 });
    expect((await small.read(await jpegOf(100, 100), 'image')).kept).toBe(true);
    await expect(small.read(await jpegOf(101, 100), 'image')).rejects.toThrow(/image: .*10000 pixels/);
    await expect(small.read(await picture(101, 100).png().toBuffer(), 'image')).rejects.toThrow(
      /10000 pixels/,
    );
  });

  test('a PNG bomb, for less than a second of processor time', async () => {
    const bomb = pngBomb(30_000);
    const before = process.cpuUsage();
    expect((await refusal(bomb)).message).toContain('50000000 pixels');
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
  });

  test.each([
    [
      'SVG',
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>',
      ),
    ],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    [
      'HTML behind a JPEG header',
      Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0<script>alert(1)</script>', 'latin1'),
    ],
    [
      'SVG behind a JPEG header',
      Buffer.from('\xff\xd8\xff<svg xmlns="http://www.w3.org/2000/svg"/>', 'latin1'),
    ],
    ['a PNG header and no more', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['text', Buffer.from('a photo of me')],
    ['one byte', Buffer.from([0xff])],
  ])('%s', async (_, bytes) => {
    await refusal(bytes);
  });

  test.each(['gif', 'tiff'] as const)('%s', async (format) => {
    const { message } = await refusal(await picture(16, 16).toFormat(format).toBuffer());
    expect(message).toContain('JPEG, PNG or WebP');
  });

  test('formats that are not photos are out of reach for the decoder itself', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>');
    await expect(sharp(svg).raw().toBuffer()).rejects.toThrow('unsupported image format');
    await expect(
      sharp(await picture(9, 9).gif().toBuffer())
        .raw()
        .toBuffer(),
    ).rejects.toThrow(/unsupported/);
  });
});

describe('a photo that decoders warn about and every viewer shows', () => {
  const RGB = { create: { width: 160, height: 120, channels: 3, background: 'teal' } } as const;
  const at = (jpeg: Buffer, marker: number): number => jpeg.indexOf(Buffer.from([0xff, marker]));
  const insert = (jpeg: Buffer, where: number, bytes: Buffer): Buffer =>
    Buffer.concat([jpeg.subarray(0, where), bytes, jpeg.subarray(where)]);
  /** Sets the last three bytes of the scan header: first and last coefficient, and the bits of successive passes. */
  const withScan = (jpeg: Buffer, values: readonly number[]): Buffer => {
    const copy = Buffer.from(jpeg);
    const sos = at(copy, 0xda);
    copy.set(values, sos + 2 + copy.readUInt16BE(sos + 2) - 3);
    return copy;
  };
  const stray = Buffer.alloc(40, 0x41);

  test.each<[string, (jpeg: Buffer) => Buffer]>([
    ['a scan that ends at coefficient 0', (jpeg) => withScan(jpeg, [0, 0, 0])],
    ['a scan with other odd parameters', (jpeg) => withScan(jpeg, [1, 5, 0x21])],
    ['stray bytes before its scan', (jpeg) => insert(jpeg, at(jpeg, 0xda), stray)],
    ['stray bytes before its frame', (jpeg) => insert(jpeg, at(jpeg, 0xc0), Buffer.alloc(3))],
    ['stray bytes before its end', (jpeg) => insert(jpeg, jpeg.length - 2, stray)],
    ['zeros before its end', (jpeg) => insert(jpeg, jpeg.length - 2, Buffer.alloc(600))],
    ['stray bytes behind its end', (jpeg) => Buffer.concat([jpeg, stray, EOI])],
    [
      'two faults',
      (jpeg) => insert(withScan(insert(jpeg, at(jpeg, 0xda), stray), [0, 0, 0]), jpeg.length + 38, stray),
    ],
    [
      'an unknown JFIF version',
      (jpeg) => withSegment(jpeg, 0xe0, Buffer.from('JFIF\0\x07\x01\0\0\x01\0\x01\0\0', 'latin1')),
    ],
  ])('is accepted: a JPEG with %s', async (_, spoil) => {
    const photo = await read(spoil(baseline));
    const pixels = (jpeg: Buffer): Promise<Buffer> => sharp(jpeg, { failOn: 'warning' }).raw().toBuffer();
    const [before, after] = [await pixels(baseline), await pixels(photo.jpeg)];
    expect(after.length).toBe(before.length);
    expect(Math.abs((before.at(-1) as number) - (after.at(-1) as number))).toBeLessThan(60);
  });

  test('is accepted: a progressive JPEG with stray bytes before its end', async () => {
    expect((await read(insert(progressive, progressive.length - 2, stray))).kept).toBe(false);
  });

  test.each<[string, (jpeg: Buffer) => Buffer]>([
    ['a scan that ends at coefficient 0', (jpeg) => withScan(jpeg, [0, 0, 0])],
    ['stray bytes in front', (jpeg) => insert(jpeg, at(jpeg, 0xda), stray)],
    ['nothing else', (jpeg) => jpeg],
  ])('is refused where lines are missing as well: %s', async (_, spoil) => {
    const spoilt = spoil(baseline);
    for (const share of [0.3, 0.6, 0.9, 0.98]) {
      await refusal(Buffer.concat([spoilt.subarray(0, spoilt.length * share), EOI]));
      await refusal(spoilt.subarray(0, spoilt.length * share));
    }
  });

  test('is accepted: a PNG with a colour profile that is none', async () => {
    const png = await sharp(RGB).png().toBuffer();
    const profile = pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(200))]));
    const spoilt = insert(png, 33, profile);
    expect(await sharp((await read(spoilt)).jpeg).metadata()).toMatchObject({ width: 160, height: 120 });
  });

  test.each(['photo-sos-se0.jpg', 'photo-8160x6144.png'])('is accepted: %s', async (name) => {
    const atDefaults = new PhotoReader({ maxBytes: 26_214_400, maxPixels: 67_108_864 });
    const { jpeg } = await atDefaults.read(await readFile(join(__dirname, '../fixtures', name)), 'image');
    expect(cleanJpeg(jpeg)).not.toBeNull();
  });
});

describe('the shape of a photo', () => {
  const blank = (width: number, height: number): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: 'white' } })
      .png()
      .toBuffer();

  test.each([
    [16_384, 820],
    [2000, 100],
    [100, 2000],
  ])('of %i by %i is accepted', async (width, height) => {
    expect((await read(await blank(width, height))).kept).toBe(false);
  });

  test.each([
    [16_385, 900, '16384 pixels a side'],
    [2001, 100, '20 times'],
    [100, 2001, '20 times'],
  ])('of %i by %i is refused', async (width, height, says) => {
    expect((await refusal(await blank(width, height))).message).toContain(says);
  });

  test('a clean JPEG is refused by it as well', async () => {
    expect((await refusal(await jpegOf(2001, 100))).message).toContain('20 times');
  });
});

test.each(['heic', 'heix', 'mif1'])('an iPhone photo (%s) is refused with what to do', async (brand) => {
  const { message } = await refusal(
    Buffer.concat([Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1heic`, 'latin1'), Buffer.alloc(500)]),
  );
  expect(message).toContain('Most Compatible');
});

test.each([0.3, 0.9])('an AVIF that was cut off at %d is refused', async (share) => {
  const avif = await picture(200, 100).avif().toBuffer();
  await refusal(avif.subarray(0, avif.length * share));
});

describe('a damaged photo', () => {
  const cuts = (bytes: Buffer, count = 30): Buffer[] => [
    ...Array.from({ length: count }, (_, i) =>
      bytes.subarray(0, Math.floor((bytes.length * (i + 0.5)) / count)),
    ),
    bytes.subarray(0, -1),
    bytes.subarray(0, -2),
    bytes.subarray(0, -3),
  ];

  test.each([
    ['baseline JPEG', () => Promise.resolve(baseline)],
    ['progressive JPEG', () => Promise.resolve(progressive)],
    ['JPEG of 40 by 30 pixels', () => jpegOf(40, 30)],
    ['JPEG with EXIF', () => picture(300, 200).withMetadata({ orientation: 3 }).jpeg().toBuffer()],
    ['PNG', () => picture(300, 200).png().toBuffer()],
    ['WebP', () => picture(300, 200).webp().toBuffer()],
    ['lossless WebP', () => picture(300, 200).webp({ lossless: true }).toBuffer()],
  ])('a %s that was cut off anywhere is refused', async (_, make) => {
    const whole = await make();
    await expect(read(whole)).resolves.toBeDefined();
    for (const cut of cuts(whole)) await refusal(cut);
  });

  test.each([
    ['baseline', () => baseline, 0.8],
    ['progressive', () => progressive, 0.99],
  ])('a %s JPEG that was cut off and given a new end is refused', async (_, whole, until) => {
    for (const cut of cuts(whole()).filter(({ length }) => length < whole().length * until)) {
      await refusal(Buffer.concat([cut, EOI]));
    }
  });

  test('half of a small JPEG with a new end is refused', async () => {
    for (const [width, height] of [
      [64, 64],
      [160, 120],
      [320, 240],
    ] as const) {
      const jpeg = await jpegOf(width, height);
      await refusal(Buffer.concat([jpeg.subarray(0, (jpeg.length + 600) / 2), EOI]));
    }
  });

  test('a tall JPEG that lacks its lower half is refused', async () => {
    const jpeg = await jpegOf(200, 3000);
    await refusal(Buffer.concat([jpeg.subarray(0, jpeg.length * 0.6), EOI]));
  });

  test('changed bytes give a photo or a refusal, never anything else', async () => {
    const next = random(42);
    const samples = [
      await jpegOf(96, 64),
      await jpegOf(96, 64, { progressive: true }),
      await picture(96, 64)
        .withExif({ IFD0: { Copyright: 'x' } })
        .jpeg()
        .toBuffer(),
      await picture(96, 64).png().toBuffer(),
      await picture(96, 64).webp().toBuffer(),
    ];
    let photos = 0;
    let refusals = 0;
    for (const sample of samples) {
      for (let round = 0; round < 120; round++) {
        const bytes = Buffer.from(sample);
        // The headers, where parsers go wrong, are hit as often as the coded data.
        const range = round % 2 ? bytes.length : Math.min(bytes.length, 700);
        for (let flips = 1 + next(4); flips > 0; flips--) bytes[next(range)] = next(256);
        const outcome: unknown = await read(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(RollcallError);
          refusals++;
        } else {
          expect((await sharp((outcome as Photo).jpeg).metadata()).format).toBe('jpeg');
          photos++;
        }
      }
    }
    expect(photos).toBeGreaterThan(50);
    expect(refusals).toBeGreaterThan(50);
  });

  test('a refusal does not quote the photo', async () => {
    const { message } = await refusal(Buffer.from('\x89PNG\r\n\x1a\nSECRETNAME', 'latin1'));
    expect(message).not.toContain('SECRETNAME');
  });
});
