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
  if (isText(type) && typeof value === 'string' && value.length > MAX_TEXT && !isPhoto(field)) {
    throw badInput(field, `must have at most ${MAX_TEXT} characters`);
  }
}
