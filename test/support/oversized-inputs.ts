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

/** What is too much at one place of an input. */
type Excess = 'keys' | 'items' | 'levels' | 'text';

/** An operation with one variable, which has too much at one place. */
export interface OversizedInput {
  /** e.g. Query.employees filter.search keys */
  readonly name: string;
  readonly subscription: boolean;
  readonly query: string;
  readonly variables: () => Readonly<Record<string, unknown>>;
}

const EXCESSES: readonly Excess[] = ['keys', 'items', 'levels', 'text'];

/** Every place of every input of the schema, with each kind of excess. @param size how many keys, items and levels */
export function oversizedInputs(schema: GraphQLSchema, size: number): OversizedInput[] {
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
        return placesOf(arg.type).flatMap((path) =>
          EXCESSES.map((excess) => ({
            name: `${root?.name}.${field.name} ${[arg.name, ...path].join('.')} ${excess}`,
            subscription: kind === 'subscription',
            query,
            variables: () => ({ v: valueAt(arg.type, path, excessive(excess, size)) }),
          })),
        );
      }),
    ),
  );
}

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

function excessive(excess: Excess, size: number): unknown {
  switch (excess) {
    case 'keys':
      return Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, i]));
    case 'items':
      return Array.from({ length: size }, (_, i) => `i${i}`);
    case 'text':
      return 'A'.repeat(size);
    case 'levels':
      return new Levels(size);
  }
}

/** JSON.stringify calls itself for each level, and cannot write so many. */
class Levels {
  constructor(readonly count: number) {}

  toJSON(): string {
    return `${LEVELS}${this.count}`;
  }
}

const LEVELS = 'levels:';

/** The body of a request, with the levels written out. */
export const bodyOf = ({ query, variables }: OversizedInput): string =>
  JSON.stringify({ query, variables: variables() }).replace(
    new RegExp(`"${LEVELS}(\\d+)"`),
    (_, count: string) => `${'[{"a":'.repeat(Number(count))}1${'}]'.repeat(Number(count))}`,
  );
