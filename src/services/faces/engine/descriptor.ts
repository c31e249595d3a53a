/** A face descriptor as it was sent: finite float64 numbers with a norm of 0.1 to 100. */
export type Descriptor = Float64Array;

/** The bytes that are stored: Float32, little-endian, not normalised. */
export function encodeTemplate(descriptor: Descriptor): Buffer {
  const bytes = Buffer.allocUnsafe(descriptor.length * 4);
  descriptor.forEach((x, i) => bytes.writeFloatLE(x, i * 4));
  return bytes;
}

/** Stored bytes as numbers. Copies: `pg` gives slices of pooled buffers, which may be unaligned and are reused. */
export function decodeTemplate(bytes: Buffer): Float32Array {
  const vector = new Float32Array(bytes.length / 4);
  for (let i = 0; i < vector.length; i++) vector[i] = bytes.readFloatLE(i * 4);
  return vector;
}
