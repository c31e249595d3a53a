export const steps = {
  PRESENCE: {
    PRESENT: 'Presente de {from} a {until}, desde la entrada hasta la salida.',
    PRESENT_FIRST_TO_LAST: 'Presente de {from} a {until}, desde la primera entrada hasta la última salida.',
    PRESENT_AUTO_CLOSED: 'Presente de {from} a {until}. Falta la salida; una regla fijó el final.',
  },
  UNCOUNTED: {
    BEFORE_PLAN: 'El tiempo de {from} a {until} no cuenta: es anterior al inicio previsto.',
    AFTER_PLAN: 'El tiempo de {from} a {until} no cuenta: es posterior al final previsto.',
  },
  ROUNDING: {
    LOGIN_ROUNDED: 'El redondeo movió la entrada: de {from} a {until}.',
    LOGOUT_ROUNDED: 'El redondeo movió la salida: de {from} a {until}.',
  },
  BREAK_PUNCHED: {
    BREAK: 'Pausa de {from} a {until}.',
    BREAK_TOO_SHORT: 'Pausa de {from} a {until}, demasiado corta para contar como pausa obligatoria.',
  },
  BREAK_PAID: {
    PAID_REST: 'El intervalo de {from} a {until} es corto y cuenta como trabajo.',
  },
  BREAK_DEDUCTED: {
    DEDUCTED_TO_THRESHOLD:
      'Pausa automática de {from} a {until}: más de {over} horas de trabajo exigen {required} horas de pausa. Solo se descuenta el tiempo por encima de {over} horas.',
    DEDUCTED_FULL:
      'Pausa automática de {from} a {until}: más de {over} horas de trabajo exigen {required} horas de pausa.',
  },
  WORKED: {
    PRESENCE: 'Presencia.',
    UNCOUNTED: 'Tiempo fuera del plan.',
    ROUNDING: 'Redondeo.',
    BREAK_PAID: 'Pausas cortas que cuentan como trabajo.',
    BREAK_DEDUCTED: 'Pausa automática.',
    ON_OTHER_DATES: 'Trabajo de este turno que cuenta en otra fecha.',
    CONTINUED: 'Trabajo de un turno que empezó en otra fecha.',
  },
  PLANNED: {
    PLANNED: 'Turno de {from} a {until}.',
    PLANNED_LESS_BREAK: 'Turno de {from} a {until}, menos {unpaid} horas de pausa.',
  },
  CREDITED: {
    CREDITED_HOLIDAY: 'Abonado por un día festivo.',
    CREDITED_ABSENCE: 'Abonado por una ausencia.',
  },
  EXPECTED: {
    PLANNED: 'Tiempo previsto.',
    CREDITED: 'Tiempo abonado, que no hace falta trabajar.',
  },
  BALANCE: {
    WORKED: 'Tiempo trabajado.',
    EXPECTED: 'Tiempo exigido.',
  },
  LATE: {
    LATE: 'Retraso: de {from} a {until}.',
    LATE_FOR_PART: 'Retraso en la parte {part} del turno: de {from} a {until}.',
  },
  EARLY_LEAVE: {
    LEFT_EARLY: 'Salida anticipada: de {from} a {until}.',
    LEFT_PART_EARLY: 'Salida anticipada de la parte {part} del turno: de {from} a {until}.',
  },
  OVERTIME_APPROVED: {
    APPROVED: 'Horas extra aprobadas.',
  },
  CLASS: {
    REGULAR: 'Tiempo ordinario.',
    OVERTIME: 'Por encima de un límite de las reglas, o en un día de descanso o festivo.',
  },
  PREMIUM: {
    PREMIUM: 'Trabajado con este complemento de {from} a {until}.',
  },
};

export const classes = {
  REGULAR: 'tiempo ordinario',
  OVERTIME_1: 'horas extra 1',
  OVERTIME_2: 'horas extra 2',
  OVERTIME_3: 'horas extra 3',
};
