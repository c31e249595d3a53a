/** Real: the service over HTTP, the schema it introspects, the database. Fake: nothing. */
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isRequiredArgument,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type IntrospectionQuery,
} from 'graphql';
import { expectDiscreet, faultOf, footprint, literal, post, Verbatim } from '../support/hostile';
import { minimal } from '../support/minimal-operations';
import { hopper, register } from '../support/operations';
import { TestService } from '../support/service';

const { imageBase64: photo, faceDescriptor: face } = hopper;
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  String: [{ photo }, [photo], face, 5.5, true],
  ID: [{ photo }, [photo], face, 5.5, true],
  Float: [photo, { photo }, face, true],
  LocalDate: [photo, { photo }, face, 5, true, '2026-02-30', '1969-12-31'],
  LocalTime: [photo, { photo }, face, 5, true, '24:00'],
  MinutesOrPlan: [photo, { photo }, true, 'plan', 1441, -1],
  Int: [photo, { photo }, face, true, 1.5, 2 ** 31],
  DateTimeISO: [photo, { photo }, face, 5, true, '2024-02-30T00:00:00Z', '2024-01-01', 'tomorrow'],
  Upload: [photo, { photo }, face, 5, true],
  FaceDescriptor: [{ photo }, 5, true, [photo]],
};
const wrongFor = (typeName: string, isEnum: boolean): readonly unknown[] =>
  isEnum ? [photo, { photo }, face, 5, true, 'login'] : (wrong[typeName] ?? []);

let service: TestService;
let before: Awaited<ReturnType<typeof footprint>>;
let operations: (readonly ['query' | 'mutation', GraphQLField<unknown, unknown>])[];

beforeAll(async () => {
  service = await TestService.start();
  await register(service);
  before = await footprint(service);
  const schema = buildClientSchema(
    (await service.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery,
  );
  operations = [
    ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ['query', field] as const),
    ...Object.values(schema.getMutationType()?.getFields() ?? {}).map(
      (field) => ['mutation', field] as const,
    ),
  ];
});
afterAll(async () => {
  expect(await footprint(service)).toEqual(before);
  await service.stop();
});

/** A document that calls the operation with this argument, and the least of the others that it needs. */
const call = (kind: string, field: GraphQLField<unknown, unknown>, argument: string, head = ''): string => {
  const composite = !['Boolean', 'Int'].includes(getNamedType(field.type).name);
  const others = field.args
    .filter((other) => !argument.startsWith(`${other.name}:`) && isRequiredArgument(other))
    .map((other) => `${other.name}: ${literal(minimal(other.type))}`);
  const given = [argument, ...others].join(', ');
  return `${kind} ${head} { ${field.name}(${given}) ${composite ? '{ __typename }' : ''} }`;
};

async function expectRefused(request: object, field: string, sent: unknown): Promise<void> {
  const answer = await post(service.url, JSON.stringify(request));
  expectDiscreet(answer.text, sent);
  expect(answer.status).toBeLessThan(500);
  const { message, extensions } = faultOf(answer);
  if (extensions.code !== 'BAD_USER_INPUT' || String(extensions['field']).replace(/\[\d\]$/, '') !== field) {
    throw new Error(`${JSON.stringify(request).slice(0, 200)}: ${field}: ${answer.text}`);
  }
  expect(message.length).toBeLessThan(200);
}

const inputFields = (type: GraphQLInputObjectType): GraphQLInputField[] => Object.values(type.getFields());

const DATE = '2026-01-01T00:00:00Z';

/** The least that a required field takes which is no text. */
function least(type: GraphQLInputType, written: boolean): unknown {
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const name = named.getValues()[0]?.name ?? '';
    return written ? new Verbatim(name) : name;
  }
  if (!isInputObjectType(named)) {
    const given = { Boolean: true, DateTimeISO: DATE, LocalDate: '2026-01-01', LocalTime: '09:00' };
    return { ...given, Int: 1, Float: 1, MinutesOrPlan: 1 }[named.name] ?? undefined;
  }
  const isText = ({ type }: { type: GraphQLInputType }): boolean =>
    ['String', 'ID'].includes(getNamedType(type).name);
  const texts = inputFields(named)
    .filter(isText)
    .map((field) => [field.name, 'x'] as const);
  return { ...Object.fromEntries(texts), ...required(named, written) };
}

/** The fields that have to be given, but for texts: they are not what is wrong. */
const required = (type: GraphQLInputObjectType, written: boolean): Record<string, unknown> =>
  Object.fromEntries(
    inputFields(type)
      .filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
      .map((field) => [field.name, least(field.type, written)] as const)
      .filter(([, value]) => value !== undefined),
  );

