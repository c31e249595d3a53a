import type { QueryRunner } from 'typeorm';
import { auditHash, NO_HASH } from '../../services/audit/audit-hash';

interface EarlierEvent {
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly employee_id: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

const BATCH = 500;
/** Who did it was not kept then. */
const CALLER = 'unknown';

/** Moves the events of audit_events_before into the chain, in the order of time. */
export async function chainAuditEvents(runner: QueryRunner): Promise<void> {
  let sequence = 0;
  let previousHash: Buffer = NO_HASH;
  let after = { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const events = (await runner.query(
      `SELECT id, at, action, employee_id, details FROM audit_events_before WHERE (at, id) > ($1, $2)
       ORDER BY at, id LIMIT ${BATCH}`,
      [after.at, after.id],
    )) as EarlierEvent[];
    for (const { employee_id: employeeId, ...event } of events) {
      sequence += 1;
      const row = { sequence, ...event, employeeId, outcome: 'OK', caller: CALLER, address: null };
      const hash = auditHash(row, previousHash);
      await runner.query(
        `INSERT INTO audit_events
           (sequence, id, at, action, outcome, caller, address, employee_id, details, previous_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          ...[sequence, row.id, row.at, row.action, row.outcome, row.caller, row.address, employeeId],
          ...[JSON.stringify(row.details), previousHash, hash],
        ],
      );
      previousHash = hash;
      after = row;
    }
    if (events.length < BATCH) break;
  }
  await runner.query('UPDATE audit_chain SET sequence = $1, hash = $2', [sequence, previousHash]);
}
