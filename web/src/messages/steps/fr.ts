export const steps = {
  PRESENCE: {
    PRESENT: 'Présence de {from} à {until}, de l’arrivée au départ.',
    PRESENT_FIRST_TO_LAST: 'Présence de {from} à {until}, de la première arrivée au dernier départ.',
    PRESENT_AUTO_CLOSED: 'Présence de {from} à {until}. Le départ manque ; une règle a fixé la fin.',
  },
  UNCOUNTED: {
    BEFORE_PLAN: 'Le temps de {from} à {until} ne compte pas : il précède le début prévu.',
    AFTER_PLAN: 'Le temps de {from} à {until} ne compte pas : il suit la fin prévue.',
  },
  ROUNDING: {
    LOGIN_ROUNDED: 'L’arrondi a déplacé l’arrivée : de {from} à {until}.',
    LOGOUT_ROUNDED: 'L’arrondi a déplacé le départ : de {from} à {until}.',
  },
  BREAK_PUNCHED: {
    BREAK: 'Pause de {from} à {until}.',
    BREAK_TOO_SHORT: 'Pause de {from} à {until}, trop courte pour compter comme pause obligatoire.',
  },
  BREAK_PAID: {
    PAID_REST: 'L’intervalle de {from} à {until} est court et compte comme du travail.',
  },
  BREAK_DEDUCTED: {
    DEDUCTED_TO_THRESHOLD:
      'Pause automatique de {from} à {until} : plus de {over} heures de travail exigent {required} heures de pause. Seul le temps au-delà de {over} heures est déduit.',
    DEDUCTED_FULL:
      'Pause automatique de {from} à {until} : plus de {over} heures de travail exigent {required} heures de pause.',
  },
  WORKED: {
    PRESENCE: 'Présence.',
    UNCOUNTED: 'Temps hors du planning.',
    ROUNDING: 'Arrondi.',
    BREAK_PAID: 'Courtes pauses qui comptent comme du travail.',
    BREAK_DEDUCTED: 'Pause automatique.',
    ON_OTHER_DATES: 'Travail de ce poste qui compte à une autre date.',
    CONTINUED: 'Travail d’un poste commencé à une autre date.',
  },
  PLANNED: {
    PLANNED: 'Poste de {from} à {until}.',
    PLANNED_LESS_BREAK: 'Poste de {from} à {until}, moins {unpaid} heures de pause.',
  },
  CREDITED: {
    CREDITED_HOLIDAY: 'Crédité en raison d’un jour férié.',
    CREDITED_ABSENCE: 'Crédité en raison d’une absence.',
  },
  EXPECTED: {
    PLANNED: 'Temps prévu.',
    CREDITED: 'Temps crédité, qui n’est pas à travailler.',
  },
  BALANCE: {
    WORKED: 'Temps travaillé.',
    EXPECTED: 'Temps dû.',
  },
  LATE: {
    LATE: 'Retard : de {from} à {until}.',
    LATE_FOR_PART: 'Retard pour la partie {part} du poste : de {from} à {until}.',
  },
  EARLY_LEAVE: {
    LEFT_EARLY: 'Départ anticipé : de {from} à {until}.',
    LEFT_PART_EARLY: 'Départ anticipé de la partie {part} du poste : de {from} à {until}.',
  },
  OVERTIME_APPROVED: {
    APPROVED: 'Heures supplémentaires approuvées.',
  },
  CLASS: {
    REGULAR: 'Temps normal.',
    OVERTIME: 'Au-delà d’une limite des règles, ou un jour de repos ou férié.',
  },
  PREMIUM: {
    PREMIUM: 'Travaillé avec cette majoration de {from} à {until}.',
  },
};

export const classes = {
  REGULAR: 'temps normal',
  OVERTIME_1: 'heures supplémentaires 1',
  OVERTIME_2: 'heures supplémentaires 2',
  OVERTIME_3: 'heures supplémentaires 3',
};
