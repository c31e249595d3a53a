import type { DataSource, EntityManager } from 'typeorm';
import { AuditChain, AuditEvent } from '../../entities/audit-event.entity';
import { auditHash, NO_HASH, signedAuditHash } from './audit-hash';
import { auditKeysOf, signEnd, type AuditKey, type AuditKeys } from './audit-key';
import { beginFaults, signedFrom } from './audit-begin';
import type { ChainFault } from './chain-fault';

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

/** What a verification knows about signatures. */
interface Signing {
  readonly all: ReadonlyMap<string, AuditKey>;
  /** The first event that has to be signed; null: none has. */
  readonly from: number | null;
}

const NO_KEYS: Pick<AuditKeys, 'all'> = { all: new Map() };

/** Follows the chain of audit events from its beginning, or its last cut, to its end, and verifies their signatures. */
export async function verifyAuditChain(dataSource: DataSource): Promise<ChainReport> {
  const { all } = auditKeysOf(dataSource) ?? NO_KEYS;
  // Of one moment: events that are written meanwhile are no fault.
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const end = await manager.findOneByOrFail(AuditChain, { id: 1 });
    const signing: Signing = { all, from: await signedFrom(manager, all) };
    const cut = await lastCut(manager, signing);
    const faults: ChainFault[] = await beginFaults(manager, all, cut.sequence);
    let last: Link = cut;
    let events = 0;
    for (let after = 0; ;) {
      const page = await manager
        .createQueryBuilder(AuditEvent, 'v')
        .where('v.sequence > :after', { after })
        .orderBy('v.sequence')
        .limit(PAGE)
        .getMany();
      for (const event of page) {
        faults.push(...faultsOf(event, last, signing));
        last = event;
      }
      events += page.length;
      after = last.sequence;
      if (page.length < PAGE || faults.length >= MAX_FAULTS) break;
    }
    if (faults.length < MAX_FAULTS) faults.push(...endFaults(last, end, signing));
    return {
      events,
      purgedThrough: cut.sequence,
      end: { sequence: end.sequence, hash: end.hash.toString('hex') },
      faults: faults.slice(0, MAX_FAULTS),
    };
  });
}

/** Where retention cut the trail last, by an event whose signature is right: a forged one excuses nothing. */
async function lastCut(manager: EntityManager, signing: Signing): Promise<Link> {
  const cuts = await manager.find(AuditEvent, {
    where: { action: 'audit.purge' },
    order: { sequence: 'DESC' },
    take: PAGE,
  });
  const cut = cuts.find((event) => eventFault(event, signing) === null);
  if (cut === undefined) return { sequence: 0, hash: NO_HASH };
  const { through, hash } = cut.details;
  return { sequence: Number(through), hash: Buffer.from(String(hash), 'hex') };
}

function faultsOf(event: AuditEvent, last: Link, signing: Signing): ChainFault[] {
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
  const message = eventFault(event, signing);
  if (message !== null) faults.push({ sequence, message });
  return faults;
}

/** Why an event by itself is not as it was written; null: it is. */
function eventFault(event: AuditEvent, { all, from }: Signing): string | null {
  const { sequence, keyId, previousHash, hash } = event;
  if (keyId === null) {
    if (from !== null && sequence >= from) return `Event ${sequence} is not signed`;
    return auditHash(event, previousHash).equals(hash) ? null : `Event ${sequence} was changed`;
  }
  const key = all.get(keyId);
  if (key === undefined) return `Event ${sequence} is signed with key ${keyId}, which is not configured`;
  return signedAuditHash(event, previousHash, key).equals(hash) ? null : `Event ${sequence} was changed`;
}

function endFaults(last: Link, end: AuditChain, { all, from }: Signing): ChainFault[] {
  if (last.sequence < end.sequence) {
    const first = last.sequence + 1;
    const range = first === end.sequence ? `Event ${first} is` : `Events ${first} to ${end.sequence} are`;
    return [{ sequence: first, message: `${range} missing at the end` }];
  }
  if (last.sequence > end.sequence || !last.hash.equals(end.hash)) {
    return [
      { sequence: last.sequence, message: `Event ${last.sequence} is not the recorded end of the trail` },
    ];
  }
  if (from === null || end.sequence < from) return [];
  const key = end.keyId === null ? undefined : all.get(end.keyId);
  if (key !== undefined && end.signature?.equals(signEnd(key, end.sequence, end.hash)) === true) return [];
  return [
    {
      sequence: end.sequence,
      message: `The recorded end (event ${end.sequence}) has no valid signature: events after it may have been deleted`,
    },
  ];
}
