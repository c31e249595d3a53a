export { deriveDays, type DayQuery } from '#src/derive';
export type { DayFigures, DerivedDay, DerivedSpan } from '#src/derived-day';
export type { PlanSource } from '#src/day-plan';
export type { DayStep, StepFigure } from '#src/explain/step';
export { fingerprintOf } from '#src/fingerprint';
export { DEFAULT_RULES } from '#src/rules';
export type { SpanAttribution } from '#src/spans';
export { FLAG_ORDER, type WorkDayFlag, type WorkDayStatus } from '#src/status';
export type * from '#src/types';
