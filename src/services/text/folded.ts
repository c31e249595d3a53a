import { westernDigits } from './western-digits';

/** Characters of a key at most. NFKC makes 18 characters of some ligatures, and a column needs a limit. */
export const MAX_KEY = 400;

/** Upper and lower case as one. Lower case alone keeps ß and ẞ, and upper case alone keeps İ, apart from their pairs. */
const sameCase = (text: string): string =>
  text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    // JavaScript lowers a sigma at the end of a word to ς.
    .replaceAll('ς', 'σ')
    // İ is i with a second dot. ı has become i already: HR staff search for both with the keyboard they have.
    .replaceAll('i\u0307', 'i');

/**
 * The key by which names and ids are compared: case folded, NFKC, western digits, without invisible characters. Two
 * texts that a reader takes for the same have the same key. Accents count: é is not e.
 *
 * NFKC and not NFC: keyboards of Asian languages write full-width letters and half-width katakana, and PDF files ligatures.
 * The database takes no part in it: its lower() depends on the collation with which somebody created it.
 */
export function folded(text: string): string {
  const visible = text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const key = westernDigits(sameCase(visible)).normalize('NFKC');
  // Only the presentation forms of ligatures make a key this long, so the rare cut is of no consequence.
  return key.length <= MAX_KEY ? key : [...key].slice(0, MAX_KEY).join('');
}

/** The form in which names are stored: text that looks the same has the same characters. A reader sees no change. */
export const composed = (text: string): string => text.normalize('NFC');

/** The form in which an employeeId is stored: full-width letters and the digits of every script become ASCII. */
export const typedId = (text: string): string => westernDigits(text.normalize('NFKC'));
