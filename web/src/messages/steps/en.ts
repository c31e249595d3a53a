/** What explains a figure of a working day, by figure and code. Times of the office, durations in hours and minutes. */
export const steps = {
  PRESENCE: {
    PRESENT: 'Present from {from} to {until}, from login to logout.',
    PRESENT_FIRST_TO_LAST: 'Present from {from} to {until}, from the first login to the last logout.',
    PRESENT_AUTO_CLOSED: 'Present from {from} to {until}. The logout is missing; a work rule set the end.',
  },
  UNCOUNTED: {
    BEFORE_PLAN: 'The time from {from} to {until} does not count: it is before the planned start.',
    AFTER_PLAN: 'The time from {from} to {until} does not count: it is after the planned end.',
  },
  ROUNDING: {
    LOGIN_ROUNDED: 'Rounding moved the login: {from} to {until}.',
    LOGOUT_ROUNDED: 'Rounding moved the logout: {from} to {until}.',
  },
  BREAK_PUNCHED: {
    BREAK: 'Break from {from} to {until}.',
    BREAK_TOO_SHORT: 'Break from {from} to {until}, too short to count as a required break.',
  },
  BREAK_PAID: {
    PAID_REST: 'The gap from {from} to {until} is short and counts as work.',
  },
  BREAK_DEDUCTED: {
    DEDUCTED_TO_THRESHOLD:
      'Automatic break from {from} to {until}: more than {over} hours of work need {required} hours of break. Only time beyond {over} hours is deducted.',
    DEDUCTED_FULL:
      'Automatic break from {from} to {until}: more than {over} hours of work need {required} hours of break.',
  },
  WORKED: {
    PRESENCE: 'Presence.',
    UNCOUNTED: 'Time outside the plan.',
    ROUNDING: 'Rounding.',
    BREAK_PAID: 'Short breaks that count as work.',
    BREAK_DEDUCTED: 'Automatic break.',
    ON_OTHER_DATES: 'Work of this shift that counts on another date.',
    CONTINUED: 'Work of a shift that began on another date.',
  },
  PLANNED: {
    PLANNED: 'Shift from {from} to {until}.',
    PLANNED_LESS_BREAK: 'Shift from {from} to {until}, less {unpaid} hours of break.',
  },
  CREDITED: {
    CREDITED_HOLIDAY: 'Credited because of a holiday.',
    CREDITED_ABSENCE: 'Credited because of an absence.',
  },
  EXPECTED: {
    PLANNED: 'Planned time.',
    CREDITED: 'Credited time, which need not be worked.',
  },
  BALANCE: {
    WORKED: 'Worked time.',
    EXPECTED: 'Expected time.',
  },
  LATE: {
    LATE: 'Late: from {from} to {until}.',
    LATE_FOR_PART: 'Late for part {part} of the shift: from {from} to {until}.',
  },
  EARLY_LEAVE: {
    LEFT_EARLY: 'Left early: from {from} to {until}.',
    LEFT_PART_EARLY: 'Left part {part} of the shift early: from {from} to {until}.',
  },
  OVERTIME_APPROVED: {
    APPROVED: 'Approved overtime.',
  },
  CLASS: {
    REGULAR: 'Regular time.',
    OVERTIME: 'Beyond a limit of the work rules, or on a rest day or a holiday.',
  },
  PREMIUM: {
    PREMIUM: 'Worked with this premium from {from} to {until}.',
  },
};

/** What classes of time are called. */
export const classes = {
  REGULAR: 'regular time',
  OVERTIME_1: 'overtime 1',
  OVERTIME_2: 'overtime 2',
  OVERTIME_3: 'overtime 3',
};
