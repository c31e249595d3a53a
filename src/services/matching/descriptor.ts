import { badInput } from '../../errors';

/** Numbers in a face descriptor of dlib's ResNet, as face-api gives it. */
export const DESCRIPTOR_DIMENSION = 128;

/** Which model the descriptors of clients come from; templates of different models are never compared. */
export const DEFAULT_MODEL_ID = 'dlib-resnet-128';

/**
 * Euclidean norms that a descriptor may have. Real ones measure 1.2 to 1.7; below the lower bound the direction is
 * noise (and a zero vector has none), above the upper one Float32 arithmetic comes near its end.
 */
const MIN_NORM = 0.1;
const MAX_NORM = 100;

const BYTES = DESCRIPTOR_DIMENSION * 4;
const BASE64_LENGTH = Math.ceil(BYTES / 3) * 4;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A face descriptor as it was sent: 128 finite float64 numbers with a norm of 0.1 to 100. */
export type Descriptor = Float64Array;

/**
 * Reads a descriptor from what a client sent: a list of 128 numbers, or the base64 of 512 bytes (Float32,
 * little-endian). Messages never quote the value: a vector is as private as a face.
 * @throws RollcallError BAD_USER_INPUT naming `field` and the bound
 */
export function parseDescriptor(value: unknown, field = 'faceDescriptor'): Descriptor {
  const descriptor = typeof value === 'string' ? fromBase64(value, field) : fromList(value, field);
  let squares = 0;
  for (const x of descriptor) {
    if (!Number.isFinite(x)) throw badInput(field, 'every number must be finite (no NaN, no Infinity)');
    squares += x * x;
  }
  const norm = Math.sqrt(squares);
  // Written so that a NaN fails too.
  if (!(norm >= MIN_NORM && norm <= MAX_NORM)) {
    throw badInput(
      field,
      `its Euclidean norm must be ${MIN_NORM} to ${MAX_NORM}; no face model gives another`,
    );
  }
  return descriptor;
}

function fromList(value: unknown, field: string): Float64Array {
  if (!Array.isArray(value)) {
    throw badInput(
      field,
      `must be a list of ${DESCRIPTOR_DIMENSION} numbers or the base64 of ${BYTES} bytes`,
    );
  }
  if (value.length !== DESCRIPTOR_DIMENSION) {
    throw badInput(field, `must have exactly ${DESCRIPTOR_DIMENSION} numbers, not ${value.length}`);
  }
  const descriptor = new Float64Array(DESCRIPTOR_DIMENSION);
  for (let i = 0; i < DESCRIPTOR_DIMENSION; i++) {
    const x: unknown = value[i];
    if (typeof x !== 'number') throw badInput(field, `every entry must be a number; entry ${i} is not`);
    descriptor[i] = x;
  }
  return descriptor;
}

function fromBase64(text: string, field: string): Float64Array {
  const fault = `as base64 it must be that of exactly ${BYTES} bytes (${DESCRIPTOR_DIMENSION} Float32, little-endian)`;
  // Node's decoder skips what it does not know, so the form is checked first.
  if (text.length !== BASE64_LENGTH || !BASE64.test(text)) throw badInput(field, fault);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== BYTES) throw badInput(field, fault);
  const descriptor = new Float64Array(DESCRIPTOR_DIMENSION);
  for (let i = 0; i < DESCRIPTOR_DIMENSION; i++) descriptor[i] = bytes.readFloatLE(i * 4);
  return descriptor;
}

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
