/** The zeros of other scripts, each followed by its nine digits: Arabic, Persian, Devanagari and others, full-width. */
const ZEROS = [
  0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xff10,
] as const;

const OTHERS = ZEROS.map((zero) =>
  Array.from({ length: 10 }, (_, n) => String.fromCodePoint(zero + n)).join(''),
).join('');
const WESTERN = '0123456789'.repeat(ZEROS.length);

/** The text with the digits of every script as 0 to 9: keyboards write those of their language. */
export const westernDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => WESTERN[OTHERS.indexOf(digit)] ?? digit);
