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
/** Baseline, extended sequential, progressive: what cameras and browsers write. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];

/**
 * Whether a JPEG holds nothing but its picture: no EXIF (position, time, device), XMP, profile, comment, thumbnail
 * or second file behind the end, so that it may be stored byte for byte.
 *
 * This is no JPEG reader and must not grow into one: it looks at the fixed headers of segments, never at coded
 * data, and its answer decides only whether re-encoding may be skipped. Everything it does not know is "no"; a
 * wrong "no" costs processor time, and whether the picture can be decoded is proved by the real decoder.
 */
export function isCleanJpeg(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== SOI) return false;
  let frames = 0;
  let segments = 0;
  let scans = 0;
  let at = 2;
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes.readUInt8(at + 1);
    if (marker === EOI) return frames === 1 && scans > 0 && at + 2 === bytes.length;

    if (at + 4 > bytes.length) return false;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const body = at + 4;
    if (end < body || end > bytes.length) return false;
    segments += 1;
    if (segments > MAX_SEGMENTS) return false;
    if (FRAMES.includes(marker)) {
      frames += 1;
      if (!isPlainFrame(bytes.subarray(body, end))) return false;
    } else if (marker === SOS) {
      scans += 1;
    } else if (!isPlainSegment(marker, bytes.subarray(body, end))) {
      return false;
    }
    at = marker === SOS ? endOfCodedData(bytes, end) : end;
  }
  return false;
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

/** 8 bits a sample, grey or three components: CMYK looks inverted in half of the world's viewers. */
function isPlainFrame(body: Buffer): boolean {
  const components = body[5];
  return body[0] === 8 && (components === 1 || components === 3) && body.length === 6 + 3 * components;
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
