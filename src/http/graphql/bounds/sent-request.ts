import type { FastifyRequest } from 'fastify';
import { badInput, RollcallError } from '../../../errors';
import { checkNames, checkValues } from './sent-values';

/**
 * Longest document in characters. The longest of the pages has 2000, a full page with every field 5000; the rest is for
 * photos that are written into it. Reading takes 15 ns a character.
 */
const MAX_DOCUMENT = 1_048_576;
/** Longest name of an operation, in characters. */
const MAX_OPERATION_NAME = 256;
/** Longest text in `extensions`, where clients put hashes and their versions. */
const MAX_EXTENSION = 4096;

interface SentRequest {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

/**
 * Bounds every part of a GraphQL request, whichever way it came: a JSON body, the fields of a multipart body, or the
 * address. Nothing has read the parts before, but the JSON parser.
 * @returns the document; anything but a text is for Apollo to refuse
 * @throws RollcallError BAD_USER_INPUT naming the part and its bound
 */
export function boundedDocument({ method, body, query: address }: FastifyRequest): unknown {
  const inAddress = method === 'GET';
  const sent = (inAddress ? address : body) as SentRequest | null | undefined;
  if (typeof sent !== 'object' || sent === null) return undefined;
  checkNames(sent);
  const { query, operationName, variables, extensions } = sent;
  checkText(query, 'query', MAX_DOCUMENT);
  checkText(operationName, 'operationName', MAX_OPERATION_NAME);
  checkValues(inAddress ? fromJson(variables) : variables, 'variables');
  checkValues(inAddress ? fromJson(extensions) : extensions, 'extensions', MAX_EXTENSION);
  return query;
}

function checkText(value: unknown, name: string, max: number): void {
  if (typeof value === 'string' && value.length > max) {
    throw badInput(name, `must have at most ${max} characters`);
  }
}

/** Variables in an address are JSON, which Node bounds to 16 KB. What is no JSON is for Apollo to refuse. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') {
    if (value === undefined) return undefined;
    throw new RollcallError('BAD_USER_INPUT', 'Give variables and extensions once, as JSON');
  }
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
