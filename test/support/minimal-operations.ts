import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { literal, Verbatim } from './hostile';

/** An operation of the schema, called with as little as it takes. */
export interface MinimalOperation {
  readonly name: string;
  /** e.g. Query.offices */
  readonly coordinate: string;
  readonly document: string;
}

/** The least that a type takes. */
export function minimal(type: GraphQLInputType): unknown {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return Object.fromEntries(required.map(({ name, type: inner }) => [name, minimal(inner)]));
  }
  if (isEnumType(named)) return new Verbatim(named.getValues()[0]?.name ?? '');
  return (
    {
      Int: 1,
      Float: 1,
      Boolean: true,
      DateTimeISO: '2026-01-01T00:00:00Z',
      LocalDate: '2026-01-01',
      LocalTime: '09:00',
    }[named.name] ?? 'x'
  );
}

export function minimalOperations(schema: GraphQLSchema): MinimalOperation[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {}).map(({ name, args, type }) => {
      const given = args
        .filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)
        .map((arg) => `${arg.name}: ${literal(minimal(arg.type))}`);
      const call = given.length === 0 ? '' : `(${given.join(', ')})`;
      const selection = isCompositeType(getNamedType(type)) ? '{ __typename }' : '';
      return {
        name,
        coordinate: `${root?.name}.${name}`,
        document: `${kind} { ${name}${call} ${selection} }`,
      };
    }),
  );
}
