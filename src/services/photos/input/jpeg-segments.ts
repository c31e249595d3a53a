const SOI = 0xffd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP14 = 0xee;
/** What cameras and browsers write has up to 30, and a look at each takes time. */
const MAX_SEGMENTS = 200;
/** More are overloaded (`jpeg-repair.ts`). */
const MAX_SCANS = 20;
/** Baseline, extended sequential, progressive: what cameras and browsers write. */
const PROGRESSIVE = 0xc2;
const FRAMES: readonly number[] = [0xc0, 0xc1, PROGRESSIVE];

/** What the frame of a JPEG says of its picture, by the names that the decoder's header has. */
export interface CleanJpeg {
  readonly format: 'jpeg';
  readonly width: number;
  readonly height: number;
  /** Grey, or colours. */
  readonly channels: 1 | 3;
  /** Whether it comes in several scans. */
  readonly isProgressive: boolean;
  /** '4:4:4' also if colours have another share of the pixels than a quarter. */
  readonly chromaSubsampling: '4:2:0' | '4:4:4';
}

/**
 * The header of a JPEG that holds nothing but its picture: no EXIF (position, time, device), XMP, profile, comment,
 * thumbnail or second file behind the end, so that it may be stored byte for byte.
 *
 * This is no JPEG reader and must not grow into one: it looks at the fixed headers of segments, never at coded
 * data, and its answer decides only whether re-encoding may be skipped. Everything it does not know is "no"; a
 * wrong "no" costs processor time, and whether the picture can be decoded is proved by the real decoder.
 * @returns null: no
 */
export function cleanJpeg(bytes: Buffer): CleanJpeg | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== SOI) return null;
  let header: CleanJpeg | null = null;
  let segments = 0;
  let scans = 0;
  let at = 2;
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === EOI) {
      if (header === null || scans === 0 || at + 2 !== bytes.length) return null;
      return { ...header, isProgressive: header.isProgressive || scans > 1 };
    }

    if (at + 4 > bytes.length) return null;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const body = at + 4;
    if (end < body || end > bytes.length) return null;
    segments += 1;
    if (segments > MAX_SEGMENTS || scans > MAX_SCANS) return null;
    if (FRAMES.includes(marker)) {
      // A second frame would be a second picture.
      if (header !== null) return null;
      header = headerOf(marker, bytes.subarray(body, end));
      if (header === null) return null;
    } else if (marker === SOS) {
      scans += 1;
    } else if (!isPlainSegment(marker, bytes.subarray(body, end))) {
      return null;
    }
    at = marker === SOS ? endOfCodedData(bytes, end) : end;
  }
  return null;
}

function isPlainSegment(marker: number, body: Buffer): boolean {
  switch (marker) {
    case DQT:
    case DHT:
      return true;
    case DRI:
      return body.length === 2;
    case APP0:
      // JFIF with a thumbnail of 0 x 0: an older picture of somebody could hide in it.
      return body.length === 14 && body.toString('latin1', 0, 5) === 'JFIF\0' && body.readUInt16BE(12) === 0;
    case APP14:
      // Transform 1 is YCbCr; RGB, CMYK and YCCK are left to the decoder to convert.
      return body.length === 12 && body.toString('latin1', 0, 5) === 'Adobe' && body[11] === 1;
    default:
      return false;
  }
}

/** @returns null: not 8 bits a sample, or neither grey nor three components (CMYK looks inverted in half of the viewers) */
function headerOf(marker: number, body: Buffer): CleanJpeg | null {
  const channels = body[5];
  if (body[0] !== 8 || (channels !== 1 && channels !== 3) || body.length !== 6 + 3 * channels) return null;
  const [height, width] = [body.readUInt16BE(1), body.readUInt16BE(3)];
  // A height of 0 is given after the picture.
  if (width === 0 || height === 0) return null;
  const isQuarter = channels === 3 && body[7] === 0x22 && body[10] === 0x11 && body[13] === 0x11;
  return {
    ...{ format: 'jpeg', width, height, channels },
    isProgressive: marker === PROGRESSIVE,
    chromaSubsampling: isQuarter ? '4:2:0' : '4:4:4',
  };
}

/** The position of the next marker after coded data: there, 0xFF is a marker unless 0 or a restart number follows. */
function endOfCodedData(bytes: Buffer, start: number): number {
  for (let at = start; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] as number;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
    at += 1;
  }
  return bytes.length;
}
