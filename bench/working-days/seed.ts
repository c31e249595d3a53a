import type { Client } from 'pg';

/** A month of the past: 22 working days, four punches on each. */
export const MONTH = { from: '2026-05-01', until: '2026-05-31' };
/** A Wednesday of it. */
export const DATE = '2026-05-13';

/** Rules as in Germany, which use most of what there is. */
export const RULES = {
  ...{
    pairing: 'EVERY_PAIR',
    repeatMinutes: 5,
    maxSpanMinutes: 960,
    attribution: 'SHIFT',
    dayStartsAt: '00:00',
  },
  ...{
    weekStartsOn: 'MONDAY',
    beforeMinutes: 240,
    afterMinutes: 480,
    sessionGapMinutes: 240,
    countEarly: true,
  },
  ...{ countLate: true, lateGraceMinutes: 5, earlyGraceMinutes: 5, snapInMinutes: 0, snapOutMinutes: 0 },
  rounding: { mode: 'NONE', stepMinutes: 1, scope: 'DAY_EDGES' },
  breaks: {
    ...{ deduct: 'TO_THRESHOLD', minPartMinutes: 15, paidUpToMinutes: 0 },
    tiers: [
      { over: 360, total: 30 },
      { over: 540, total: 45 },
    ],
  },
  overtime: {
    daily: [{ after: 'PLAN', class: 'OVERTIME_1' }],
    ...{ weekly: null, restDays: 'OVERTIME_1', holidays: 'OVERTIME_1', minimumMinutes: 0 },
  },
  premiums: [
    { code: 'NIGHT', from: '23:00', to: '06:00' },
    { code: 'SUNDAY', on: ['SUNDAY'] },
    { code: 'HOLIDAY', on: ['HOLIDAY'] },
  ],
  ...{ openSpan: { mode: 'LEAVE_OPEN' }, expectedOnClockChange: 'ELAPSED', holidayPlan: 'DROP' },
  ...{ absentAfterMinutes: 0, overtimeApproval: 'NONE' },
  limits: {
    ...{ dayLongMinutes: 600, restShortMinutes: 660, weekLongMinutes: null, weekLongReferenceWeeks: null },
    continuousLongMinutes: 360,
  },
};

const ID = (kind: number, n: string): string =>
  `('0190${kind}000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const MADE = `'bench', now()`;

/** The one office. */
export const OFFICE = '01901000-0000-7000-8000-000000000001';

/**
 * Fills a database with people, a plan for all of them, and a month of punches in the order in which they are made. Some of
 * them are late or missing.
 */
export async function seed(client: Client, people: number): Promise<void> {
  const statements = [
    `INSERT INTO offices (id, name, time_zone) VALUES ('${OFFICE}', 'Office', 'Europe/Berlin')`,
    `INSERT INTO office_zones VALUES (gen_random_uuid(), '${OFFICE}', 'Europe/Berlin', '-infinity', ${MADE})`,
    `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, office_id, created_at, employed_from)
       SELECT ${ID(2, 'n')}, 'Person ' || lpad(n::text, 6, '0'), 'person ' || lpad(n::text, 6, '0'), 'P' || n, 'p' || n,
         '${OFFICE}', now(), '2020-01-01'
       FROM generate_series(1, ${people}) n`,
    `INSERT INTO employee_offices SELECT gen_random_uuid(), id, '${OFFICE}', '-infinity', ${MADE} FROM employees`,
    `INSERT INTO shifts (id, name, kind, segments, break_minutes, created_by, created_at)
       VALUES (${ID(3, '1')}, 'Day', 'FIXED', '[{"from":"09:00","to":"17:30"}]', 30, ${MADE})`,
    `INSERT INTO schedules (id, name, cycle_days, anchor, created_by, created_at)
       VALUES (${ID(4, '1')}, 'Week', 7, '2024-01-01', ${MADE})`,
    `INSERT INTO schedule_days SELECT ${ID(4, '1')}, day, ${ID(3, '1')} FROM generate_series(1, 5) day`,
    `INSERT INTO work_rules VALUES (${ID(5, '1')}, 'Rules', ${MADE})`,
    `INSERT INTO work_rules_versions VALUES (${ID(6, '1')}, ${ID(5, '1')}, 1, '1970-01-01', '${JSON.stringify(RULES)}', ${MADE})`,
    `INSERT INTO schedule_assignments (id, office_id, schedule_id, rules_id, valid_from, created_by, created_at)
       VALUES (gen_random_uuid(), '${OFFICE}', ${ID(4, '1')}, ${ID(5, '1')}, '2020-01-01', ${MADE})`,
    `INSERT INTO holidays VALUES (gen_random_uuid(), '${OFFICE}', '2026-05-25', 'Holiday', NULL, 'PUBLIC', 'manual', ${MADE})`,
    // One in 50 is absent on a day, and one in 100 does not log out.
    `INSERT INTO attendances (id, employee_id, office_id, sequence, type, recorded_at, similarity)
       SELECT gen_random_uuid(), ${ID(2, 'n')}, '${OFFICE}', row_number() OVER (PARTITION BY n ORDER BY day, part), type,
         day + at + ((n + extract(day FROM day)::int * 7) % 13) * interval '1 minute', 0.99
       FROM generate_series(1, ${people}) n,
         generate_series(timestamptz '2026-05-01 00:00Z', '2026-05-30 00:00Z', '1 day') day,
         (VALUES (1, 'LOGIN', interval '6:55'), (2, 'LOGOUT', interval '10:30'),
           (3, 'LOGIN', interval '11:00'), (4, 'LOGOUT', interval '15:32')) punches (part, type, at)
       WHERE extract(isodow FROM day) < 6 AND (n + extract(day FROM day)::int) % 50 <> 0
         AND NOT (part = 4 AND (n + extract(day FROM day)::int) % 100 = 1)
       ORDER BY day, at, n`,
    // Half of them are at work now.
    `INSERT INTO attendances (id, employee_id, office_id, sequence, type, recorded_at, similarity)
       SELECT gen_random_uuid(), ${ID(2, 'n')}, '${OFFICE}', 1000, 'LOGIN', now() - interval '2 hours', 0.99
       FROM generate_series(1, ${people}, 2) n`,
    'ANALYZE',
  ];
  for (const statement of statements) await client.query(statement);
}
