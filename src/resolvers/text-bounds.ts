import {
  defaultFieldResolver,
  getNamedType,
  GraphQLID,
  GraphQLString,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { badInput } from '../errors';

/** Longest text of any field, in characters. Each field has its own lower bound, which counts and matches characters. */
const MAX_TEXT = 131_072;

/**
 * Marks in a row, which Unicode's forms sort by the square of their number: 130,000 take 4 s. UAX #15 allows 30 in text
 * for streams. Invisible characters count, because they are removed before a text is compared, and so do the half-width
 * voicing marks, which become others.
 */
const MAX_MARKS = 30;
const MARKS = /[\p{M}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]+/gu;

/** Photos as text, which have a bound in bytes. */
const isPhoto = (field: string): boolean => field.endsWith('Base64');

/**
 * Puts a bound on every text of every operation, before anything compares, counts or searches it. Done on the built
 * schema, so that a new field has it too.
 */
export function boundTexts(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const checked = field.args.filter(({ type }) => hasText(type));
      if (checked.length === 0) continue;
      const check = (args: Readonly<Record<string, unknown>>): void => {
        for (const { name, type } of checked) checkTexts(type, args[name], name);
      };
      const { resolve = defaultFieldResolver, subscribe } = field;
      field.resolve = (source, args, context, info): unknown => {
        check(args as Readonly<Record<string, unknown>>);
        return resolve(source, args, context, info);
      };
      if (subscribe === undefined) continue;
      field.subscribe = (source, args, context, info): unknown => {
        check(args as Readonly<Record<string, unknown>>);
        return subscribe(source, args, context, info);
      };
    }
  }
}

const isText = (type: GraphQLInputType): boolean => type === GraphQLString || type === GraphQLID;

function hasText(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  return isText(named) || isInputObjectType(named);
}

/** @throws RollcallError BAD_USER_INPUT naming the field */
function checkTexts(type: GraphQLInputType, value: unknown, field: string): void {
  if (value === null || value === undefined) return;
  if (isNonNullType(type)) return checkTexts(type.ofType, value, field);
  if (isListType(type)) return (value as unknown[]).forEach((item) => checkTexts(type.ofType, item, field));
  if (isInputObjectType(type)) {
    for (const { name, type: inner } of Object.values(type.getFields())) {
      checkTexts(inner, (value as Readonly<Record<string, unknown>>)[name], name);
    }
    return;
  }
  if (!isText(type) || typeof value !== 'string' || isPhoto(field)) return;
  if (value.length > MAX_TEXT) throw badInput(field, `must have at most ${MAX_TEXT} characters`);
  if (hasManyMarks(value)) throw badInput(field, `must have at most ${MAX_MARKS} marks in a row`);
}

/** Each run is looked at once: a pattern that counts them would begin again at every mark. */
function hasManyMarks(text: string): boolean {
  for (const [run] of text.matchAll(MARKS)) {
    // Some of them have two units.
    if (run.length > MAX_MARKS && [...run].length > MAX_MARKS) return true;
  }
  return false;
}
