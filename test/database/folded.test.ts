/** Real: the keys of names; PostgreSQL 18's casefold() by the Unicode tables, in the embedded database. Fake: nothing. */
import { composed, folded, MAX_KEY, typedId } from '../../src/services/text/folded';
import { createStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';

describe('the key of a name', () => {
  it.each([
    ['José as a Mac writes it', 'Jose\u0301', 'JOSÉ'],
    ['ß', 'Weiß', 'WEISS'],
    ['ẞ', 'WEIẞ', 'weiss'],
    ['Turkish İ and i', 'İSTANBUL', 'istanbul'],
    ['Turkish I and ı', 'IŞIL', 'ışıl'],
    ['İ in two characters', 'I\u0307lker', 'ilker'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['medial and final sigma', 'οδοσ', 'οδος'],
    ['the Kelvin sign', '\u212Aarl', 'karl'],
    ['the Ångström sign', '\u212Bsa', 'åsa'],
    ['the micro sign', 'µ', 'Μ'],
    ['a ligature', 'ﬁnn', 'FINN'],
    ['full-width letters', 'ＴＡＲＯ １２', 'taro 12'],
    ['half-width katakana', 'ﾀﾛｳ', 'タロウ'],
    ['Hangul in letters', '한글'.normalize('NFD'), '한글'],
    ['digits of another script', 'Ali ٣', 'ali 3'],
    ['an invisible joiner', 'علی\u200Cرضا', 'علیرضا'],
    ['a mark of direction', '\u200Fعلی', 'علی'],
    ['a no-break space', 'Ada\u00A0L', 'ada l'],
    ['ŉ', 'ŉ', 'ʼN'],
    ['Greek with a iota below', 'ᾳ', 'ΑΙ'],
    ['Georgian', 'ᲗᲑᲘᲚᲘᲡᲘ', 'თბილისი'],
  ])('is the same for both ways to write it: %s', (_what, one, other) => {
    expect(folded(one)).toBe(folded(other));
  });

  it.each([
    ['an accent', 'José', 'Jose'],
    ['a tilde', 'Peña', 'Pena'],
    ['two letters', 'Åsa', 'Asa'],
  ])('tells %s apart', (_what, one, other) => expect(folded(one)).not.toBe(folded(other)));

  it('puts whatever Unicode calls the same letter in another case together, and is its own key', async () => {
    const letters: string[] = [];
    for (let code = 0x80; code <= 0x1ffff; code++) {
      if (code < 0xd800 || code > 0xdfff) letters.push(String.fromCodePoint(code));
    }
    const storage = await createStorage('pglite');
    const db = await openDataSource(storage);
    try {
      const rows = await db.query<{ letter: string; folded: string }[]>(
        `SELECT letter, casefold(letter COLLATE pg_unicode_fast) AS folded FROM unnest($1::text[]) AS letter`,
        [letters],
      );
      const apart = rows.filter((row) => folded(row.letter) !== folded(row.folded));
      expect(apart.map(({ letter }) => letter.codePointAt(0)?.toString(16))).toEqual([]);
    } finally {
      await db.destroy();
      await storage.remove();
    }
    const changing = letters.filter((letter) => folded(folded(letter)) !== folded(letter));
    expect(changing.map((letter) => letter.codePointAt(0)?.toString(16))).toEqual([]);
  });

  it(`is at most ${MAX_KEY} characters long`, () => {
    const key = folded('\uFDFA'.repeat(200));
    expect([...key]).toHaveLength(MAX_KEY);
    expect(folded('𝕬'.repeat(200))).toBe('a'.repeat(200));
    expect([...folded('ΐ'.repeat(200))]).toHaveLength(200);
  });
});

it('a name is stored in one form, and an employeeId in ASCII where it can be', () => {
  expect(composed('Jose\u0301 ﬁ')).toBe('José ﬁ');
  expect(typedId('Ｅ－１０')).toBe('E-10');
  expect(typedId('\u212A-٣')).toBe('K-3');
});
