const EOI = 0xd9;
const SOS = 0xda;
const DRI = 0xdd;
const APP0 = 0xe0;
/** Cameras write up to 30 segments, and one more for every 64 KB of metadata. */
const MAX_SEGMENTS = 2000;
/** Progressive pictures have 10 scans. Decoding each one more walks over the whole picture again. */
const MAX_SCANS = 20;
/** Frame headers. 0xc4, 0xc8 and 0xcc are other segments. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** Baseline and extended sequential. */
const isSequential = (marker: number): boolean => marker === 0xc0 || marker === 0xc1;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/**
 * Takes the place of the end marker. A decoder reads at most eight bytes ahead of the last line. One that needs more
 * lacks data, runs past the end of the file, and says so. All ones are a code that no picture uses: they complete at
 * most two blocks.
 */
const READ_AHEAD = Buffer.concat(Array.from({ length: 8 }, () => Buffer.from([0xff, 0x00])));

interface Segment {
  readonly marker: number;
  /** Positions of the marker and behind the segment's header and body. */
  readonly start: number;
  readonly end: number;
  /** Behind the coded data that follows; `end` if none does. */
  readonly codedEnd: number;
}

/** A JPEG whose segments were found. */
export interface JpegParts {
  readonly bytes: Buffer;
  readonly segments: readonly Segment[];
  readonly frame: Segment;
}

/**
 * Finds the segments of a JPEG, also between stray bytes, as decoders do. It looks at headers, never at coded data.
 * @returns null: the file has no frame, no scan or no end
 */
export function jpegParts(bytes: Buffer): JpegParts | null {
  const segments: Segment[] = [];
  let frame: Segment | null = null;
  let scans = 0;
  let at = nextMarker(bytes, 2);
  while (at !== -1) {
    const marker = bytes.readUInt8(at + 1);
    if (marker === EOI) return frame !== null && scans > 0 ? { bytes, segments, frame } : null;
    if (at + 4 > bytes.length) return null;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end < at + 4 || end > bytes.length) return null;
    const codedEnd = marker === SOS ? nextMarker(bytes, end) : end;
    if (codedEnd === -1) return null;
    const segment = { marker, start: at, end, codedEnd };
    segments.push(segment);
    if (marker === SOS) scans += 1;
    if (isFrame(marker)) frame ??= segment;
    at = nextMarker(bytes, codedEnd);
  }
  return null;
}

/**
 * Whether a JPEG has more segments or scans than any camera writes. To be asked before a decoder sees it, which keeps
 * each segment and walks over the whole picture for each scan.
 */
export function isOverloadedJpeg(bytes: Buffer): boolean {
  let segments = 0;
  let scans = 0;
  for (let at = nextMarker(bytes, 2); at !== -1 && at + 4 <= bytes.length;) {
    const marker = bytes[at + 1] as number;
    if (marker === EOI) return false;
    segments += 1;
    if (marker === SOS) scans += 1;
    if (segments > MAX_SEGMENTS || scans > MAX_SCANS) return true;
    at = nextMarker(bytes, at + 2 + Math.max(2, bytes.readUInt16BE(at + 2)));
  }
  return false;
}

/**
 * The position of the next marker that is neither stuffing, filling nor a restart; -1: there is none. Byte by byte: a
 * native search for each 0xFF takes a second if every second byte is one.
 */
function nextMarker(bytes: Buffer, start: number): number {
  for (let at = start; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] as number;
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return -1;
}

/**
 * The picture in a file that decoders do not complain about: without stray bytes between segments and behind the end,
 * with the scan parameters that a sequential picture always has (some cameras write others, and no decoder uses them),
 * and with a known JFIF version.
 */
export function tidied({ bytes, segments, frame }: JpegParts): Buffer {
  const parts = segments.map(({ marker, start, end, codedEnd }) => {
    const part = Buffer.from(bytes.subarray(start, codedEnd));
    const body = part.subarray(4, end - start);
    if (marker === SOS && isSequential(frame.marker) && body.length >= 4) {
      body.set([0, 63, 0], body.length - 3);
    }
    if (marker === APP0 && body.toString('latin1', 0, 5) === 'JFIF\0' && body.length > 6) body.set([1, 1], 5);
    return part;
  });
  return Buffer.concat([bytes.subarray(0, 2), ...parts, Buffer.from([0xff, EOI])]);
}

/**
 * The picture without its end marker: decoding it fails if the coded data does not reach to the last line, whatever
 * else a decoder finds odd.
 * @returns null: the picture has several scans, which need the marker
 */
export function openEnded({ bytes, segments, frame }: JpegParts): Buffer | null {
  const scans = segments.filter(({ marker }) => marker === SOS);
  const [scan] = scans;
  if (scan === undefined || scans.length > 1 || !isSequential(frame.marker)) return null;
  return Buffer.concat([bytes.subarray(0, scan.codedEnd), READ_AHEAD]);
}

/**
 * Whether all restart markers of a picture with one scan are there. A decoder leaves the lines of a missing one grey
 * and goes on behind it.
 */
export function hasAllRestarts({ bytes, segments, frame }: JpegParts): boolean {
  const restart = segments.findLast(({ marker }) => marker === DRI);
  const interval = restart === undefined ? 0 : bytes.readUInt16BE(restart.start + 4);
  const scan = segments.find(({ marker }) => marker === SOS);
  if (interval === 0 || scan === undefined) return true;
  const expected = Math.ceil(unitsOf(bytes, frame) / interval) - 1;
  let found = 0;
  for (let at = scan.end; at < scan.codedEnd; at++) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || !isRestart(next)) continue;
    if (next !== 0xd0 + (found % 8)) return false;
    found += 1;
  }
  return found === expected;
}

/** Units (MCU) of the picture that restarts are counted in. */
function unitsOf(bytes: Buffer, { start, end }: Segment): number {
  const body = bytes.subarray(start + 4, end);
  if (body.length < 9) return 0;
  const [height, width, components] = [body.readUInt16BE(1), body.readUInt16BE(3), body.readUInt8(5)];
  // A single component is not interleaved: its unit is one block, for any sampling.
  const sampling = Array.from(
    { length: components === 1 ? 0 : components },
    (_, i) => body[7 + 3 * i] ?? 0x11,
  );
  const across = 8 * Math.max(1, ...sampling.map((factors) => factors >> 4));
  const down = 8 * Math.max(1, ...sampling.map((factors) => factors & 15));
  return Math.ceil(width / across) * Math.ceil(height / down);
}

/** The bytes whose decoding shows that the coded data reaches to the last line, if that can be shown. */
export function wholeJpeg(bytes: Buffer): Buffer {
  const parts = jpegParts(bytes);
  return (parts && openEnded(parts)) ?? bytes;
}
