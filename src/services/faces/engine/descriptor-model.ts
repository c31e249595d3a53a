import { badInput } from '../../../errors';
import type { Descriptor } from './descriptor';

/**
 * Euclidean norms that a descriptor may have. Real ones of dlib's model measure 1.2 to 1.7; below the lower bound the
 * direction is noise (and a zero vector has none), above the upper one Float32 arithmetic comes near its end.
 */
const MIN_NORM = 0.1;
const MAX_NORM = 100;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The model that this service's descriptors come from; those of another are never compared with them. */
export class DescriptorModel {
  private readonly bytes: number;
  private readonly base64Length: number;

  /**
   * @param id e.g. dlib-resnet-128
   * @param dimension numbers in a descriptor: a multiple of 8, up to 1024
   */
  constructor(
    readonly id: string,
    readonly dimension: number,
  ) {
    this.bytes = dimension * 4;
    this.base64Length = Math.ceil(this.bytes / 3) * 4;
  }

  /**
   * Reads a descriptor from what a client sent: a list of numbers, or the base64 of Float32 numbers, little-endian.
   * Messages never quote the value: a vector is as private as a face.
   * @throws RollcallError BAD_USER_INPUT naming `field` and the bound
   */
  read(value: unknown, field = 'faceDescriptor'): Descriptor {
    const descriptor =
      typeof value === 'string' ? this.fromBase64(value, field) : this.fromList(value, field);
    let squares = 0;
    for (const x of descriptor) {
      if (!Number.isFinite(x)) throw badInput(field, 'every number must be finite (no NaN, no Infinity)');
      squares += x * x;
    }
    const norm = Math.sqrt(squares);
    // Written so that a NaN fails too.
    if (!(norm >= MIN_NORM && norm <= MAX_NORM)) {
      throw badInput(field, `Euclidean norm must be ${MIN_NORM} to ${MAX_NORM}`);
    }
    return descriptor;
  }

  private fromList(value: unknown, field: string): Descriptor {
    const { dimension } = this;
    if (!Array.isArray(value)) {
      throw badInput(field, `must be a list of ${dimension} numbers, or base64 of ${this.bytes} bytes`);
    }
    if (value.length !== dimension) {
      throw badInput(field, `must have exactly ${dimension} numbers, not ${value.length}`);
    }
    const descriptor = new Float64Array(dimension);
    for (let i = 0; i < dimension; i++) {
      const x: unknown = value[i];
      if (typeof x !== 'number') throw badInput(field, `every entry must be a number; entry ${i} is not`);
      descriptor[i] = x;
    }
    return descriptor;
  }

  private fromBase64(text: string, field: string): Descriptor {
    const { dimension, bytes } = this;
    const fault = `must be base64 of exactly ${bytes} bytes (${dimension} Float32, little-endian)`;
    // Node's decoder skips unknown characters, so the form is checked first.
    if (text.length !== this.base64Length || !BASE64.test(text)) throw badInput(field, fault);
    const decoded = Buffer.from(text, 'base64');
    if (decoded.length !== bytes) throw badInput(field, fault);
    const descriptor = new Float64Array(dimension);
    for (let i = 0; i < dimension; i++) descriptor[i] = decoded.readFloatLE(i * 4);
    return descriptor;
  }
}
