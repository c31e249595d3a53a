import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';

/**
 * A selection of everything that a type has, objects within objects to a depth; fields that cannot be asked for without
 * arguments are left out.
 * @param clashing fields that one answer cannot have under one name, since they are of another type in each fragment
 */
export function everyField(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  depth: number,
  clashing: ReadonlySet<string> = new Set(),
): string {
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const selected = fields.flatMap(({ name, args, type: result }) => {
    if (args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)) return [];
    const named = getNamedType(result);
    const asked = clashing.has(name) ? `${type.name}_${name}: ${name}` : name;
    if (!isCompositeType(named)) return [asked];
    return depth === 0 ? [] : [`${asked} ${everyField(schema, named, depth - 1)}`];
  });
  return `{ ${['__typename', ...selected, ...fragments(schema, type, depth)].join(' ')} }`;
}

function fragments(schema: GraphQLSchema, type: GraphQLCompositeType, depth: number): string[] {
  if (!isAbstractType(type)) return [];
  const types = schema.getPossibleTypes(type);
  const seen = new Map<string, string>();
  const clashing = new Set<string>();
  for (const field of types.flatMap((each) => Object.values(each.getFields()))) {
    if ((seen.get(field.name) ?? String(field.type)) !== String(field.type)) clashing.add(field.name);
    seen.set(field.name, String(field.type));
  }
  return types.map((each) => `... on ${each.name} ${everyField(schema, each, depth, clashing)}`);
}
