/** Real: the texts of all languages, the schema that the service serves, the rule that makes notices of outcomes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEP_CODES } from '@rollcall/working-days';
import { buildSchema, isEnumType } from 'graphql';
import { ar } from '../../../web/src/messages/ar';
import { de } from '../../../web/src/messages/de';
import { en } from '../../../web/src/messages/en';
import { es } from '../../../web/src/messages/es';
import { fr } from '../../../web/src/messages/fr';
import type { Messages } from '../../../web/src/messages/messages';

const LANGUAGES: Readonly<Record<string, Messages>> = { en, es, de, fr, ar };
const ROOT = join(__dirname, '..', '..', '..');
const schema = buildSchema(readFileSync(join(ROOT, 'src', 'schema.graphql'), 'utf8'));
/** Outcomes that have sentences of their own, made of other parts. */
const COMPOSED = [
  ...['RECORDED', 'ALREADY_RECORDED'],
  ...['FACE_NOT_USABLE', 'CHALLENGE_REFUSED', 'LIVENESS_FAILED'],
];

/** The values of an enum of the schema. */
function valuesOf(name: string): string[] {
  const type = schema.getType(name);
  if (!isEnumType(type)) throw new Error(`There is no enum ${name}`);
  return type.getValues().map((value) => value.name);
}

/** The codes that the service's errors can have. */
function errorCodes(): string[] {
  const source = readFileSync(join(ROOT, 'src', 'errors.ts'), 'utf8');
  const union = /type ErrorCode =([^;]*);/.exec(source)?.[1] ?? '';
  return [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code as string);
}

const ENGLISH_STEPS = Object.values(en.hours.steps).flatMap((said) => Object.values(said));

interface Said {
  readonly title: string;
  readonly advice: string;
}

describe.each(Object.entries(LANGUAGES))('the texts in %s', (language, { kiosk, directions, hours }) => {
  const sentences: readonly (readonly [string, readonly string[], Readonly<Record<string, Said>>])[] = [
    [
      'outcome',
      valuesOf('CheckAttendanceStatus').filter((status) => !COMPOSED.includes(status)),
      kiosk.outcomes,
    ],
    ['reason against a photo', valuesOf('FaceFault'), kiosk.faceFaults],
    ['reason against a challenge', valuesOf('ChallengeRefusal'), kiosk.challengeRefusals],
    ['reason against a performance', valuesOf('LivenessFault'), kiosk.livenessFaults],
    [
      'fault',
      // A check enrols nobody.
      [
        ...errorCodes().filter((code) => code !== 'FACE_ALREADY_ENROLLED'),
        'INTERNAL_SERVER_ERROR',
        'OFFLINE',
      ],
      kiosk.faults,
    ],
  ];

  it.each(sentences)('have a sentence of its own, and advice, for every %s', (_, values, said) => {
    expect(values.length).toBeGreaterThan(3);
    expect(Object.keys(said).sort()).toEqual([...values].sort());
    const titles = values.map((value) => said[value]?.title ?? '');
    expect(titles.every((title) => title.length > 3)).toBe(true);
    expect(new Set(titles).size).toBe(titles.length);
    expect(values.every((value) => (said[value]?.advice.length ?? 0) > 3)).toBe(true);
  });

  it.each(Object.entries(STEP_CODES))('have a sentence for every step of %s', (figure, codes) => {
    const said: Readonly<Record<string, string>> = hours.steps[figure as keyof typeof STEP_CODES];
    expect(Object.keys(said).sort()).toEqual([...codes].sort());
    expect(Object.values(said).every((sentence) => /\p{L}.*\.$/u.test(sentence))).toBe(true);
    if (language !== 'en') {
      expect(Object.values(said).filter((sentence) => ENGLISH_STEPS.includes(sentence))).toEqual([]);
    }
  });

  it('name every figure and class of a step', () => {
    expect(Object.keys(hours.figures).sort()).toEqual(valuesOf('WorkFigure').sort());
    expect(Object.keys(hours.classes).sort()).toEqual(valuesOf('TimeClass').sort());
  });

  it('name every direction, every action and every notice', () => {
    expect(Object.keys(directions).sort()).toEqual(valuesOf('AttendanceType').sort());
    expect(Object.keys(kiosk.actions).sort()).toEqual(valuesOf('LivenessAction').sort());
    expect(Object.keys(kiosk.notices).sort()).toEqual(valuesOf('AttendanceNoticeCode').sort());
  });

  it('fill in what the English ones do', () => {
    const holes = (messages: unknown): string[] =>
      typeof messages === 'string'
        ? [[...messages.matchAll(/\{\w+\}/g)].map(String).sort().join()]
        : Object.entries(messages as object)
            // Which numbers a language tells apart is its own affair; "one" need not say the number.
            .filter(([key]) => !['zero', 'one', 'two', 'few', 'many'].includes(key))
            .flatMap(([key, value]) => holes(value).map((found) => `${key} ${found}`));
    expect(holes(LANGUAGES[language])).toEqual(holes(en));
  });
});
