import * as graphql from 'graphql';

/** What an example sends, by the name of the argument or field: a reader learns more from it than from "text". */
const SAMPLES: Readonly<Record<string, string>> = {
  code: 'ABCD-EFGH',
  employeeId: 'GH-1906',
  employeeIds: 'GH-1906',
  imageBase64: '<base64 of a JPEG, PNG or WebP>',
  name: 'Grace Hopper',
  reason: 'The camera is broken',
  recordedBy: 'HR',
  requestId: '5e0f8e5c-7d5b-4f0e-9b58-0a1f5d3c2b1a',
  role: 'VIEWER',
  version: '2026-01 en',
};
const BY_TYPE: Readonly<Record<string, unknown>> = {
  Boolean: true,
  DateTimeISO: '2026-01-31T08:00:00.000Z',
  LocalDate: '2026-01-31',
  LocalTime: '08:00',
  MinutesOrPlan: 480,
  Float: 0.5,
  ID: '0b7e2a54-3c1d-4a8e-8f6b-9d2c1e0f4a37',
  Int: 20,
};
/** Optional, and sent by examples nevertheless: without them the operation would do nothing useful. */
const WANTED = new Set(['employeeId', 'imageBase64', 'name', 'requestId']);

type Field = graphql.GraphQLField<unknown, unknown>;

const isSent = (input: graphql.GraphQLArgument | graphql.GraphQLInputField): boolean =>
  graphql.isRequiredInputField(input) || WANTED.has(input.name);

function sample(name: string, type: graphql.GraphQLInputType): unknown {
  const nullable = graphql.getNullableType(type);
  if (graphql.isListType(nullable)) return [sample(name, nullable.ofType)];
  if (name in SAMPLES) return SAMPLES[name];
  if (graphql.isEnumType(nullable)) return nullable.getValues()[0]?.name;
  if (graphql.isScalarType(nullable)) return BY_TYPE[nullable.name] ?? 'text';
  const sent = Object.values(nullable.getFields()).filter(isSent);
  return Object.fromEntries(sent.map((field) => [field.name, sample(field.name, field.type)]));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Of an object deep in the answer these are enough, where it has them. */
const NAMING = new Set(['id', 'employeeId', 'name']);

/** How deep objects within the answer are followed. */
const DEPTH = 3;

/** @returns `{ … }`, or nothing for a scalar; null: nothing of it is left at this depth */
function selection(
  schema: graphql.GraphQLSchema,
  type: graphql.GraphQLNamedOutputType,
  depth: number,
): string | null {
  if (graphql.isLeafType(type)) return '';
  if (depth === 0) return null;
  /** A field without an alias; null: it is left out. A connection has its rows twice; the plain ones are enough. */
  const chosen = (field: Field): string | null => {
    if (
      field.name === 'edges' ||
      field.deprecationReason != null ||
      field.args.some(graphql.isRequiredArgument)
    )
      return null;
    const inner = selection(schema, graphql.getNamedType(field.type), depth - 1);
    return inner === null ? null : `${field.name} ${inner}`;
  };
  const fields: Field[] = graphql.isUnionType(type) ? [] : Object.values(type.getFields());
  const naming = depth === 1 ? fields.filter(({ name }) => NAMING.has(name)) : [];
  const shared = naming.length > 0 ? naming : fields;
  const parts = shared.map(chosen);
  const taken = new Map(shared.map((field) => [field.name, String(field.type)]));
  for (const member of graphql.isObjectType(type) ? [] : schema.getPossibleTypes(type)) {
    const own = Object.values(member.getFields()).flatMap((field) => {
      const part = shared.some(({ name }) => name === field.name) ? null : chosen(field);
      if (part === null) return [];
      const first = taken.get(field.name) ?? String(field.type);
      taken.set(field.name, first);
      // Two types may have fields of one name that differ in their type: one of them gets another name.
      return first === String(field.type) ? part : `in${member.name}${capital(field.name)}: ${part}`;
    });
    if (own.length > 0) parts.push(`... on ${member.name} { ${own.join(' ')} }`);
  }
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? null : `{ ${present.join(' ')} }`;
}

export interface Example {
  readonly operation: string;
  /** null: it takes none. */
  readonly variables: Readonly<Record<string, unknown>> | null;
}

/** An operation that a client could send, with its variables. */
export function exampleOf(
  schema: graphql.GraphQLSchema,
  kind: 'query' | 'mutation' | 'subscription',
  field: Field,
): Example {
  const sent = field.args.filter(isSent);
  const list = (parts: readonly string[]): string => (parts.length === 0 ? '' : `(${parts.join(', ')})`);
  const declared = list(sent.map(({ name, type }) => `$${name}: ${String(type)}`));
  const passed = list(sent.map(({ name }) => `${name}: $${name}`));
  const answer = selection(schema, graphql.getNamedType(field.type), DEPTH) ?? '{ __typename }';
  const operation = `${kind} ${capital(field.name)}${declared} { ${field.name}${passed} ${answer} }`;
  const variables = Object.fromEntries(sent.map(({ name, type }) => [name, sample(name, type)]));
  return {
    operation: graphql.print(graphql.parse(operation)),
    variables: sent.length === 0 ? null : variables,
  };
}
