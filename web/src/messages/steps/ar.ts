export const steps = {
  PRESENCE: {
    PRESENT: 'حاضر من {from} إلى {until}، من تسجيل الدخول إلى تسجيل الخروج.',
    PRESENT_FIRST_TO_LAST: 'حاضر من {from} إلى {until}، من أول تسجيل دخول إلى آخر تسجيل خروج.',
    PRESENT_AUTO_CLOSED: 'حاضر من {from} إلى {until}. تسجيل الخروج ناقص، وحددت قاعدة النهاية.',
  },
  UNCOUNTED: {
    BEFORE_PLAN: 'الوقت من {from} إلى {until} لا يُحسب: يقع قبل البداية المخططة.',
    AFTER_PLAN: 'الوقت من {from} إلى {until} لا يُحسب: يقع بعد النهاية المخططة.',
  },
  ROUNDING: {
    LOGIN_ROUNDED: 'غيّر التقريب تسجيل الدخول: من {from} إلى {until}.',
    LOGOUT_ROUNDED: 'غيّر التقريب تسجيل الخروج: من {from} إلى {until}.',
  },
  BREAK_PUNCHED: {
    BREAK: 'استراحة من {from} إلى {until}.',
    BREAK_TOO_SHORT: 'استراحة من {from} إلى {until}، أقصر من أن تُحسب استراحة مطلوبة.',
  },
  BREAK_PAID: {
    PAID_REST: 'الفاصل من {from} إلى {until} قصير ويُحسب عملاً.',
  },
  BREAK_DEDUCTED: {
    DEDUCTED_TO_THRESHOLD:
      'استراحة تلقائية من {from} إلى {until}: أكثر من {over} ساعات عمل يتطلب {required} ساعة استراحة. لا يُخصم إلا الوقت الذي يتجاوز {over} ساعات.',
    DEDUCTED_FULL:
      'استراحة تلقائية من {from} إلى {until}: أكثر من {over} ساعات عمل يتطلب {required} ساعة استراحة.',
  },
  WORKED: {
    PRESENCE: 'الحضور.',
    UNCOUNTED: 'وقت خارج الخطة.',
    ROUNDING: 'التقريب.',
    BREAK_PAID: 'استراحات قصيرة تُحسب عملاً.',
    BREAK_DEDUCTED: 'استراحة تلقائية.',
    ON_OTHER_DATES: 'عمل من هذه المناوبة يُحسب في تاريخ آخر.',
    CONTINUED: 'عمل من مناوبة بدأت في تاريخ آخر.',
  },
  PLANNED: {
    PLANNED: 'مناوبة من {from} إلى {until}.',
    PLANNED_LESS_BREAK: 'مناوبة من {from} إلى {until}، ناقص {unpaid} ساعة استراحة.',
  },
  CREDITED: {
    CREDITED_HOLIDAY: 'أُضيف بسبب عطلة.',
    CREDITED_ABSENCE: 'أُضيف بسبب غياب.',
  },
  EXPECTED: {
    PLANNED: 'الوقت المخطط.',
    CREDITED: 'وقت مضاف لا يلزم عمله.',
  },
  BALANCE: {
    WORKED: 'وقت العمل.',
    EXPECTED: 'الوقت المطلوب.',
  },
  LATE: {
    LATE: 'تأخر: من {from} إلى {until}.',
    LATE_FOR_PART: 'تأخر عن الجزء {part} من المناوبة: من {from} إلى {until}.',
  },
  EARLY_LEAVE: {
    LEFT_EARLY: 'انصراف مبكر: من {from} إلى {until}.',
    LEFT_PART_EARLY: 'انصراف مبكر من الجزء {part} من المناوبة: من {from} إلى {until}.',
  },
  OVERTIME_APPROVED: {
    APPROVED: 'عمل إضافي موافق عليه.',
  },
  CLASS: {
    REGULAR: 'وقت عادي.',
    OVERTIME: 'فوق حد من قواعد العمل، أو في يوم راحة أو عطلة.',
  },
  PREMIUM: {
    PREMIUM: 'عمل بهذه العلاوة من {from} إلى {until}.',
  },
};

export const classes = {
  REGULAR: 'وقت عادي',
  OVERTIME_1: 'عمل إضافي 1',
  OVERTIME_2: 'عمل إضافي 2',
  OVERTIME_3: 'عمل إضافي 3',
};
