/** Real: everything. Fake: nothing. */
import { RollcallError } from '../../src/errors';
import { checkJsonShape } from '../../src/http/graphql/bounds/json-text';
import { LONG_TEXT, parseWithLongTexts } from '../../src/http/graphql/bounds/long-texts';

const parse = (json: string | Buffer): Promise<unknown> => {
  const body = Buffer.from(json);
  return parseWithLongTexts(body, checkJsonShape(body));
};
const long = 'QUJD'.repeat(LONG_TEXT / 4);

describe('a body with long texts is read as JSON.parse does', () => {
  it.each<[string, unknown]>([
    ['none', { a: 'b', c: [1, null, 'é 漢'] }],
    ['one', { query: 'é', variables: { input: { imageBase64: long, n: 1 } } }],
    ['two in a list, and something behind', { a: [long, `${long}=`], b: 'x' }],
    ['lines', { a: `${long.replace(/.{76}/g, '$&\r\n')}\t` }],
    ['a quote and a backslash', { a: `${long}"\\${long}` }],
    ['an escape at the end', { a: `${long}\n` }],
  ])('%s', async (_what, value) => {
    expect(JSON.stringify(await parse(JSON.stringify(value))) === JSON.stringify(value)).toBe(true);
  });

  it('every escape, in every spelling, and a mark of the byte order', async () => {
    const text = `${long}\\u002b\\u002B\\/\\b\\f\\n\\r\\t\\"\\\\\\u0000`;
    const { a } = (await parse(`\ufeff{"a":"${text}"}`)) as { a: string };
    expect(a.slice(long.length)).toBe('++/\b\f\n\r\t"\\\0');
  });
});

it.each([
  ['a character beyond ASCII', `{"a":"${long}é"}`],
  ['an escaped one', `{"a":"${long}\\u0141"}`],
  ['an unknown escape', `{"a":"${long}\\x"}`],
  ['half an escape', `{"a":"${long}\\u00"}`],
  ['nothing but escapes', `{"a":"${'\\n'.repeat(LONG_TEXT)}"}`],
  ['a name', `{"${long}":1}`],
])('a long text that is no base64 is refused: %s', async (_what, json) => {
  await expect(parse(json)).rejects.toThrow(RollcallError);
});

it('what is no JSON beside a long text is a fault of syntax', async () => {
  await expect(parse(`{"a":"${long}",}`)).rejects.toThrow(SyntaxError);
  await expect(parse(`{"a":"${long}`)).rejects.toThrow(SyntaxError);
});
