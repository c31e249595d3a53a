import { GraphQLError, Kind, parse, visit, type DocumentNode } from 'graphql';
import { RollcallError } from '../../../errors';
import type { Requester } from '../../../services/access/requester';
import { PUBLIC_OPERATIONS } from '../../../resolvers/access-policy/permissions';
import { PARSE_OPTIONS } from '../operation-rules';
import { excessOf } from './document-shape';

/**
 * What a document may have, for everybody. Validation compares every two fields of one response name, and looks from
 * every operation at every fragment: without these bounds it takes longer than the work.
 */
const LIMITS = { operations: 50, fragments: 50, sameName: 200 } as const;

/** What a document without a key may have: enough to pair a kiosk. */
const ANONYMOUS = { characters: 2048, fields: 20 } as const;
/** The same for a question about the schema, which explorers ask: graphql-js writes it with 1900 characters. */
const INTROSPECTION = { characters: 4096, fields: 80 } as const;

/** Documents that are remembered as good, and the longest of them in characters. */
const REMEMBERED = 1000;
const LONGEST_REMEMBERED = 16_384;

/** Looks at documents before they are validated, which costs more than reading them. */
export class DocumentBounds {
  /** Documents that are within the bounds for everybody, oldest first. */
  private readonly good = new Set<string>();

  /**
   * @param source a document; one with a fault of syntax passes, since nothing more than reading it will happen
   * @throws RollcallError BAD_USER_INPUT naming the bound; UNAUTHENTICATED for what needs a key
   */
  check(source: string, { role }: Requester): void {
    if (role === null) {
      if (source.length > INTROSPECTION.characters) throw keyRequired();
      const document = documentOf(source);
      if (document !== null) checkAnonymous(document, source.length);
    }
    if (this.good.has(source)) return;
    const document = documentOf(source);
    if (document === null) return;
    checkDocument(document);
    if (source.length <= LONGEST_REMEMBERED) this.remember(source);
  }

  private remember(source: string): void {
    if (this.good.size >= REMEMBERED) {
      const [oldest] = this.good;
      this.good.delete(oldest ?? '');
    }
    this.good.add(source);
  }
}

/**
 * @returns null: a fault of syntax, or too many tokens
 * @throws RollcallError BAD_USER_INPUT for what must not be parsed
 */
function documentOf(source: string): DocumentNode | null {
  const excess = excessOf(source);
  if (excess !== null) throw tooMuch(excess);
  try {
    return parse(source, PARSE_OPTIONS);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

function checkDocument(document: DocumentNode): void {
  const count = (kind: Kind): number =>
    document.definitions.filter((definition) => definition.kind === kind).length;
  if (count(Kind.OPERATION_DEFINITION) > LIMITS.operations) throw tooMuch(`${LIMITS.operations} operations`);
  if (count(Kind.FRAGMENT_DEFINITION) > LIMITS.fragments) throw tooMuch(`${LIMITS.fragments} fragments`);
  const names = new Map<string, number>();
  visit(document, {
    Field({ alias, name }) {
      const response = alias?.value ?? name.value;
      const seen = (names.get(response) ?? 0) + 1;
      names.set(response, seen);
      if (seen > LIMITS.sameName) throw tooMuch(`${LIMITS.sameName} fields of one name`);
    },
    FragmentSpread({ name }) {
      const spread = `...${name.value}`;
      const seen = (names.get(spread) ?? 0) + 1;
      names.set(spread, seen);
      if (seen > LIMITS.sameName) throw tooMuch(`${LIMITS.sameName} spreads of one fragment`);
    },
  });
}

/** Somebody without a key: the public operations, one question about the schema, and nothing large. */
function checkAnonymous(document: DocumentNode, characters: number): void {
  const roots = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.map((selection) => [definition.operation, selection] as const)
      : [],
  );
  for (const [operation, selection] of roots) {
    // What is behind a fragment is counted below, and the gate looks at it.
    if (selection.kind !== Kind.FIELD || selection.name.value.startsWith('__')) continue;
    const root = `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}`;
    if (!PUBLIC_OPERATIONS.includes(`${root}.${selection.name.value}`)) throw keyRequired();
  }
  const [only] = roots.length === 1 ? roots.map(([, selection]) => selection) : [];
  const aboutSchema = only?.kind === Kind.FIELD && only.name.value === '__schema';
  const limits = aboutSchema ? INTROSPECTION : ANONYMOUS;
  let fields = 0;
  visit(document, { Field: () => void (fields += 1) });
  if (characters > limits.characters || fields > limits.fields) throw keyRequired();
}

const keyRequired = (): RollcallError =>
  new RollcallError('UNAUTHENTICATED', 'API key required; send it as Authorization: Bearer <key>');

const tooMuch = (bound: string): RollcallError =>
  new RollcallError('BAD_USER_INPUT', `The document must have at most ${bound}`);
