import { bytes, fields, integer } from './protobuf';

/** Field numbers of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5 } as const;
const NODE = { input: 1, output: 2, name: 3, type: 4, attribute: 5 } as const;
const TENSOR = { dimension: 1, type: 2, name: 8, data: 9 } as const;
const ATTRIBUTE = { name: 1, int: 3, ints: 8, type: 20 } as const;
/** Values of an attribute's type. */
const INT = 2;
const INTS = 7;
/** Value of a tensor's type. */
const FLOAT = 1;

/** An operation of a model. */
export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Weights. `data` is a view of the model. */
export interface Weights {
  readonly name: string;
  readonly data: Buffer;
}

/** The graph of a model. @throws Error where there is none */
function graphOf(model: Buffer): Buffer {
  for (const { number, bytes } of fields(model)) if (number === MODEL_GRAPH) return bytes;
  throw new Error('The file is no ONNX model');
}

/** The weights of a model that are float numbers. */
export function floatWeights(model: Buffer): Weights[] {
  const found: Weights[] = [];
  for (const initializer of fields(graphOf(model))) {
    if (initializer.number !== GRAPH.initializer) continue;
    const tensor = [...fields(initializer.bytes)];
    const bytesOf = (field: number): Buffer | undefined =>
      tensor.find(({ number }) => number === field)?.bytes;
    const data = bytesOf(TENSOR.data);
    if (
      data === undefined ||
      !tensor.some(({ number, value }) => number === TENSOR.type && value === FLOAT)
    ) {
      continue;
    }
    found.push({ name: String(bytesOf(TENSOR.name)), data });
  }
  return found;
}

/**
 * A model with other nodes and further weights.
 * @param replace takes each node, and gives what it becomes as encoded nodes; null: it stays
 * @param weights encoded
 */
export function rewritten(
  model: Buffer,
  replace: (node: Node) => readonly Buffer[] | null,
  weights: () => readonly Buffer[],
): Buffer {
  const parts: Buffer[] = [];
  for (const { number, bytes: content, encoded } of fields(graphOf(model))) {
    const nodes = number === GRAPH.node ? replace(nodeOf(content)) : null;
    if (nodes === null) parts.push(encoded);
    else parts.push(...nodes.map((node) => bytes(GRAPH.node, node)));
  }
  parts.push(...weights().map((tensor) => bytes(GRAPH.initializer, tensor)));
  const graph = bytes(MODEL_GRAPH, Buffer.concat(parts));
  return Buffer.concat(
    [...fields(model)].map(({ number, encoded }) => (number === MODEL_GRAPH ? graph : encoded)),
  );
}

function nodeOf(message: Buffer): Node {
  const node = { type: '', inputs: [] as string[], outputs: [] as string[] };
  for (const { number, bytes } of fields(message)) {
    if (number === NODE.input) node.inputs.push(String(bytes));
    else if (number === NODE.output) node.outputs.push(String(bytes));
    else if (number === NODE.type) node.type = String(bytes);
  }
  return node;
}

/** @param attributes encoded */
export const encodeNode = ({ type, inputs, outputs }: Node, attributes: readonly Buffer[] = []): Buffer =>
  Buffer.concat([
    ...inputs.map((name) => bytes(NODE.input, name)),
    ...outputs.map((name) => bytes(NODE.output, name)),
    bytes(NODE.name, String(outputs[0])),
    bytes(NODE.type, type),
    ...attributes.map((attribute) => bytes(NODE.attribute, attribute)),
  ]);

export const intAttribute = (name: string, value: number): Buffer =>
  Buffer.concat([bytes(ATTRIBUTE.name, name), integer(ATTRIBUTE.int, value), integer(ATTRIBUTE.type, INT)]);

export const intsAttribute = (name: string, values: readonly number[]): Buffer =>
  Buffer.concat([
    bytes(ATTRIBUTE.name, name),
    ...values.map((value) => integer(ATTRIBUTE.ints, value)),
    integer(ATTRIBUTE.type, INTS),
  ]);

/** Float weights. */
export const encodeWeights = (name: string, dimensions: readonly number[], values: Float32Array): Buffer =>
  Buffer.concat([
    ...dimensions.map((dimension) => integer(TENSOR.dimension, dimension)),
    integer(TENSOR.type, FLOAT),
    bytes(TENSOR.name, name),
    bytes(TENSOR.data, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);
