import type {
  PlanSource,
  SpanAttribution,
  StepFigure,
  StepValue,
  WorkDayFlag,
  WorkDayStatus,
} from '@rollcall/working-days';
import { enumOf } from '../enum-of';

export const WorkDayStatusEnum = enumOf<WorkDayStatus>(
  'WorkDayStatus',
  'What kind of day it is. A day has the first status that holds.',
  {
    NOT_EMPLOYED: 'Before or after employment.',
    INCOMPLETE: 'A LOGIN or LOGOUT is missing.',
    IN_PROGRESS: 'The employee is at work.',
    PRESENT: 'The employee worked, and no punch is missing.',
    HOLIDAY: 'No punch: the day is a holiday.',
    ON_LEAVE: 'No punch: an absence covers the planned day.',
    NO_PLAN: 'No punch: no schedule is assigned.',
    REST_DAY: 'No punch: the schedule plans no work.',
    ABSENT: 'No punch, and the shift is over.',
    DUE: 'No punch yet, and the shift has begun.',
    SCHEDULED: 'No punch yet: the shift has not begun.',
  },
);

export const WorkDayFlagEnum = enumOf<WorkDayFlag>('WorkDayFlag', 'What stands out on a day.', {
  LATE: 'Came after the planned start and the grace period.',
  LEFT_EARLY: 'Left before the planned end and the grace period.',
  MISSING_LOGIN: 'A LOGOUT has no LOGIN.',
  MISSING_LOGOUT: 'A LOGIN has no LOGOUT.',
  AUTO_CLOSED: 'The work rules ended a span without LOGOUT.',
  BREAK_SHORT: 'The required break is too short.',
  UNPLANNED: 'Punches on a rest day, or outside employment.',
  CONTINUED: 'Includes work from a shift of another date.',
  ON_HOLIDAY: 'Worked on a holiday.',
  ON_LEAVE: 'Worked during an absence of the whole day.',
  MANUAL: 'A punch was recorded by hand.',
  ARRIVED_LATE: 'A punch reached the service after the end of its date.',
  CORRECTED: 'A punch was voided, or added by a correction.',
  DAY_LONG: 'Worked longer than the limit of a day.',
  REST_SHORT: 'The rest before this day was shorter than the limit.',
  WEEK_LONG: 'The average week was longer than the limit. On the last day of a week.',
  CONTINUOUS_LONG: 'Worked too long without a break.',
});

export const SpanAttributionEnum = enumOf<SpanAttribution>(
  'SpanAttribution',
  'Why a span belongs to its day.',
  {
    OVERLAP: 'It overlaps the shift of that day most.',
    INSIDE_PLAN: 'The only punch lies inside the shift of that day.',
    SESSION: 'The span beside it belongs to that day.',
    WINDOW: 'It lies shortly before or after the shift of that day.',
    CALENDAR: 'It began on that date.',
  },
);

export const PlanSourceEnum = enumOf<PlanSource>('PlanSource', 'Where the plan of a day comes from.', {
  DAY: 'A change for this single day.',
  EMPLOYEE: "The employee's own schedule.",
  OFFICE: "The default schedule of the employee's office.",
  NONE: 'Nothing is planned.',
});

export const WorkFigureEnum = enumOf<StepFigure>('WorkFigure', 'A figure that steps explain.', {
  PRESENCE: '`presenceMinutes`.',
  UNCOUNTED: '`uncountedMinutes`.',
  ROUNDING: '`roundingMinutes`.',
  BREAK_PUNCHED: '`breakPunchedMinutes`.',
  BREAK_PAID: '`breakPaidMinutes`.',
  BREAK_DEDUCTED: '`breakDeductedMinutes`.',
  WORKED: '`workedMinutes`.',
  PLANNED: '`plannedMinutes`.',
  CREDITED: '`creditedMinutes`.',
  EXPECTED: '`expectedMinutes`.',
  BALANCE: '`balanceMinutes`.',
  LATE: '`lateMinutes`.',
  EARLY_LEAVE: '`earlyLeaveMinutes`.',
  OVERTIME_APPROVED: '`overtimeApprovedMinutes`.',
  CLASS: 'One of `classes`. `key` is the class.',
  PREMIUM: 'One of `premiums`. `key` is the code.',
});

export const WorkStepValueEnum = enumOf<StepValue['name']>(
  'WorkStepValue',
  'A number that a step mentions.',
  {
    OVER: 'Minutes of work beyond which a break is required.',
    REQUIRED_BREAK: 'Minutes of the required break.',
    UNPAID_BREAK: 'Minutes of the break of the shift, which is not paid.',
    PART: 'Which segment or core window of the shift, from 1.',
  },
);

export const TotalsByEnum = enumOf('TotalsBy', 'What totals are grouped by.', {
  WEEK: 'Weeks, which begin on the day that the work rules say.',
  MONTH: 'Months.',
  OFFICE: 'The office that the employee had on the date.',
});
