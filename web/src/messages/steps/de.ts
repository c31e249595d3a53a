export const steps = {
  PRESENCE: {
    PRESENT: 'Anwesend von {from} bis {until}, von der Anmeldung bis zur Abmeldung.',
    PRESENT_FIRST_TO_LAST:
      'Anwesend von {from} bis {until}, von der ersten Anmeldung bis zur letzten Abmeldung.',
    PRESENT_AUTO_CLOSED:
      'Anwesend von {from} bis {until}. Die Abmeldung fehlt; eine Regel hat das Ende gesetzt.',
  },
  UNCOUNTED: {
    BEFORE_PLAN: 'Die Zeit von {from} bis {until} zählt nicht: Sie liegt vor dem geplanten Beginn.',
    AFTER_PLAN: 'Die Zeit von {from} bis {until} zählt nicht: Sie liegt nach dem geplanten Ende.',
  },
  ROUNDING: {
    LOGIN_ROUNDED: 'Die Anmeldung wurde gerundet: {from} bis {until}.',
    LOGOUT_ROUNDED: 'Die Abmeldung wurde gerundet: {from} bis {until}.',
  },
  BREAK_PUNCHED: {
    BREAK: 'Pause von {from} bis {until}.',
    BREAK_TOO_SHORT: 'Pause von {from} bis {until}, zu kurz für eine Pflichtpause.',
  },
  BREAK_PAID: {
    PAID_REST: 'Die Lücke von {from} bis {until} ist kurz und zählt als Arbeit.',
  },
  BREAK_DEDUCTED: {
    DEDUCTED_TO_THRESHOLD:
      'Automatische Pause von {from} bis {until}: Mehr als {over} Stunden Arbeit brauchen {required} Stunden Pause. Abgezogen wird nur Zeit über {over} Stunden.',
    DEDUCTED_FULL:
      'Automatische Pause von {from} bis {until}: Mehr als {over} Stunden Arbeit brauchen {required} Stunden Pause.',
  },
  WORKED: {
    PRESENCE: 'Anwesenheit.',
    UNCOUNTED: 'Zeit außerhalb des Plans.',
    ROUNDING: 'Rundung.',
    BREAK_PAID: 'Kurze Pausen, die als Arbeit zählen.',
    BREAK_DEDUCTED: 'Automatische Pause.',
    ON_OTHER_DATES: 'Arbeit dieser Schicht, die an einem anderen Datum zählt.',
    CONTINUED: 'Arbeit einer Schicht, die an einem anderen Datum begann.',
  },
  PLANNED: {
    PLANNED: 'Schicht von {from} bis {until}.',
    PLANNED_LESS_BREAK: 'Schicht von {from} bis {until}, abzüglich {unpaid} Stunden Pause.',
  },
  CREDITED: {
    CREDITED_HOLIDAY: 'Gutgeschrieben wegen eines Feiertags.',
    CREDITED_ABSENCE: 'Gutgeschrieben wegen einer Abwesenheit.',
  },
  EXPECTED: {
    PLANNED: 'Geplante Zeit.',
    CREDITED: 'Gutgeschriebene Zeit, die nicht gearbeitet werden muss.',
  },
  BALANCE: {
    WORKED: 'Gearbeitete Zeit.',
    EXPECTED: 'Sollzeit.',
  },
  LATE: {
    LATE: 'Zu spät: von {from} bis {until}.',
    LATE_FOR_PART: 'Zu spät zu Teil {part} der Schicht: von {from} bis {until}.',
  },
  EARLY_LEAVE: {
    LEFT_EARLY: 'Zu früh gegangen: von {from} bis {until}.',
    LEFT_PART_EARLY: 'Zu früh aus Teil {part} der Schicht gegangen: von {from} bis {until}.',
  },
  OVERTIME_APPROVED: {
    APPROVED: 'Genehmigte Überstunden.',
  },
  CLASS: {
    REGULAR: 'Normale Arbeitszeit.',
    OVERTIME: 'Über einer Grenze der Arbeitszeitregeln, oder an einem Ruhetag oder Feiertag.',
  },
  PREMIUM: {
    PREMIUM: 'Mit diesem Zuschlag gearbeitet von {from} bis {until}.',
  },
};

export const classes = {
  REGULAR: 'Normalzeit',
  OVERTIME_1: 'Überstunden 1',
  OVERTIME_2: 'Überstunden 2',
  OVERTIME_3: 'Überstunden 3',
};
