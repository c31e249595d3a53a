import qrcode from 'qrcode-generator';
import sharp from 'sharp';

/** Modules of white around the code, which readers want. */
const QUIET = 4;
const MODULE_PIXELS = 10;

/** A badge that says a number as a QR code, as PNG. */
export async function badgeOf(employeeId: string): Promise<Buffer> {
  const code = qrcode(0, 'M');
  code.addData(employeeId);
  code.make();
  const side = code.getModuleCount() + 2 * QUIET;
  const isDark = (row: number, column: number): boolean =>
    [row, column].every((place) => place >= 0 && place < side - 2 * QUIET) && code.isDark(row, column);
  const pixels = Buffer.from(
    Array.from({ length: side * side }, (_, i) =>
      isDark(Math.floor(i / side) - QUIET, (i % side) - QUIET) ? 0 : 255,
    ),
  );
  return await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .resize(side * MODULE_PIXELS, side * MODULE_PIXELS, { kernel: 'nearest' })
    .png()
    .toBuffer();
}
