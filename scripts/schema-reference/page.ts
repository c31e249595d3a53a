import * as graphql from 'graphql';
import { exampleOf } from './example';

/** Text that is HTML already; everything else is escaped where it is put in. */
class Markup {
  constructor(readonly text: string) {}
}
type Part = string | Markup | null | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const flat = (part: Part): string => {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  return typeof part === 'string'
    ? part.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
    : part.map(flat).join('');
};
const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(String.raw({ raw: strings }, ...parts.map(flat)));
const commas = (list: readonly Part[]): Part => list.map((part, i) => (i === 0 ? part : [', ', part]));
const link = (id: string, text: Part = id): Markup => markup`<a href="#${id}">${text}</a>`;
const note = (...parts: readonly Part[]): Markup => markup`<p class="note">${parts}</p>`;

/** Who may call an operation such as Query.offices, as a sentence; null: not known. */
export type Access = (operation: string) => string | null;
type Field = graphql.GraphQLField<unknown, unknown>;
type Input = graphql.GraphQLArgument | graphql.GraphQLInputField;
type Owner = graphql.GraphQLObjectType | graphql.GraphQLInterfaceType | graphql.GraphQLInputObjectType;
type Described = Partial<Pick<Member, 'description' | 'deprecationReason'>>;
/** What a type or an operation is made of. */
type Member = Field | Input | graphql.GraphQLEnumValue;

const KINDS = ['query', 'mutation', 'subscription'] as const;
const GROUPS = [
  ['Objects', graphql.isObjectType],
  ['Interfaces', graphql.isInterfaceType],
  ['Unions', graphql.isUnionType],
  ['Inputs', graphql.isInputObjectType],
  ['Enums', graphql.isEnumType],
  ['Scalars', graphql.isScalarType],
] as const;

const fieldsOf = (owner: Owner): readonly (Field | graphql.GraphQLInputField)[] =>
  Object.values<Field | graphql.GraphQLInputField>(owner.getFields());
const hasFields = (type: graphql.GraphQLNamedType): type is Owner => 'getFields' in type;

