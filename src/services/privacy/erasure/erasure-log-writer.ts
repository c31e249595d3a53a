import type { DataSource, EntityManager } from 'typeorm';
import { type Erasure } from '../../../entities/erasure.entity';
import type { ErasureLog } from './erasure-log';

/** How often a node says that its log is there. */
const EVERY_MS = 60_000;
/** Not heard of for so long, a node has died without saying so. It catches up at its start. */
const LOST_AFTER_SECONDS = 180;

/**
 * Keeps this node's erasure log complete. Nodes that share no disk have a log each, and an erasure is complete only when all
 * logs have its line.
 */
export class ErasureLogWriter {
  private saidAt = 0;
  private compared = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: ErasureLog,
  ) {}

  /** Adds lines of erasures that are not in the log: of open ones, and of those that other nodes have completed. */
  async catchUp(): Promise<void> {
    const { manager } = this.dataSource;
    await this.say(manager);
    // At the first time all of them: the file may be an earlier one, or new.
    const which = this.compared ? 'WHERE NOT ($1 = ANY(logged_in))' : 'WHERE $1::text IS NOT NULL';
    const rows = await manager.query<{ id: string; subject_id: string; keep_attendance: boolean }[]>(
      `SELECT id, subject_id, keep_attendance FROM erasures ${which}`,
      [this.log.id],
    );
    if (rows.length > 0) {
      await this.log.append(
        rows.map((row) => ({ subjectId: row.subject_id, keepAttendance: row.keep_attendance })),
      );
      for (const row of rows) await this.noteLogged(manager, row.id, row.keep_attendance);
    }
    this.compared = true;
  }

  /** Adds the line of an erasure that is about to be complete. */
  async add({ id, subjectId, keepAttendance }: Erasure): Promise<void> {
    await this.log.append([{ subjectId, keepAttendance }]);
    await this.noteLogged(this.dataSource.manager, id, keepAttendance);
  }

  /** Whether the log of every running node has the line. */
  async isEverywhere(manager: EntityManager, { id, loggedIn }: Erasure): Promise<boolean> {
    if (!loggedIn.includes(this.log.id)) return false;
    const behind = await manager.query<unknown[]>(
      `SELECT 1 FROM erasure_logs l, erasures e WHERE e.id = $1 AND NOT (l.id = ANY(e.logged_in))
         AND l.seen_at >= now() - ${LOST_AFTER_SECONDS} * interval '1 second' LIMIT 1`,
      [id],
    );
    return behind.length === 0;
  }

  /** Nobody waits for this node any more. */
  async end(): Promise<void> {
    await this.dataSource.query('DELETE FROM erasure_logs WHERE id = $1', [this.log.id]);
  }

  private async noteLogged(manager: EntityManager, id: string, keepAttendance: boolean): Promise<void> {
    // Only if it still says the same about punches: otherwise another line is needed.
    await manager.query(
      `UPDATE erasures SET logged_in = array_append(logged_in, $2::varchar)
       WHERE id = $1 AND keep_attendance = $3 AND NOT ($2 = ANY(logged_in))`,
      [id, this.log.id, keepAttendance],
    );
  }

  private async say(manager: EntityManager): Promise<void> {
    if (Date.now() - this.saidAt < EVERY_MS) return;
    await manager.query(
      `INSERT INTO erasure_logs (id, seen_at) VALUES ($1, now())
       ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
      [this.log.id],
    );
    await manager.query(
      `DELETE FROM erasure_logs WHERE seen_at < now() - ${LOST_AFTER_SECONDS} * interval '1 second'`,
    );
    this.saidAt = Date.now();
  }
}
