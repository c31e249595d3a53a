/** Length, type and checksum of a chunk. */
const FRAME_BYTES = 12;
const SIGNATURE_BYTES = 8;
/** Pictures come in chunks of 8 KB, or in larger ones. */
const MAX_CHUNKS = 20_000;
/** Chunks that are unfolded, up to a thousandfold, before anything of the picture is known. */
const COMPRESSED = new Set(['zTXt', 'iTXt', 'iCCP']);
/** Cameras and editors write up to five. */
const MAX_COMPRESSED = { chunks: 20, bytes: 1_048_576 } as const;

/** Whether a PNG has more chunks, or more compressed text, than any camera or editor writes. */
export function isOverloadedPng(bytes: Buffer): boolean {
  let chunks = 0;
  let compressed = 0;
  let compressedBytes = 0;
  for (let at = SIGNATURE_BYTES; at + FRAME_BYTES <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    chunks += 1;
    if (COMPRESSED.has(bytes.toString('latin1', at + 4, at + 8))) {
      compressed += 1;
      compressedBytes += length;
    }
    if (chunks > MAX_CHUNKS || compressed > MAX_COMPRESSED.chunks || compressedBytes > MAX_COMPRESSED.bytes) {
      return true;
    }
    at += FRAME_BYTES + length;
  }
  return false;
}
