import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { SYSTEM, type Actor } from './actor';
import { recordAudits, type AuditEntry } from './audit-log';

/** A check that was refused in a way that whoever guards the door should be able to look up. */
export interface Refusal {
  /** The check's outcome. */
  readonly outcome: string;
  /** The company's id of the employee who was claimed; null: nobody. */
  readonly claimed: string | null;
  readonly by: Actor;
  readonly at: Date;
  /** More about it, e.g. why a challenge was refused. */
  readonly reason?: string;
}

/** How long refusals are gathered: alike ones become one event, and a check never waits for the chain. */
const GATHER_MS = 250;
/** Different refusals that are kept at once; an attacker must not fill the table or the memory. */
const MAX_KINDS = 100;

interface Gathered extends Refusal {
  count: number;
}

/**
 * Writes refusals of checks to the audit trail, outside of the check: alike ones (outcome, employee, caller, address)
 * of a quarter of a second as one event with their number, at most a hundred different ones; of more their number is
 * written. What a crash takes is the last quarter of a second.
 */
export class RefusalLog {
  private gathered = new Map<string, Gathered>();
  private lost = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Logger,
  ) {}

  /** Takes note; neither waits nor throws. */
  note(refusal: Refusal): void {
    const { outcome, claimed, by, reason = '' } = refusal;
    const key = JSON.stringify([outcome, reason, claimed?.toLowerCase(), by.caller, by.address]);
    const known = this.gathered.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.gathered.size < MAX_KINDS) this.gathered.set(key, { ...refusal, count: 1 });
    else this.lost += 1;
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Writes what is gathered. Never throws; what cannot be written is counted and tried with the next. */
  async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.writing;
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
    await this.writing;
  }

  private async write(): Promise<void> {
    const { gathered, lost } = this;
    if (gathered.size === 0 && lost === 0) return;
    this.gathered = new Map();
    this.lost = 0;
    const refusals = [...gathered.values()];
    try {
      await this.dataSource.transaction(async (manager) => {
        const rowIds = await rowIdsOf(manager, refusals);
        const entries = refusals.map((refusal) => entryOf(refusal, rowIds));
        if (lost > 0) entries.push(lostEntry(lost, refusals.at(-1)?.at ?? new Date()));
        await recordAudits(manager, entries);
      });
    } catch (error) {
      this.lost += lost + refusals.reduce((sum, { count }) => sum + count, 0);
      this.log.warn(
        { err: error },
        'Refused checks could not be written to the audit trail; they are counted',
      );
    }
  }
}

/** Of the employees who were claimed, by their employeeId in lower case; looked up here, where nobody waits. */
async function rowIdsOf(
  manager: EntityManager,
  refusals: readonly Refusal[],
): Promise<ReadonlyMap<string, string>> {
  const claimed = refusals.flatMap(({ claimed }) => (claimed === null ? [] : [claimed.toLowerCase()]));
  if (claimed.length === 0) return new Map();
  const rows = await manager.query<{ id: string; employee_id: string }[]>(
    'SELECT id, lower(employee_id) AS employee_id FROM employees WHERE lower(employee_id) = ANY($1::text[])',
    [claimed],
  );
  return new Map(rows.map((row) => [row.employee_id, row.id]));
}

const entryOf = (
  { outcome, claimed, by, at, reason, count }: Gathered,
  rowIds: ReadonlyMap<string, string>,
): AuditEntry => ({
  ...by,
  action: 'check.refused',
  employeeId: (claimed === null ? undefined : rowIds.get(claimed.toLowerCase())) ?? null,
  outcome,
  at,
  details: { count, ...(reason === undefined ? {} : { reason }) },
});

const lostEntry = (count: number, at: Date): AuditEntry => ({
  ...SYSTEM,
  action: 'check.refusals-lost',
  employeeId: null,
  outcome: 'OK',
  at,
  details: { count },
});
