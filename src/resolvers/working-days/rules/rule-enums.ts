import { enumOf } from '../enum-of';

export const PairingEnum = enumOf('Pairing', 'How punches become spans.', {
  EVERY_PAIR: 'Each LOGIN and the LOGOUT that follows it.',
  FIRST_TO_LAST: 'The first LOGIN to the last LOGOUT of a day.',
});

export const AttributionEnum = enumOf('Attribution', 'Which day minutes belong to.', {
  SHIFT: 'All to the day on which the shift began.',
  CALENDAR_DAY: 'Each to its date. Days begin at `dayStartsAt`.',
});

const WEEKDAYS = {
  MONDAY: 'Monday.',
  TUESDAY: 'Tuesday.',
  WEDNESDAY: 'Wednesday.',
  THURSDAY: 'Thursday.',
  FRIDAY: 'Friday.',
  SATURDAY: 'Saturday.',
  SUNDAY: 'Sunday.',
};

export const WeekdayEnum = enumOf('Weekday', 'Day of the week.', WEEKDAYS);

export const PremiumDayEnum = enumOf('PremiumDay', 'Day on which a premium applies.', {
  ...WEEKDAYS,
  HOLIDAY: "A holiday of the employee's office.",
});

export const RoundingModeEnum = enumOf('RoundingMode', 'How times are rounded.', {
  NONE: 'Not at all.',
  NEAREST: 'To the nearest step. A time in the middle goes up.',
  UP: 'To the next step.',
  DOWN: 'To the step before.',
});

export const RoundingScopeEnum = enumOf('RoundingScope', 'Which times are rounded.', {
  DAY_EDGES: 'The first LOGIN and the last LOGOUT of a day.',
  EVERY_PUNCH: 'Every punch.',
});

export const BreakDeductionEnum = enumOf('BreakDeduction', 'How a break that was not taken is deducted.', {
  TO_THRESHOLD: 'Not more than what lies over the threshold, so that a minute more never makes less worked.',
  FULL: 'As a whole.',
  NONE: 'Not at all. The day gets the flag BREAK_SHORT.',
});

export const TimeClassEnum = enumOf(
  'TimeClass',
  'Class of worked time. Every worked minute has exactly one.',
  {
    REGULAR: 'Regular time.',
    OVERTIME_1: 'Overtime, first class.',
    OVERTIME_2: 'Overtime, second class.',
    OVERTIME_3: 'Overtime, third class.',
  },
);

export const OpenSpanModeEnum = enumOf('OpenSpanMode', 'What becomes of a LOGIN without a LOGOUT.', {
  LEAVE_OPEN: 'It counts 0 minutes, and the day is INCOMPLETE.',
  CLOSE_AT_SHIFT_END: 'It ends with the shift.',
  CLOSE_AFTER: 'It ends after `minutes`.',
  CLOSE_AT: 'It ends at the time `at`.',
});

export const ClockChangeEnum = enumOf('ClockChange', 'What is planned in a night in which clocks change.', {
  ELAPSED: 'The time that really passes.',
  NOMINAL: 'The time that clocks show.',
});

export const HolidayPlanEnum = enumOf('HolidayPlan', 'What a holiday does to the plan.', {
  DROP: 'Planned minutes are credited.',
  KEEP: 'The plan holds, as in a place that is never closed.',
});

export const OvertimeApprovalEnum = enumOf('OvertimeApproval', 'Whether overtime must be approved.', {
  NONE: 'Overtime needs no approval.',
  REQUIRED: 'decideOvertime must approve overtime.',
});

export const RulesPresetEnum = enumOf('RulesPreset', 'Rules to begin with. They are no legal advice.', {
  NONE: "Neutral: nothing is rounded, deducted or classed. A shift's break lowers what is expected, but nothing is deducted from what is worked.",
  EU: 'Directive 2003/88/EC: warns of short rests, short breaks and long weeks. Deducts nothing.',
  GERMANY:
    'Arbeitszeitgesetz: breaks of 30 and 45 minutes, premiums for nights, Sundays and holidays, warnings.',
  US_FLSA: 'Weeks from Sunday, overtime over 40 hours a week, rests up to 20 minutes are paid.',
  US_CALIFORNIA:
    'US_FLSA, and daily overtime over 8 and 12 hours. Does not cover the rule of the seventh day and meal premiums.',
});
