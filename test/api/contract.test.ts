/** Real: the schema that the service introspects, the contract it was promised with. Fake: nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildClientSchema,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { TestService } from '../support/service';

const contract = buildSchema(readFileSync(join(__dirname, '..', 'fixtures', 'contract.graphql'), 'utf8'));
let schema: GraphQLSchema;

beforeAll(async () => {
  const service = await TestService.start();
  try {
    const introspection = await service.ask(getIntrospectionQuery({ inputValueDeprecation: true }));
    schema = buildClientSchema(introspection as unknown as IntrospectionQuery);
  } finally {
    await service.stop();
  }
});

it('the schema has everything that the contract promises, with the same types', () => {
  expect(findBreakingChanges(contract, schema)).toEqual([]);
});

it('the schema has the defaults that the contract promises, and asks for nothing more', () => {
  const changes = findDangerousChanges(contract, schema).map(({ type }) => type);
  // More fields, arguments and values are welcome.
  const welcome = ['OPTIONAL_INPUT_FIELD_ADDED', 'OPTIONAL_ARG_ADDED', 'VALUE_ADDED_TO_ENUM'];
  expect(changes.filter((type) => !welcome.includes(type))).toEqual([]);
});

it('the schema allows null exactly where the contract does', () => {
  const differing = Object.values(contract.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) return [];
    const actual = schema.getType(type.name);
    if (!isObjectType(actual) && !isInterfaceType(actual)) return [type.name];
    return Object.values(type.getFields())
      .filter((field) => String(actual.getFields()[field.name]?.type) !== String(field.type))
      .map((field) => `${type.name}.${field.name}`);
  });
  expect(differing).toEqual([]);
});

it('the schema describes every type, field, argument and value', () => {
  const described: { place: string; description: string | null | undefined }[] = [];
  const note = (place: string, { description }: { description?: string | null | undefined }): void => {
    described.push({ place, description });
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    note(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) note(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) note(`${type.name}.${field.name}`, field);
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field);
        for (const arg of field.args) note(`${type.name}.${field.name}(${arg.name})`, arg);
      }
    }
  }
  expect(described.length).toBeGreaterThan(150);
  const bare = described.filter(({ description }) => (description ?? '').trim().length < 5);
  expect(bare.map(({ place }) => place)).toEqual([]);
});
