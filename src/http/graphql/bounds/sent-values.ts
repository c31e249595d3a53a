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
    const keys = Array.isArray(value) ? null : Object.keys(value);
    if (values + (keys ?? (value as unknown[])).length > JSON_LIMITS.values) throw tooMany();
    keys?.forEach(checkName);
    for (const item of Object.values(value)) waiting.push([item, depth + 1]);
  }
}

function checkName(name: string): void {
  if (name.length <= MAX_NAME && !POISON.has(name)) return;
  throw new RollcallError(
    'BAD_USER_INPUT',
    `A name in the variables must be a GraphQL name of at most ${MAX_NAME} characters`,
  );
}

/** A list or an object of JSON; not a class's, whose prototype has one itself. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
