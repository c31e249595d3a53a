import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { Field, ObjectType } from 'type-graphql';

/** A date on a calendar, as in 2026-03-29: 1970-01-01 to 2100-12-31. */
export type LocalDate = string;

/** A time of day on a clock on the wall, as in 22:00; whole minutes. */
export type LocalTime = string;

const DATE = /^(?:19[7-9]\d|20\d\d|2100)-\d\d-\d\d$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::00(?:\.000)?)?$/;

/** Whether a text is a date that exists, from 1970 to 2100. */
export const isLocalDate = (text: string): boolean => {
  if (!DATE.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
};

function scalarOf(name: string, description: string, read: (text: string) => string | null) {
  const parse = (value: unknown, node?: ValueNode): string => {
    const accepted = typeof value === 'string' ? read(value) : null;
    if (accepted !== null) return accepted;
    // The error formatter replaces these words by the bound, and finds the field by the node: see coercion-fault.ts.
    throw new GraphQLError(`${name} cannot represent this value`, node === undefined ? {} : { nodes: node });
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => value as string,
    parseValue: (value) => parse(value),
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null, node),
  });
}

export const LocalDateScalar = scalarOf(
  'LocalDate',
  'A date without a time and a time zone, YYYY-MM-DD, from 1970-01-01 to 2100-12-31.',
  (text) => (isLocalDate(text) ? text : null),
);

export const LocalTimeScalar = scalarOf(
  'LocalTime',
  'A time of day without a date and a time zone, HH:MM, from 00:00 to 23:59. Whole minutes.',
  (text) => (TIME.test(text) ? text.slice(0, 5) : null),
);

/** From one time of day to another. */
@ObjectType({
  description: 'From one time of day to another. If `to` is not after `from`, it is on the next day.',
})
export class TimeRange {
  @Field(() => LocalTimeScalar, { description: 'Begin of the range.' })
  from!: LocalTime;

  @Field(() => LocalTimeScalar, { description: 'End of the range.' })
  to!: LocalTime;
}
