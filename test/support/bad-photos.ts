import { crc32, deflateSync } from 'node:zlib';
import { photo } from './photos';

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A whole and valid PNG of black pixels, one bit each: 30,000 a side are 900 million pixels in some 110 KB. */
function blackPng(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const rows = Buffer.alloc(side * (1 + Math.ceil(side / 8)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A whole and valid PNG of black pixels, a byte each. @param extra chunks in front of the picture */
export function grayPng(width: number, height: number, extra: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(Buffer.alloc(height * (1 + width)), { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>',
);

/** What claims to be a photo and is none, with what the refusal has to say. */
export const badPhotos: readonly (readonly [what: string, bytes: () => Buffer, says: RegExp])[] = [
  ['nothing at all', () => Buffer.alloc(0), /empty/],
  ['plain text', () => Buffer.from('This is not a photo. '.repeat(20)), /must be a JPEG, PNG or WebP/],
  ['an SVG', () => SVG, /must be a JPEG, PNG or WebP/],
  [
    'HTML behind the header of a JPEG',
    () =>
      Buffer.concat([
        photo('sample.jpg').subarray(0, 20),
        Buffer.from('<html><script>alert(1)</script>'.repeat(9)),
      ]),
    /truncated, corrupt or not a JPEG, PNG or WebP/,
  ],
  ['a JPEG cut in half', () => half(photo('grace-hopper.jpg')), /truncated, corrupt/],
  ['a PNG cut in half', () => half(photo('photo.png')), /truncated, corrupt/],
  ['a WebP cut in half', () => half(photo('photo.webp')), /truncated, corrupt/],
  ['a PNG of 30000 × 30000', () => blackPng(30_000), /must have at most 67108864 pixels/],
  [
    'a JPEG of 27 MB',
    () => Buffer.concat([photo('grace-hopper.jpg'), Buffer.alloc(27_000_000, 'a')]),
    /must have at most 26214400 bytes/,
  ],
];

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);
