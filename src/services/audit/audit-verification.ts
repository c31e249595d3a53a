import type { DataSource } from 'typeorm';
import { AuditChain, AuditEvent } from '../../entities/audit-event.entity';
import { auditHash, NO_HASH } from './audit-hash';

/** An error in the audit trail, and its place. */
interface ChainFault {
  /** The first sequence number that it is about. */
  readonly sequence: number;
  readonly message: string;
}

interface ChainReport {
  /** Events that were looked at. */
  readonly events: number;
  /** The last purge: events up to this one were removed by RETAIN_AUDIT_DAYS; 0: none was. */
  readonly purgedThrough: number;
  /** The end of the audit trail. If it was kept elsewhere, it reveals that the whole trail was rewritten. */
  readonly end: { readonly sequence: number; readonly hash: string };
  readonly faults: readonly ChainFault[];
}

const PAGE = 1000;
/** Errors are reported up to this number. */
const MAX_FAULTS = 100;

interface Link {
  readonly sequence: number;
  readonly hash: Buffer;
}

/** Follows the chain of audit events from its beginning, or its last purge, to its end. */
export async function verifyAuditChain(dataSource: DataSource): Promise<ChainReport> {
  // Of one moment: events that are written meanwhile are no fault.
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const end = await manager.findOneByOrFail(AuditChain, { id: 1 });
    const purges = await manager.find(AuditEvent, {
      where: { action: 'audit.purge' },
      order: { sequence: 'DESC' },
      take: 1,
    });
    const purge = purges[0]?.details;
    let last: Link = {
      sequence: Number(purge?.['through'] ?? 0),
      hash: purge === undefined ? NO_HASH : Buffer.from(String(purge['hash']), 'hex'),
    };
    const purgedThrough = last.sequence;
    const faults: ChainFault[] = [];
    let events = 0;
    for (let after = 0; ;) {
      const page = await manager
        .createQueryBuilder(AuditEvent, 'v')
        .where('v.sequence > :after', { after })
        .orderBy('v.sequence')
        .limit(PAGE)
        .getMany();
      for (const event of page) {
        faults.push(...faultsOf(event, last));
        last = event;
      }
      events += page.length;
      after = last.sequence;
      if (page.length < PAGE || faults.length >= MAX_FAULTS) break;
    }
    if (faults.length < MAX_FAULTS) faults.push(...endFaults(last, end));
    return {
      events,
      purgedThrough,
      end: { sequence: end.sequence, hash: end.hash.toString('hex') },
      faults: faults.slice(0, MAX_FAULTS),
    };
  });
}

function faultsOf(event: AuditEvent, last: Link): ChainFault[] {
  const { sequence } = event;
  const faults: ChainFault[] = [];
  const missing = sequence - last.sequence - 1;
  if (missing > 0) {
    const range =
      missing === 1 ? `Event ${sequence - 1} is` : `Events ${last.sequence + 1} to ${sequence - 1} are`;
    faults.push({ sequence: last.sequence + 1, message: `${range} missing` });
  } else if (missing < 0) {
    faults.push({ sequence, message: `Event ${sequence} was deleted by retention but exists again` });
  } else if (!event.previousHash.equals(last.hash)) {
    faults.push({
      sequence: last.sequence,
      message: `Event ${sequence} does not follow event ${last.sequence}: one of them was replaced`,
    });
  }
  if (!auditHash(event, event.previousHash).equals(event.hash)) {
    faults.push({ sequence, message: `Event ${sequence} was changed` });
  }
  return faults;
}

function endFaults(last: Link, end: Link): ChainFault[] {
  if (last.sequence < end.sequence) {
    const from = last.sequence + 1;
    const range = from === end.sequence ? `Event ${from} is` : `Events ${from} to ${end.sequence} are`;
    return [{ sequence: from, message: `${range} missing at the end` }];
  }
  if (last.sequence > end.sequence || !last.hash.equals(end.hash)) {
    return [
      { sequence: last.sequence, message: `Event ${last.sequence} is not the recorded end of the trail` },
    ];
  }
  return [];
}
