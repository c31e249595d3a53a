import type { EntityManager } from 'typeorm';
import { AuditEvent } from '../../entities/audit-event.entity';
import { AuditKeyRow } from '../../entities/audit-key.entity';
import { signBegin, type AuditKey } from './audit-key';
import type { ChainFault } from './chain-fault';

type Keys = ReadonlyMap<string, AuditKey>;

const rowsOf = (manager: EntityManager): Promise<AuditKeyRow[]> =>
  manager.find(AuditKeyRow, { order: { signedFrom: 'ASC', id: 'ASC' } });

/** The first event that has to be signed, by the keys that we have; null: none has, since there is no such key. */
export async function signedFrom(manager: EntityManager, all: Keys): Promise<number | null> {
  const ours = (await rowsOf(manager)).filter(({ id }) => all.has(id));
  // Without a row of ours everything would have to be signed, from the first event on.
  return ours[0]?.signedFrom ?? (all.size > 0 ? 1 : null);
}

/**
 * Verifies the anchors: where each key began to sign, and the event before.
 * @param cut events up to this one were deleted by retention
 */
export async function beginFaults(manager: EntityManager, all: Keys, cut: number): Promise<ChainFault[]> {
  const rows = await rowsOf(manager);
  const faults: ChainFault[] = [];
  if (all.size > 0 && !rows.some(({ id }) => all.has(id))) {
    faults.push({ sequence: 1, message: 'The record of where signatures begin is missing' });
  }
  for (const row of rows) {
    const { id, signedFrom: sequence, previousHash, signature } = row;
    const key = all.get(id);
    if (key === undefined) {
      faults.push({ sequence, message: `Key ${id} of the audit trail is not configured` });
    } else if (!signature.equals(signBegin(key, sequence, previousHash))) {
      faults.push({
        sequence,
        message: `The record of where signatures begin (event ${sequence}) was changed`,
      });
    } else if (sequence - 1 > cut) {
      const before = await manager.findOneBy(AuditEvent, { sequence: sequence - 1 });
      if (before !== null && !before.hash.equals(previousHash)) {
        faults.push({
          sequence: sequence - 1,
          message: `Event ${sequence - 1} was replaced after it was anchored`,
        });
      }
    }
  }
  return faults;
}
