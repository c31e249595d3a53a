/** Perceived brightness of a pixel, 0 to 255 (ITU-R BT.601). @param index of its red value */
export const luma = (rgb: Uint8Array | Float32Array, index: number): number =>
  0.299 * (rgb[index] as number) + 0.587 * (rgb[index + 1] as number) + 0.114 * (rgb[index + 2] as number);

/** The mean of a whole picture. */
export function meanLuma(rgb: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < rgb.length; i += 3) sum += luma(rgb, i);
  return (sum * 3) / rgb.length;
}
