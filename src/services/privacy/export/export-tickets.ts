import type { DataSource } from 'typeorm';
import { Employee } from '../../../entities/employee.entity';
import { ExportTicket } from '../../../entities/export-ticket.entity';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { hashOf, isToken, newToken } from '../../encryption/tokens';
import { lockPerson } from '../../employees/lock-person';

/** The right to one download. */
interface IssuedTicket {
  readonly token: string;
  readonly expiresAt: Date;
}

const TICKET_MS = 5 * 60_000;

/**
 * Tickets for downloads of personal data. A browser sends no API key with a download, so the URL contains a token: for
 * one person's data, once, within five minutes, on any node.
 */
export class ExportTickets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /** @throws RollcallError NOT_FOUND */
  issue(employeeId: string, by: Actor): Promise<IssuedTicket> {
    const token = newToken();
    const at = this.now();
    const expiresAt = new Date(at.getTime() + TICKET_MS);
    return this.dataSource.transaction(async (manager) => {
      const { id } = await lockPerson(manager, employeeId);
      await manager.insert(ExportTicket, {
        tokenHash: hashOf(token),
        subjectId: id,
        requestedBy: by.caller,
        expiresAt,
      });
      await recordAudit(manager, { ...by, action: 'employee.export', employeeId: id, at });
      return { token, expiresAt };
    });
  }

  /**
   * Uses a ticket up.
   * @param address that asks
   * @returns whose data it is for; null for one that is unknown, used or expired
   */
  async redeem(token: string, address: string | null): Promise<Employee | null> {
    if (!isToken(token)) return null;
    const at = this.now();
    return this.dataSource.transaction(async (manager) => {
      const [rows] = await manager.query<[{ subject_id: string; requested_by: string }[], number]>(
        'DELETE FROM export_tickets WHERE token_hash = $1 AND expires_at > $2 RETURNING subject_id, requested_by',
        [hashOf(token), at],
      );
      const [ticket] = rows;
      if (ticket === undefined) return null;
      const { subject_id: id, requested_by: caller } = ticket;
      await recordAudit(manager, { caller, address, action: 'employee.export-download', employeeId: id, at });
      return manager.findOneBy(Employee, { id });
    });
  }

  /** Forgets tickets that nobody used. */
  async purge(): Promise<void> {
    await this.dataSource.query('DELETE FROM export_tickets WHERE expires_at <= $1', [this.now()]);
  }
}
