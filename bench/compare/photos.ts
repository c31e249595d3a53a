import { join } from 'node:path';
import sharp from 'sharp';

const PORTRAIT = join(__dirname, '..', '..', 'test', 'fixtures', 'grace-hopper.jpg');

/** What a kiosk's camera gives, and what a telephone with 12 megapixels gives: pixels, and bytes at most. */
export const SIZES = {
  kiosk: { width: 640, height: 480, bytes: 62_000 },
  phone: { width: 3024, height: 4032, bytes: 4_000_000 },
} as const;

/** A portrait before a grey wall as a JPEG of this size, with the best quality that it holds. @returns base64 */
export async function portraitOf({
  width,
  height,
  bytes,
}: (typeof SIZES)['kiosk' | 'phone']): Promise<string> {
  const pixels = await sharp(PORTRAIT)
    .resize(width, height, { fit: 'contain', background: '#8c8c8c' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  for (let quality = 100; ; quality--) {
    const jpeg = await sharp(pixels).jpeg({ quality }).toBuffer();
    if (jpeg.length <= bytes) return jpeg.toString('base64');
  }
}
