/** The least and the greatest number that a field of work rules may have. Minutes, unless it says otherwise. */
export const RULE_BOUNDS = {
  repeatMinutes: [0, 120],
  // Two days: no duty lasts longer.
  maxSpanMinutes: [60, 2880],
  beforeMinutes: [0, 1440],
  afterMinutes: [0, 1440],
  sessionGapMinutes: [0, 1440],
  lateGraceMinutes: [0, 240],
  earlyGraceMinutes: [0, 240],
  snapInMinutes: [0, 120],
  snapOutMinutes: [0, 120],
  absentAfterMinutes: [0, 1440],
  stepMinutes: [1, 60],
  over: [0, 1440],
  total: [1, 480],
  minPartMinutes: [0, 240],
  paidUpToMinutes: [0, 240],
  minimumMinutes: [0, 480],
  after: [0, 1440],
  weeklyAfter: [0, 10_080],
  closeAfterMinutes: [1, 2880],
  dayLongMinutes: [1, 2880],
  restShortMinutes: [1, 2880],
  weekLongMinutes: [1, 10_080],
  weekLongReferenceWeeks: [1, 52],
  continuousLongMinutes: [1, 1440],
} as const satisfies Readonly<Record<string, readonly [min: number, max: number]>>;

/** How many of a list work rules may have. */
export const RULE_LISTS = { tiers: 5, daily: 3, premiums: 10, on: 8 } as const;

export const PREMIUM_CODE_PATTERN = /^[A-Z0-9_]{1,32}$/;
