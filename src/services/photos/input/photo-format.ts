/** A picture format by content. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'heic';

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';
/** Brands in the header of AVIF files, and of files that telephones write with HEVC. */
const AVIF = /avi[fs]/;
const HEIC = /hei[cxms]|hev[cxms]|mif1|msf1/;
const LONGEST_BRANDS = 256;

/** By the first bytes, never by a claimed type or a file name. @returns null: none of these */
export function formatOf(bytes: Buffer): PhotoFormat | null {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith(PNG_SIGNATURE)) return 'png';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'webp';
  if (start.slice(4, 8) !== 'ftyp') return null;
  const brands = bytes.toString('latin1', 8, Math.min(bytes.readUInt32BE(0), LONGEST_BRANDS));
  if (AVIF.test(brands)) return 'avif';
  return HEIC.test(brands) ? 'heic' : null;
}
