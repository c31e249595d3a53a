import { shown, OWNER, type PersonalTable } from './personal-table';

/** Records about exports, erasures and changes, and names that administrators gave. */
export const RECORD_TABLES = {
  export_tickets: {
    of: 'subject_id = $1',
    section: { name: 'exportsNotDownloaded', order: 'expires_at' },
    erasure: 'delete',
    columns: {
      subject_id: OWNER,
      ...shown('requested_by', 'expires_at'),
      token_hash: { omitted: 'Hash of a random token. It contains nothing about a person.' },
    },
  },
  erasures: {
    of: 'subject_id = $1',
    section: { name: 'erasures', order: 'requested_at, id' },
    erasure: {
      keeps: 'Proves that the erasure was done, and tells what to repeat after a backup is restored.',
    },
    columns: {
      ...shown('id'),
      subject_id: OWNER,
      ...shown('keep_attendance', 'requested_by', 'requested_at', 'started_at', 'completed_at'),
      logged_in: { omitted: 'Which erasure logs have a line of it.' },
      attempts: { omitted: 'Progress of the work.' },
      last_error: { omitted: 'Error message, for the operator.' },
      next_at: { omitted: 'Progress of the work.' },
    },
  },
  audit_events: {
    of: 'employee_id = $1',
    section: { name: 'auditEvents', order: 'sequence', pages: true },
    erasure: {
      keeps:
        'The trail proves what was done, until RETAIN_AUDIT_DAYS. It names nobody, and has no biometric.',
    },
    columns: {
      sequence: { omitted: 'The order of the events in the export.' },
      ...shown('at', 'action', 'outcome', 'caller', 'details'),
      employee_id: OWNER,
      address: { omitted: "Network address of another person's device." },
      id: { omitted: 'A second id of the event.' },
      hash: { omitted: 'Proves that the trail is unchanged. It contains no more than the event.' },
      previous_hash: { omitted: 'Hash of the previous event, which may be about another person.' },
      key_id: { omitted: 'The key that signed the event.' },
    },
  },
  // Names that administrators gave.
  api_keys: {
    of: null,
    erasure: { keeps: 'The key is not the person. Their name and employeeId in its name are replaced.' },
    columns: { name: { mentions: true } },
  },
  kiosk_pairings: {
    of: null,
    erasure: { keeps: 'The row is deleted when the code has expired.' },
    columns: { name: { mentions: true } },
  },
} satisfies Readonly<Record<string, PersonalTable>>;
