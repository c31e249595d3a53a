/** Real: everything. Fake: nothing. */
// cspell:disable -- names of people in many scripts
import { isPlainName } from '../../src/services/text/plain-name';

describe('a name', () => {
  test.each([
    'Grace Hopper',
    'Zoë Müller-Lüdenscheidt',
    "O'Connor, José",
    'علی‌رضا',
    'می‌خواهم',
    'क्‍ष',
    'शर्मा',
    'র‍্যাব',
    'ශ්‍රී',
    'ജോണ്‍',
    'ജോണ്‍ മാത്യു',
    '山田 太郎',
    'דוד\u200f',
    'Renée 😀',
    'Renée ❤\ufe0f',
    '葛\u{e0100}城',
    '\u1820\u180b',
    'علي\u061c',
  ])('%j may contain what its script needs', (name) => expect(isPlainName(name)).toBe(true));

  test.each([
    ...['\u200b', '\u2060', '\ufeff', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e'],
    ...['\u2066', '\u2067', '\u2068', '\u2069', '\u00ad', '\u034f', '\u115f', '\u3164', '\uffa0', '\u180e'],
    ...['\u2028', '\u2029', '\u2800', '\ufff9', '\ufe0f', '\u{e0041}', '\u{e0101}', '\u180b', '\u17b4'],
  ])('does not contain %j, wherever it is', (hidden) => {
    for (const name of [`Grace${hidden}Hopper`, `${hidden}Grace`, `Grace${hidden}`, `علی${hidden}رضا`]) {
      expect(isPlainName(name)).toBe(false);
    }
  });

  test.each(['\u200c', '\u200d'])(
    'does not contain %j but between letters that it joins or separates',
    (joiner) => {
      const names = [
        `Gra${joiner}ce`,
        `${joiner}علی`,
        `علی${joiner}`,
        `علی${joiner} رضا`,
        `علی ${joiner}رضا`,
        `علی${joiner}${joiner}رضا`,
        `علی${joiner}Grace`,
        `Grace${joiner}علی`,
        `क${joiner}1`,
        `😀${joiner}😀`,
        `山${joiner}田`,
      ];
      for (const name of names) expect([name, isPlainName(name)]).toEqual([name, false]);
    },
  );
});
