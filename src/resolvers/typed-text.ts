import type { GraphQLObjectType } from 'graphql';
import { composed, typedId } from '../services/text/folded';

/** What people type or scan, by the name that every input gives it, and what the service makes of it. */
const TYPED: ReadonlyMap<string, (text: string) => string> = new Map([
  ['employeeId', typedId],
  ['code', typedId],
  ['search', composed],
  ['name', composed],
  ['recordedBy', composed],
]);

/** Lets every operation of a root type read typed text in the one form in which the service stores it. */
export function readTypedText(type: GraphQLObjectType | null | undefined): void {
  for (const field of Object.values(type?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = (source, args: Record<string, unknown>, context, info): unknown => {
      normalise(args);
      return resolve(source, args, context, info);
    };
  }
}

/** Validators refuse longer text; it is left as it is, since NFKC can make it 18 times as long. */
const MAX_TYPED = 2000;

/** No input of the schema nests deeper; what a client nests in a scalar is none of ours. */
const MAX_DEPTH = 8;

/** In place: the arguments are this operation's own, and a copy would lose the promises of uploads. */
function normalise(input: Record<string, unknown>, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  for (const [name, value] of Object.entries(input)) {
    if (typeof value === 'string') {
      const read = TYPED.get(name);
      if (read !== undefined && value.length <= MAX_TYPED) input[name] = read(value);
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
