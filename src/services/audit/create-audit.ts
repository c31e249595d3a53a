import type { Base } from '../../base';
import type { Encryption } from '../encryption/create-encryption';
import type { Actor } from './actor';
import { AuditList } from './audit-list';
import { AuditNotes } from './audit-notes';
import { AuditWatch } from './audit-watch';
import { openAuditKeys } from './open-audit-keys';

export interface Audit {
  readonly list: AuditList;
  readonly notes: AuditNotes;
  readonly watch: AuditWatch;
  /** Notes who got which photo. */
  readonly notePhotoRead: (photo: string, by: Actor, outcome: 'OK' | 'NOT_MODIFIED') => void;
  /** Notes who read how many rows of a list or report of many people's punches. `list` is the name of the query. */
  readonly noteRead: (list: string, rows: number, by: Actor) => void;
  /** Notes who was refused access to what. */
  readonly noteRefused: (place: string, by: Actor) => void;
  readonly noteRotation: (keyId: string, by: Actor) => void;
}

/** The audit trail: its keys, what is noted outside of a transaction, and its list. @throws WrongSecret */
export async function createAudit(
  { config, dataSource, log, now }: Base,
  { keys }: Encryption,
): Promise<Audit> {
  await openAuditKeys(dataSource, { dataDir: config.dataDir, keys, log });
  const notes = new AuditNotes(dataSource, log);
  const done = { outcome: 'OK', claimed: null };
  return {
    list: new AuditList(dataSource),
    notes,
    watch: new AuditWatch({ dataSource, dataDir: config.dataDir, now, log }),
    notePhotoRead: (photo, by, outcome) =>
      notes.note({ action: 'photo.read', outcome, claimed: null, photo, by, at: now() }),
    noteRead(list, rows, by) {
      if (rows > 0) notes.noteByMinute({ action: 'punches.read', ...done, by, at: now() }, list, rows);
    },
    noteRefused(place, by) {
      const outcome = by.caller === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      notes.noteByMinute({ action: 'access.refused', outcome, claimed: null, by, at: now() }, place);
    },
    noteRotation: (keyId, by) =>
      notes.note({ action: 'encryption.rotate', ...done, by, details: { keyId }, at: now() }),
  };
}
