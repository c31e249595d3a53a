import { shown, OWNER, type PersonalTable } from './personal-table';

/** Plans, absences and overtime. */
export const WORKING_DAY_TABLES = {
  schedule_assignments: {
    of: 'employee_id = $1',
    section: { name: 'scheduleAssignments', order: 'valid_from, id' },
    erasure: { keeps: 'The days of the punches that are kept depend on it. It names nobody.' },
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      office_id: { omitted: 'Always empty: the row is about the employee.' },
      schedule_id: { as: 'schedule', sql: '(SELECT name FROM schedules WHERE id = schedule_id)' },
      rules_id: { as: 'workRules', sql: '(SELECT name FROM work_rules WHERE id = rules_id)' },
      ...shown('valid_from', 'valid_until', 'created_by', 'created_at'),
    },
  },
  day_plans: {
    of: 'employee_id = $1',
    section: { name: 'dayPlans', order: 'date' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('date'),
      shift_id: { as: 'shift', sql: '(SELECT name FROM shifts WHERE id = shift_id)' },
      reason: { as: 'reason', mentions: true, erased: `'erased'` },
      ...shown('created_by', 'created_at'),
    },
  },
  absences: {
    of: 'employee_id = $1',
    section: { name: 'absences', order: 'valid_from, id' },
    // The kind may tell of an illness, with or without the name.
    erasure: 'delete',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('valid_from', 'valid_until', 'minutes_per_day', 'kind', 'paid', 'source', 'external_id'),
      ...shown('created_by', 'created_at'),
    },
  },
  overtime_decisions: {
    of: 'employee_id = $1',
    section: { name: 'overtimeDecisions', order: 'date' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('date', 'approved_minutes', 'decided_by', 'decided_at'),
      fingerprint: { omitted: 'A hash of the figures that were approved.' },
      note: { as: 'note', mentions: true, erased: 'NULL' },
    },
  },
} satisfies Readonly<Record<string, PersonalTable>>;