it('a refusal names every field of every input that gets a value of another type, and never quotes it', async () => {
  let tried = 0;
  for (const [kind, operation] of operations) {
    for (const argument of operation.args) {
      const type = getNamedType(argument.type);
      if (!isInputObjectType(type)) continue;
      for (const { name, type: fieldType } of inputFields(type)) {
        const named = getNamedType(fieldType);
        // A list of the right thing is right where a list is wanted.
        const isList = String(fieldType).startsWith('[');
        const values = wrongFor(named.name, isEnumType(named)).map((value) =>
          isList && Array.isArray(value) && value.length === 1 ? [value] : value,
        );
        for (const value of values) {
          const head = `($v: ${String(argument.type)})`;
          const query = call(kind, operation, `${argument.name}: $v`, head);
          // What is required comes after what is wrong in the schema or is not looked at.
          const given = Object.fromEntries(
            inputFields(type).map((other) => [
              other.name,
              getNamedType(other.type).name === 'String' || String(other.type) === 'ID!' ? 'x' : undefined,
            ]),
          );
          const object = (written: boolean) => ({
            ...given,
            ...required(type, written),
            id: 'id' in type.getFields() ? 'x' : undefined,
            [name]: value,
          });
          await expectRefused({ query, variables: { v: object(false) } }, name, value);
          await expectRefused(
            { query: call(kind, operation, `${argument.name}: ${literal(object(true))}`) },
            name,
            value,
          );
          tried += 2;
        }
      }
    }
  }
  expect(tried).toBeGreaterThan(200);
});

it('a refusal names every argument that gets a value of another type, and never quotes it', async () => {
  let tried = 0;
  for (const [kind, operation] of operations) {
    for (const { name, type } of operation.args) {
      const named = getNamedType(type);
      const values = isInputObjectType(named)
        ? [photo, face, 5, true]
        : wrongFor(named.name, isEnumType(named));
      // A list of the right thing is right where a list is wanted.
      const isList = String(type).startsWith('[');
      for (const value of isList ? values.filter((each) => !Array.isArray(each)) : values) {
        const given = (text: string): string => `${name}: ${text}`;
        const query = call(kind, operation, given('$v'), `($v: ${String(type)})`);
        await expectRefused({ query, variables: { v: value } }, name, value);
        await expectRefused({ query: call(kind, operation, given(literal(value))) }, name, value);
        tried += 2;
      }
    }
  }
  expect(tried).toBeGreaterThan(80);
});

it('a refusal names every field that is missing, unknown or null if it must not be', async () => {
  for (const [kind, operation] of operations) {
    for (const argument of operation.args) {
      const type = getNamedType(argument.type);
      if (!isInputObjectType(type)) continue;
      const query = call(kind, operation, `${argument.name}: $v`, `($v: ${String(argument.type)})`);
      const given = Object.fromEntries(
        inputFields(type).flatMap((field) =>
          String(field.type) === 'String!' || String(field.type) === 'ID!' ? [[field.name, 'x']] : [],
        ),
      );
      const [sent, written] = [false, true].map((each) => ({ ...given, ...required(type, each) }));
      await expectRefused({ query, variables: { v: { ...sent, photo } } }, 'photo', photo);
      await expectRefused(
        { query: call(kind, operation, `${argument.name}: ${literal({ ...written, photo })}`) },
        'photo',
        photo,
      );
      for (const name of Object.keys(given)) {
        await expectRefused({ query, variables: { v: { ...sent, [name]: null } } }, name, photo);
        const text = literal({ ...written, [name]: null });
        await expectRefused({ query: call(kind, operation, `${argument.name}: ${text}`) }, name, photo);
      }
    }
  }
});

it.each([
  [
    'another operation',
    `query A($d: LocalDate!) { holidays(officeId: "x", from: $d, until: "2026-01-01") { id } }
     query B($d: LocalDate!) { workDay(employeeId: "EMP-1", date: $d) { date } }`,
    'date',
  ],
  [
    'a directive',
    `mutation B($d: Boolean!) { retryFailedUploads @include(if: $d)
       decideCorrection(input: { id: "x", approve: $d }) { id } }`,
    'approve',
  ],
  [
    'the argument beside it',
    'query B($d: LocalDate!) { holidays(until: $d, from: "2026-01-01", officeId: "x") { id } }',
    'until',
  ],
  [
    'the fragment that uses it',
    `query B($d: LocalDate!) { ...f }
     fragment f on Query { workDay(employeeId: "EMP-1", date: $d) { date } }`,
    'date',
  ],
  [
    'the other items of a list',
    `query B($d: String!) {
       dayPlans(employeeIds: ["a", $d], from: "2026-01-01", until: "2026-01-01") { date } }`,
    'employeeIds',
  ],
])('a wrong variable is named by its own place, and not by %s', async (_, query, field) => {
  const request = { query, operationName: 'B', variables: { d: { photo: 1 } } };
  expect(faultOf(await post(service.url, JSON.stringify(request))).extensions).toMatchObject({
    ...{ code: 'BAD_USER_INPUT', field },
  });
});
