import { LocalTimeScalar } from '../../../entities/local-scalars';
import { RULE_LISTS } from '../../../services/working-days/rules/rule-bounds';
import {
  AttributionEnum,
  ClockChangeEnum,
  HolidayPlanEnum,
  OvertimeApprovalEnum,
  PairingEnum,
  WeekdayEnum,
} from './rule-enums';
import { Breaks, Limits, minutes, OpenSpan, Overtime, Premium, Rounding, type RuleField } from './rule-types';

/** Every field of work rules, as the schema has it. */
export const RULE_FIELDS: Readonly<Record<string, RuleField>> = {
  pairing: { type: PairingEnum, text: 'How punches become spans.' },
  repeatMinutes: minutes(
    'repeatMinutes',
    'A punch in the same direction within so many minutes is a repeat.',
  ),
  maxSpanMinutes: minutes('maxSpanMinutes', 'A LOGOUT later than so many minutes does not end a span.'),
  attribution: { type: AttributionEnum, text: 'Which day minutes belong to.' },
  dayStartsAt: {
    type: LocalTimeScalar,
    text: 'When a day begins, for work without a plan and for CALENDAR_DAY.',
  },
  weekStartsOn: { type: WeekdayEnum, text: 'First day of a week.' },
  beforeMinutes: minutes('beforeMinutes', 'Punches up to so many minutes before a shift belong to it.'),
  afterMinutes: minutes('afterMinutes', 'Punches up to so many minutes after a shift belong to it.'),
  sessionGapMinutes: minutes('sessionGapMinutes', 'A longer gap is no break, but the end of work. Minutes.'),
  countEarly: { type: Boolean, text: 'Whether time before the planned start is worked.' },
  countLate: { type: Boolean, text: 'Whether time after the planned end is worked.' },
  lateGraceMinutes: minutes(
    'lateGraceMinutes',
    'Nobody is late up to so many minutes. Beyond, all minutes are late.',
  ),
  earlyGraceMinutes: minutes(
    'earlyGraceMinutes',
    'Nobody leaves early up to so many minutes. Beyond, all count.',
  ),
  snapInMinutes: minutes('snapInMinutes', 'Within so many minutes of the planned start, that start counts.'),
  snapOutMinutes: minutes('snapOutMinutes', 'Within so many minutes of the planned end, that end counts.'),
  rounding: { type: Rounding, text: 'How times are rounded.' },
  breaks: { type: Breaks, text: 'Breaks.' },
  overtime: { type: Overtime, text: 'Classes of worked time.' },
  premiums: {
    type: Premium,
    list: true,
    text: `Premiums, at most ${RULE_LISTS.premiums}. They may overlap.`,
  },
  openSpan: { type: OpenSpan, text: 'What becomes of a LOGIN without a LOGOUT.' },
  expectedOnClockChange: {
    type: ClockChangeEnum,
    text: 'What is planned in a night in which clocks change.',
  },
  holidayPlan: { type: HolidayPlanEnum, text: 'What a holiday does to the plan.' },
  absentAfterMinutes: minutes(
    'absentAfterMinutes',
    'Nobody is ABSENT before so many minutes after the planned end.',
  ),
  limits: { type: Limits, text: 'Warnings.' },
  overtimeApproval: { type: OvertimeApprovalEnum, text: 'Whether overtime must be approved.' },
};
