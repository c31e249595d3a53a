import type { GraphQLObjectType } from 'graphql';
import { westernDigits } from '../services/employees/western-digits';

/** What people type or scan, wherever it is in an input: an employeeId, a pairing code, a search. */
const TYPED = new Set(['employeeId', 'code', 'search']);

/** Lets every operation of a root type read the digits of any script in what people type. */
export function readTypedDigits(type: GraphQLObjectType | null | undefined): void {
  for (const field of Object.values(type?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = (source, args: Record<string, unknown>, context, info): unknown => {
      normalise(args);
      return resolve(source, args, context, info);
    };
  }
}

/** No input of the schema nests deeper; what a client nests in a scalar is none of ours. */
const MAX_DEPTH = 8;

/** In place: the arguments are this operation's own, and a copy would lose the promises of uploads. */
function normalise(input: Record<string, unknown>, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  for (const [name, value] of Object.entries(input)) {
    if (typeof value === 'string') {
      if (TYPED.has(name)) input[name] = westernDigits(value);
    } else {
      for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (isInput(each)) normalise(each, depth + 1);
      }
    }
  }
}

/** An input object as GraphQL makes it, without a prototype; not a photo, a date or a promise. */
const isInput = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};
