import {
  coerceInputValue,
  GraphQLError,
  GraphQLID,
  GraphQLString,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  typeFromAST,
  valueFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

/** Longest text of anything but a String or an ID, in characters. A descriptor of the largest model has 5464 as base64. */
const MAX_LEAF_TEXT = 16_384;

/** Longest list of anything but the numbers of a descriptor. The longest list of the schema has 200 items. */
const MAX_ITEMS = 5000;

export type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads the variables of an operation by their types, and stops at the first that does not fit. graphql-js goes on after
 * a fault, and writes the whole value into each message: 4000 unknown fields cost it seconds.
 * @param sent bounded by `checkValues`
 * @returns the values by their names
 * @throws GraphQLError BAD_USER_INPUT in graphql-js's own words, without the value
 */
export function readVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  sent: Variables,
): Variables {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    // Validation has refused other types.
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
    if (value === undefined) {
      if (definition.defaultValue !== undefined) {
        values[name] = valueFromAST(definition.defaultValue, type);
      } else if (isNonNullType(type)) {
        throw refused(definition, `Variable "$${name}" of required type "${String(type)}" was not provided.`);
      }
      continue;
    }
    if (value === null && isNonNullType(type)) {
      throw refused(definition, `Variable "$${name}" of non-null type "${String(type)}" must not be null.`);
    }
    checkLeaves(type, value, (path, error) => misfit(definition, path, error));
    values[name] = coerceInputValue(value, type, (path, _value, error) => {
      throw misfit(definition, path, error);
    });
  }
  return values;
}

type Path = readonly (string | number)[];
type Misfit = (path: Path, error: GraphQLError) => GraphQLError;

/** Refuses what graphql-js would quote, or compare with every name there is: lists, objects and long texts. */
function checkLeaves(type: GraphQLInputType, value: unknown, misfitAt: Misfit, path: Path = []): void {
  if (value === null || value === undefined) return;
  if (isNonNullType(type)) return checkLeaves(type.ofType, value, misfitAt, path);
  if (isListType(type)) {
    if (!Array.isArray(value)) return checkLeaves(type.ofType, value, misfitAt, path);
    if (value.length > MAX_ITEMS) {
      throw misfitAt(path, new GraphQLError(`must have at most ${MAX_ITEMS} items, not ${value.length}`));
    }
    return value.forEach((item, i) => checkLeaves(type.ofType, item, misfitAt, [...path, i]));
  }
  if (isInputObjectType(type)) {
    // Another value is refused by the type, which does not quote it.
    if (typeof value !== 'object' || Array.isArray(value)) return;
    for (const [name, field] of Object.entries(type.getFields())) {
      checkLeaves(field.type, (value as Variables)[name], misfitAt, [...path, name]);
    }
    return;
  }
  if (!isLeafType(type)) return;
  // Our own scalars take lists and files.
  const plain = !isScalarType(type) || isSpecifiedScalarType(type);
  // Those of String and ID are bounded by their fields (resolvers/text-bounds.ts): a photo is one.
  const free = type === GraphQLString || type === GraphQLID;
  const long = typeof value === 'string' && !free && value.length > MAX_LEAF_TEXT;
  if (long || (plain && typeof value === 'object')) {
    throw misfitAt(path, new GraphQLError(`${type.name} cannot represent this value`));
  }
}

/** As graphql-js writes it, but for the value: format-error.ts reads the place and the reason. */
function misfit(definition: VariableDefinitionNode, path: Path, error: GraphQLError): GraphQLError {
  const { value: name } = definition.variable.name;
  const place = path.length === 0 ? '' : ` at "${name}${path.map(printed).join('')}"`;
  return refused(definition, `Variable "$${name}" got invalid value${place}; ${error.message}`, error);
}

const printed = (key: string | number): string => (typeof key === 'number' ? `[${key}]` : `.${key}`);

const refused = (definition: VariableDefinitionNode, message: string, originalError?: Error): GraphQLError =>
  new GraphQLError(message, {
    nodes: definition,
    ...(originalError === undefined ? {} : { originalError }),
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
