/** Real: documents and schema of graphql-js. Fake: the count, so that it is seen whether it was made. */
import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { ComplexityMemory } from '../../src/http/graphql/complexity-memory';

describe('what a document costs', () => {
  const schema = buildSchema('type Query { one(id: Int): Int, pages(first: Int): [Int] }');
  (schema.getType('Query') as GraphQLObjectType).getFields()['pages']!.extensions = { complexity: () => 1 };

  /** Asks twice, as two requests with different variables would. @returns the answers */
  const askTwice = (text: string, first: number): [number, number] => {
    const memory = new ComplexityMemory(schema);
    const document = parse(text);
    return [memory.of(document, () => first), memory.of(document, () => 7000)];
  };

  it('is counted once if variables cannot change it', () => {
    expect(askTwice('query ($id: Int) { one(id: $id) }', 3)).toEqual([3, 3]);
  });

  it.each([
    ['a list of pages', 'query ($n: Int) { pages(first: $n) }'],
    ['a list of pages in a fragment', 'query ($n: Int) { ...f } fragment f on Query { pages(first: $n) }'],
    ['@include', 'query ($b: Boolean!) { one @include(if: $b) }'],
    ['@skip on a fragment', 'query ($b: Boolean!) { ... @skip(if: $b) { one } }'],
    ['several operations', 'query A { one } query B { a: one b: one }'],
  ])('is counted for every request with %s', (_what, text) => {
    expect(askTwice(text, 3)).toEqual([3, 7000]);
  });

  it('is not remembered from variables that did not fit', () => {
    expect(askTwice('query ($id: Int) { one(id: $id) }', 0)).toEqual([0, 7000]);
  });
});
