/** A picture in memory; browsers have it too, so nothing of Node or a decoder is in here. */
export interface Pixels {
  /** Red, green, blue, a byte each, row by row. */
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}
