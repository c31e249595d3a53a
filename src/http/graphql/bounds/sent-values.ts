import { RollcallError } from '../../../errors';
import { JSON_LIMITS, tooDeep, tooMany } from './json-text';

/** Longest name of a variable or field, in characters. The longest of the schema has 30. */
const MAX_NAME = 200;

/** Names that would change an object's prototype instead of a value. */
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Counts what a client sent, before anything else looks at it. Uploads are objects of the multipart parser, and count as
 * one value.
 * @param maxText longest text, in characters
 * @throws RollcallError BAD_USER_INPUT naming the bound
 */
export function checkValues(sent: unknown, name: string, maxText = Infinity): void {
  let values = 0;
  const waiting: [value: unknown, depth: number][] = [[sent, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, depth] = next;
    values += 1;
    if (values > JSON_LIMITS.values) throw tooMany();
    if (depth > JSON_LIMITS.depth) throw tooDeep();
    if (typeof value === 'string' && value.length > maxText) {
      throw new RollcallError('BAD_USER_INPUT', `${name}: a text must have at most ${maxText} characters`);
    }
    if (!isPlain(value)) continue;
    const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (values + items.length > JSON_LIMITS.values) throw tooMany();
    if (!Array.isArray(value)) checkNames(value);
    for (const item of items) waiting.push([item, depth + 1]);
  }
}

/** @throws RollcallError BAD_USER_INPUT for a name that is too long or would change a prototype */
export function checkNames(object: object): void {
  for (const name of Object.keys(object)) {
    if (name.length <= MAX_NAME && !POISON.has(name)) continue;
    throw new RollcallError(
      'BAD_USER_INPUT',
      `The body must be a JSON object with GraphQL names of at most ${MAX_NAME} characters`,
    );
  }
}

/** A list or an object of JSON; not a class's, whose prototype has one itself. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
