/** Reads and writes protobuf messages, as far as ONNX models need it: integers and bytes. */

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

interface Field {
  readonly number: number;
  /** Of a varint. */
  readonly value: number;
  /** Of bytes: a view of the message, not a copy. */
  readonly bytes: Buffer;
  /** The field as it stands in the message, its number included. */
  readonly encoded: Buffer;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** The fields of a message. @throws RangeError where it ends too early */
export function* fields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const [number, kind] = [Math.floor(tag / 8), tag % 8];
    let value = 0;
    let bytes: Buffer = NOTHING;
    if (kind === VARINT) value = varint();
    else if (kind === BYTES) {
      const length = varint();
      if (at + length > message.length) throw new RangeError('The model ends within a field');
      bytes = message.subarray(at, at + length);
      at += length;
    } else if (kind === FIXED_32 || kind === FIXED_64) at += kind === FIXED_32 ? 4 : 8;
    else throw new RangeError(`Unknown kind of field: ${kind}`);
    yield { number, value, bytes, encoded: message.subarray(start, at) };
  }
}

/** A field with an integer, not below 0. */
export const integer = (number: number, value: number): Buffer =>
  Buffer.concat([varintOf(number * 8 + VARINT), varintOf(value)]);

/** A field with bytes, text or a message. */
export function bytes(number: number, content: Buffer | string): Buffer {
  const value = Buffer.from(content);
  return Buffer.concat([varintOf(number * 8 + BYTES), varintOf(value.length), value]);
}

function varintOf(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}
