import { DEFAULT_RULES, type Rules } from '@rollcall/working-days';

/** Rules to begin with. They are no legal advice. */
export type RulesPreset = 'NONE' | 'EU' | 'GERMANY' | 'US_FLSA' | 'US_CALIFORNIA';

const { breaks, limits, overtime } = DEFAULT_RULES;

/** Directive 2003/88/EC: rest of 11 hours (article 3), 48 hours a week over 17 weeks (6, 16). Warns, deducts nothing. */
const EU: Rules = {
  ...DEFAULT_RULES,
  // Article 4 demands a break beyond six hours, and leaves its length to the member states.
  breaks: { ...breaks, tiers: [{ over: 360, total: 15 }], deduct: 'NONE' },
  limits: { ...limits, restShortMinutes: 660, weekLongMinutes: 2880, weekLongReferenceWeeks: 17 },
};

/** Arbeitszeitgesetz: breaks (section 4), night (2), hours of a day (3), rest (5). */
const GERMANY: Rules = {
  ...DEFAULT_RULES,
  breaks: {
    ...breaks,
    tiers: [
      { over: 360, total: 30 },
      { over: 540, total: 45 },
    ],
    minPartMinutes: 15,
  },
  premiums: [
    { code: 'NIGHT', from: '23:00', to: '06:00' },
    { code: 'SUNDAY', on: ['SUNDAY'] },
    { code: 'HOLIDAY', on: ['HOLIDAY'] },
  ],
  limits: { ...limits, dayLongMinutes: 600, restShortMinutes: 660, continuousLongMinutes: 360 },
};

/** 29 CFR 785.18 (rests up to 20 minutes are work) and 778.104 (each week stands alone, over 40 hours). */
const US_FLSA: Rules = {
  ...DEFAULT_RULES,
  weekStartsOn: 'SUNDAY',
  breaks: { ...breaks, paidUpToMinutes: 20 },
  overtime: { ...overtime, weekly: { after: 2400, class: 'OVERTIME_1' } },
};

/** Labor Code 510: over 8 and 12 hours in a workday that begins at the same time each day, and over 40 a week. */
const US_CALIFORNIA: Rules = {
  ...US_FLSA,
  attribution: 'CALENDAR_DAY',
  overtime: {
    ...US_FLSA.overtime,
    daily: [
      { after: 480, class: 'OVERTIME_1' },
      { after: 720, class: 'OVERTIME_2' },
    ],
  },
};

export const PRESETS: Readonly<Record<RulesPreset, Rules>> = {
  NONE: DEFAULT_RULES,
  EU,
  GERMANY,
  US_FLSA,
  US_CALIFORNIA,
};
