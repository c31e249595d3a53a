/** Real: the script, the committed schema, the service that serves the page. Fake: a hostile schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getVariableValues,
  Kind,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  isIntrospectionType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql';
import { access } from '../../scripts/schema-reference';
import { exampleOf } from '../../scripts/schema-reference/example';
import { referencePage } from '../../scripts/schema-reference/page';
import { OPERATIONS, PUBLIC_OPERATIONS } from '../../src/resolvers/access-policy/permissions';
import { TestService } from '../support/service';

const ROOT = join(__dirname, '..', '..');
const schema = buildSchema(readFileSync(join(ROOT, 'src', 'schema.graphql'), 'utf8'));
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
const operations = (['query', 'mutation', 'subscription'] as const).flatMap((kind) => {
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind];
  return Object.values(root?.getFields() ?? {}).map((field) => ({
    kind,
    field,
    id: `${root?.name}.${field.name}`,
  }));
});

type Field =
  GraphQLField<unknown, unknown> | (GraphQLInputField & { readonly args?: readonly GraphQLArgument[] });

const ids = (html: string): string[] => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id as string);
const targets = (html: string): string[] =>
  [...html.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id as string);
/** The text of an element and of what follows it, without marks, up to the next element with an address. */
const textAt = (html: string, id: string): string =>
  (html.split(` id="${id}"`)[1] ?? '')
    .replace(/ id="[\s\S]*$/, '')
    .replace(/^[^>]*>|<\/?(?:a|code|strong)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the schema reference', () => {
  let service: TestService;
  let html: string;

  beforeAll(async () => {
    service = await TestService.start();
    html = await (await fetch(`${service.url}/reference`)).text();
  });
  afterAll(() => service.stop());

  it('is built again if the schema or the permissions changed', () => {
    expect(html).toBe(referencePage(schema, access));
  });

  it('is served with a strict policy, and nothing in it needs more', async () => {
    const response = await fetch(`${service.url}/reference`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+="/);
    for (const [, address = ''] of html.matchAll(/ (?:src|href)="(\/[^"]*\.\w+)"/g)) {
      expect({ address, status: (await fetch(service.url + address)).status }).toEqual({
        address,
        status: 200,
      });
    }
  });

  it('has an address for every type, field, argument, input field and enum value', () => {
    const wanted = types.flatMap((type) => {
      if ('getValues' in type)
        return [type.name, ...type.getValues().map(({ name }) => `${type.name}.${name}`)];
      if (!('getFields' in type))
        return isSpecifiedScalarType(type) && !html.includes(`#${type.name}"`) ? [] : [type.name];
      return [
        type.name,
        ...Object.values<Field>(type.getFields()).flatMap((field) => [
          `${type.name}.${field.name}`,
          ...(field.args ?? []).map(({ name }) => `${type.name}.${field.name}.${name}`),
        ]),
      ];
    });
    expect(wanted.length).toBeGreaterThan(500);
    const present = ids(html);
    expect(wanted.filter((id) => !present.includes(id))).toEqual([]);
    expect(new Set(present).size).toBe(present.length);
  });

  it('has no link that leads nowhere', () => {
    const present = new Set(ids(html));
    expect(targets(html).length).toBeGreaterThan(1000);
    expect(targets(html).filter((id) => !present.has(id))).toEqual([]);
  });

  it('says in words what is required, optional, defaulted, null and a list', () => {
    expect(textAt(html, 'Query.attendances.first')).toContain(
      'first: Int! Optional; default 50. Not null. Rows per page',
    );
    expect(textAt(html, 'Query.attendances.filter')).toContain('filter: AttendanceFilter Optional.');
    expect(textAt(html, 'CheckAttendanceInput.livenessImages')).toContain(
      '[Upload!] Optional. A list without null.',
    );
    expect(textAt(html, 'RegisterEmployeeInput.name')).toContain('name: String! Required.');
    expect(textAt(html, 'Attendance.office')).toContain('office: Office Can be null.');
    expect(textAt(html, 'AttendanceConnection.nodes')).toContain(
      'Never null. A list; its items are never null.',
    );
  });

  it('says who may call each operation', () => {
    for (const { id } of operations) {
      const roles = PUBLIC_OPERATIONS.includes(id)
        ? 'Needs no key.'
        : `Roles: ${OPERATIONS[id]?.join(', ')}.`;
      expect(`${id} ${textAt(html, id)}`).toContain(roles);
    }
  });

  it.each(operations)('has an example of $id that the schema accepts', ({ kind, field, id }) => {
    const { operation, variables } = exampleOf(schema, kind, field);
    const document = parse(operation);
    expect(validate(schema, document)).toEqual([]);
    const [definition] = document.definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('No operation');
    const { errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables ?? {});
    expect(errors).toBeUndefined();
    expect(html).toContain(`data-operation="${id}"`);
  });

  it('has queries that the service answers as they stand, within its limits', async () => {
    // Whom and what the examples name.
    await service.sql(
      `INSERT INTO offices (id, name, time_zone) VALUES ('0b7e2a54-3c1d-4a8e-8f6b-9d2c1e0f4a37', 'Office', 'UTC')`,
    );
    await service.sql(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, created_at)
       VALUES (gen_random_uuid(), 'Grace', 'grace', 'GH-1906', 'gh-1906', now())`,
    );
    for (const { kind, field } of operations) {
      if (kind !== 'query') continue;
      const { operation, variables } = exampleOf(schema, kind, field);
      const { errors } = await service.send(operation, variables ?? {});
      expect({ field: field.name, errors }).toEqual({ field: field.name, errors: undefined });
    }
  });

  it('escapes every text, and shows unions, interfaces, defaults and deprecations', () => {
    const evil = '<img src=x onerror=alert(1)> & "quoted"';
    const hostile = buildSchema(`
      """
      ${evil}
      """
      type Query {
        """Finds \`Dog\`s, see \`older\` and \`nothing\`.

        A second paragraph."""
        pet(input: In = { text: "</pre><script>", list: [1, 2] }, plain: String! = "${'<b>'}"): Pet
        older: [Int]! @deprecated(reason: "Use \`pet\` ${'<i>'}.")
      }
      union Pet = Dog | Cat
      interface Named { name: String! }
      type Dog implements Named { name: String!  tail: Int }
      type Cat implements Named { name: String!  tail: String! }
      input In { text: String  list: [Int!] }
      enum Size { "Small." S  L @deprecated(reason: "Too large") }
    `);
    const page = referencePage(hostile, () => null);
    expect(page).not.toMatch(/<img|<script>|<b>|<i>/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot;');
    expect(page).toContain(
      '<a href="#Dog"><code>Dog</code></a>s, see <a href="#Query.older"><code>older</code></a> and <code>nothing</code>',
    );
    expect(page).toContain('<p>A second paragraph.</p>');
    expect(textAt(page, 'Query.pet.input')).toContain(
      'default {text: &quot;&lt;/pre&gt;&lt;script&gt;&quot;, list: [1, 2]}.',
    );
    expect(textAt(page, 'Query.older')).toContain('Deprecated. Use pet &lt;i&gt;.');
    expect(textAt(page, 'Query.older')).toContain('never null. a list; its items can be null.');
    expect(textAt(page, 'Size.L')).toContain('Deprecated. Too large');
    expect(textAt(page, 'Pet')).toContain('One of: Dog, Cat');
    expect(textAt(page, 'Dog')).toContain('Implements: Named');
    const present = new Set(ids(page));
    expect(targets(page).filter((id) => !present.has(id))).toEqual([]);
    // Two members of the union have a `tail` each, of different types.
    const pet = hostile.getQueryType()?.getFields()['pet'];
    if (pet === undefined) throw new Error('No field');
    expect(validate(hostile, parse(exampleOf(hostile, 'query', pet).operation))).toEqual([]);
  });
});