/** The page, one static file. Each element has the address of its coordinate: #Office, #Query.offices, #Role.HR. */
export function referencePage(schema: graphql.GraphQLSchema, access: Access): string {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const all = Object.values(schema.getTypeMap()).filter((type) => !graphql.isIntrospectionType(type));
  const types = all.filter((type) => !roots.some((root) => root === type));

  const typeLink = (type: graphql.GraphQLType): Markup => {
    if (graphql.isNonNullType(type)) return markup`${typeLink(type.ofType)}!`;
    return graphql.isListType(type) ? markup`[${typeLink(type.ofType)}]` : link(type.name);
  };
  /** `code` leads to the type or the operation of that name. */
  const code = (name: string): Markup => {
    const root = roots.find((each) => each?.getFields()[name] !== undefined);
    const target = root == null ? schema.getType(name)?.name : `${root.name}.${name}`;
    return target === undefined ? markup`<code>${name}</code>` : link(target, markup`<code>${name}</code>`);
  };
  const prose = (text: string): Part =>
    text
      .split(/\n\s*\n/)
      .map((each) => markup`<p>${each.split('`').map((piece, i) => (i % 2 ? code(piece) : piece))}</p>`);
  const about = ({ description, deprecationReason: reason }: Described): Part => [
    reason == null
      ? null
      : markup`<div class="deprecated"><strong>Deprecated.</strong> ${prose(reason)}</div>`,
    description == null ? null : prose(description),
  ];
  const members = (owner: string, list: readonly Member[]): Part =>
    markup`<dl>${list.map((member) => {
      const id = `${owner}.${member.name}`;
      const type = 'type' in member ? markup`: <code>${typeLink(member.type)}</code>` : null;
      return markup`
<dt id="${id}">${link(id, markup`<code>${member.name}</code>`)}${type}</dt>
<dd>${'type' in member ? note('args' in member ? outputRule(member.type) : inputRule(member)) : null}${about(member)}
${'args' in member && member.args.length > 0 ? members(id, member.args) : null}</dd>`;
    })}</dl>`;

  const operation = (id: string, kind: (typeof KINDS)[number], field: Field): Part => {
    const { operation: text, variables } = exampleOf(schema, kind, field);
    const answers = [
      markup`<code>${typeLink(field.type)}</code>`,
      ': ',
      outputRule(field.type).toLowerCase(),
    ];
    return [
      about(field),
      note('Returns ', answers, ' ', access(id)),
      field.args.length === 0 ? null : [markup`<h4>Arguments</h4>`, members(id, field.args)],
      markup`<details><summary>Example</summary><pre tabindex="0" data-operation="${id}">${text}</pre>`,
      variables === null
        ? null
        : markup`<h4>Variables</h4><pre tabindex="0" data-variables="${id}">${JSON.stringify(variables, null, 2)}</pre>`,
      markup`</details>`,
    ];
  };
  /** Lists where a type occurs. Left out for types that occur nearly everywhere, such as String. */
  const usages = (type: graphql.GraphQLNamedType): Part => {
    const uses = (member: Field | Input): boolean =>
      graphql.getNamedType(member.type) === type || ('args' in member && member.args.some(uses));
    const places = all.filter(hasFields).flatMap((owner) =>
      fieldsOf(owner)
        .filter(uses)
        .map(({ name }) => `${owner.name}.${name}`),
    );
    return places.length === 0 || places.length > 40
      ? null
      : note('Used by: ', commas(places.map((place) => link(place))));
  };
  const named = (type: graphql.GraphQLNamedType): Part => [
    about(type),
    'getInterfaces' in type && type.getInterfaces().length > 0
      ? note('Implements: ', commas(type.getInterfaces().map(typeLink)))
      : null,
    graphql.isAbstractType(type)
      ? note('One of: ', commas(schema.getPossibleTypes(type).map(typeLink)))
      : null,
    hasFields(type) ? members(type.name, fieldsOf(type)) : null,
    graphql.isEnumType(type) ? members(type.name, type.getValues()) : null,
    usages(type),
  ];

  const sections = [
    ...KINDS.map((kind, i) => ({
      id: roots[i]?.name ?? kind,
      title: ['Queries', 'Mutations', 'Subscriptions'][i] ?? '',
      intro: about(roots[i] ?? {}),
      entries: Object.values(roots[i]?.getFields() ?? {}).map((field) => {
        const id = `${roots[i]?.name}.${field.name}`;
        return { id, name: field.name, body: operation(id, kind, field) };
      }),
    })),
    ...GROUPS.map(([title, belongs]) => ({
      id: title.toLowerCase(),
      title,
      intro: null,
      entries: types
        .filter((type) => belongs(type))
        .map((type) => ({ id: type.name, name: type.name, body: named(type) })),
    })),
  ].filter(({ entries }) => entries.length > 0);

  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Rollcall API reference</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/reference.css">
<script src="/reference.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the reference</a>
<header><h1>Rollcall API reference</h1>
<p>Send operations to <code>POST /graphql</code>, and subscriptions to <code>POST /graphql/stream</code>. Send the key as
<code>Authorization: Bearer &lt;key&gt;</code>; an open service needs none. The
<a href="/">start page</a> links to the API explorer, if the service has it on.</p></header>
<nav aria-label="Contents">
<div class="filter" hidden><label for="filter">Filter</label><input id="filter" type="search" autocomplete="off"><p role="status"></p></div>
${sections.map(
  ({ id, title, entries }) => markup`<section><h2>${link(id, title)}</h2>
<ul>${entries.map((entry) => markup`<li>${link(entry.id, entry.name)}</li>`)}</ul></section>`,
)}
</nav>
<main id="content" tabindex="-1">
${sections.map(
  ({
    id,
    title,
    intro,
    entries,
  }) => markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${intro}
${entries.map(
  (entry) => markup`<article id="${entry.id}"><h3>${link(entry.id, entry.name)}</h3>${entry.body}</article>
`,
)}</section>`,
)}
</main>
</body>
</html>
`.text;
}

/** Nullability of what is answered, in words. */
function outputRule(type: graphql.GraphQLType): string {
  const nullable = graphql.getNullableType(type);
  const own = graphql.isNonNullType(type) ? 'Never null.' : 'Can be null.';
  if (!graphql.isListType(nullable)) return own;
  return `${own} A list; its items ${graphql.isNonNullType(nullable.ofType) ? 'are never' : 'can be'} null.`;
}

/** Whether it has to be sent, in words. */
function inputRule({ type, defaultValue }: Input): string {
  const nullable = graphql.getNullableType(type);
  const items =
    graphql.isListType(nullable) && graphql.isNonNullType(nullable.ofType) ? ' A list without null.' : '';
  if (defaultValue === undefined) return (graphql.isNonNullType(type) ? 'Required.' : 'Optional.') + items;
  const value = graphql.astFromValue(defaultValue, type);
  return `Optional; default ${value == null ? 'null' : graphql.print(value)}.${graphql.isNonNullType(type) ? ' Not null.' : ''}${items}`;
}
