import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { literal } from './hostile';
import { minimal } from './minimal-operations';

/** What is too much at one place of an input. Copies: of the least item that a list takes, or of the least value. */
export type Excess = 'keys' | 'items' | 'copies' | 'levels' | 'text' | 'marks';

/** An operation with one variable, which has a hole at one place. */
export interface OversizedInput {
  /** e.g. Query.employees filter.search */
  readonly name: string;
  readonly subscription: boolean;
  /** The least value that its type takes, as JSON; of a list, the least item. */
  readonly least: string;
  /** The body of the request with this JSON in the hole. */
  readonly body: (excess: string) => string;
}

/** Every place of every input of the schema. */
export function oversizedInputs(schema: GraphQLSchema): OversizedInput[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((arg) => {
        const others = field.args.filter((each) => each !== arg && isRequired(each));
        const given = others.map(({ name, type }) => `, ${name}: ${literal(minimal(type))}`).join('');
        const selection = isCompositeType(getNamedType(field.type)) ? '{ __typename }' : '';
        const query = `${kind} ($v: ${String(arg.type)}) { ${field.name}(${arg.name}: $v${given}) ${selection} }`;
        return placesOf(arg.type).map((path) => {
          const variables = { v: valueAt(arg.type, path, HOLE) };
          const [head = '', tail = ''] = JSON.stringify({ query, variables }).split(`"${HOLE}"`);
          return {
            name: `${root?.name}.${field.name} ${[arg.name, ...path].join('.')}`,
            subscription: kind === 'subscription',
            least: JSON.stringify(minimal(typeAt(arg.type, path))),
            body: (excess: string) => head + excess + tail,
          };
        });
      }),
    ),
  );
}

/** Stands for what is too much. */
const HOLE = '<hole>';

const isRequired = ({ type, defaultValue }: GraphQLArgument): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** The value's own place, and those of all fields below it. */
function placesOf(type: GraphQLInputType): string[][] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [[]];
  const below = Object.values(named.getFields()).flatMap((field) =>
    placesOf(field.type).map((path) => [field.name, ...path]),
  );
  return [[], ...below];
}

/** The least of a type, with a value at a place. */
function valueAt(type: GraphQLInputType, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return value;
  const field = named.getFields()[name];
  const below = field === undefined ? value : valueAt(field.type, rest, value);
  const object = { ...(minimal(named) as object), [name]: below };
  return isListType(getNullableType(type)) ? [object] : object;
}

function typeAt(type: GraphQLInputType, [name, ...rest]: readonly string[]): GraphQLInputType {
  const named = getNamedType(type);
  const field = name === undefined || !isInputObjectType(named) ? undefined : named.getFields()[name];
  return field === undefined ? type : typeAt(field.type, rest);
}

/** Too much of something, as JSON. @param least of the type at its place */
export function excessive(excess: Excess, size: number, least: string): string {
  const many = (item: (i: number) => string): string =>
    Array.from({ length: size }, (_, i) => item(i)).join(',');
  switch (excess) {
    case 'keys':
      return `{${many((i) => `"k${i}":${i}`)}}`;
    case 'items':
      return `[${many((i) => `"i${i}"`)}]`;
    case 'copies':
      return `[${many(() => least)}]`;
    case 'levels':
      return `${'[{"a":'.repeat(size)}1${'}]'.repeat(size)}`;
    case 'text':
      return `"${'A'.repeat(size)}"`;
    case 'marks':
      // Two marks whose order Unicode turns around: sorting them takes the square of their number.
      return `"a${'\u0315\u0316'.repeat(size / 2)}"`;
  }
}
