import {
  Kind,
  parse,
  TokenKind,
  visit,
  type ArgumentNode,
  type ASTNode,
  type GraphQLError,
  type ObjectFieldNode,
} from 'graphql';
import { PARSE_OPTIONS } from './operation-rules';

/** What a value must be, by its scalar: graphql-js's own words quote the value, which may be a photo. */
const EXPECTED: Readonly<Record<string, string>> = {
  Boolean: 'must be true or false',
  DateTime: 'must be an RFC 3339 date and time, for example 2026-01-31T08:30:00Z',
  Float: 'must be a finite number',
  ID: 'must be a string or a whole number',
  Int: 'must be a 32-bit whole number',
  LocalDate: 'must be a date from 1970-01-01 to 2100-12-31, for example 2026-03-29',
  LocalTime: 'must be a time of day in whole minutes, for example 09:30',
  MinutesOrPlan: 'must be 0 to 1440 minutes, or PLAN',
  String: 'must be a string',
};

const VALUES = new Set<Kind>([
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.FLOAT,
  Kind.INT,
  Kind.LIST,
  Kind.NULL,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
  Kind.STRING,
]);

/** A value that does not fit its type. */
interface CoercionFault {
  /** The innermost field or argument; null if the error does not say. */
  readonly field: string | null;
  /** May still quote the value. */
  readonly reason: string;
}

/** Reads what graphql-js says of a variable, or of a value in the document, that does not fit its type. */
export function coercionFault(error: GraphQLError): CoercionFault | null {
  const node = error.nodes?.[0];
  const { place, reason } =
    error.extensions['code'] === 'BAD_USER_INPUT'
      ? inVariables(error)
      : node !== undefined && VALUES.has(node.kind)
        ? { place: nameOf(node), reason: error.message }
        : { place: null, reason: null };
  if (reason === null) return null;
  // What is missing, unknown or null is named by the reason, not by the place of the object around it.
  const missing = /^Variable "\$(\w{1,100})"/.exec(reason)?.[1];
  const named =
    missing === undefined
      ? /^(?:Field "(?:\w+\.)?|Argument ")(\w{1,100})"/.exec(reason)?.[1]
      : placeOf(missing, error);
  const type = /^(?:Enum ")?(\w{1,100})"? cannot represent/.exec(reason)?.[1];
  return {
    field: named ?? place,
    reason: type === undefined ? reason : (EXPECTED[type] ?? `must be a value of ${type}`),
  };
}

/** graphql-js writes `Variable "$input" got invalid value <the whole value> at "input.name"; <reason>`. */
function inVariables(error: GraphQLError): { place: string | null; reason: string } {
  const { message, originalError } = error;
  const reason = originalError?.message;
  if (reason === undefined || !message.endsWith(`; ${reason}`)) return { place: null, reason: message };
  const quoting = message.slice(0, -reason.length - 2);
  const path = / at "([\w.[\]]{1,200})"$/.exec(quoting)?.[1];
  if (path?.includes('.') === true) return { place: path.split('.').at(-1) ?? null, reason };
  const variable = /^Variable "\$(\w{1,100})"/.exec(quoting)?.[1];
  // Of a list that is a variable itself, `ids[3]`.
  const item = /\[\d+\]$/.exec(path ?? '')?.[0] ?? '';
  return { place: variable === undefined ? null : `${placeOf(variable, error)}${item}`, reason };
}

/** The argument or field that a variable is given to, where it is used first. */
function placeOf(variable: string, { source, nodes }: GraphQLError): string {
  const at = nodes?.[0]?.loc?.start;
  if (source === undefined || at === undefined) return variable;
  const { definitions } = parse(source.body, PARSE_OPTIONS);
  const isAsked = ({ loc }: ASTNode): boolean => loc !== undefined && loc.start <= at && at < loc.end;
  // A fragment may use it, too.
  const asked = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION || isAsked(node));
  let place: string | null = null;
  for (const definition of asked.sort((a, b) => Number(isAsked(b)) - Number(isAsked(a)))) {
    visit(definition, {
      Directive: () => false,
      Variable({ name }, _key, parent, _path, ancestors) {
        if (name.value !== variable) return;
        const given = [...ancestors, ...(parent === undefined ? [] : [parent])].findLast(isGiven);
        if (given !== undefined) place ??= given.name.value;
      },
    });
  }
  return place ?? variable;
}

const isGiven = (node: ASTNode | readonly ASTNode[]): node is ArgumentNode | ObjectFieldNode =>
  'kind' in node && (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD);

/** The name of the field or argument that a value, or the list around it, is given to. */
function nameOf(value: ASTNode): string | null {
  let closed = 0;
  for (let token = value.loc?.startToken.prev; token != null; token = token.prev) {
    if (token.kind === TokenKind.BRACKET_R) closed++;
    else if (token.kind === TokenKind.BRACKET_L) closed = Math.max(0, closed - 1);
    else if (token.kind === TokenKind.COLON && closed === 0) return token.prev?.value ?? null;
  }
  return null;
}
