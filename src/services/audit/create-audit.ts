import type { Base } from '../../base';
import type { Actor } from './actor';
import { AuditList } from './audit-list';
import { AuditNotes } from './audit-notes';

export interface Audit {
  readonly list: AuditList;
  readonly notes: AuditNotes;
  /** Who was given which photo. */
  readonly notePhotoRead: (photo: string, by: Actor) => void;
  /** Who was refused, and where. */
  readonly noteRefused: (place: string, by: Actor) => void;
  readonly noteRotation: (keyId: string, by: Actor) => void;
}

/** The audit trail: what is noted outside of a transaction, and its list. */
export function createAudit({ dataSource, log, now }: Base): Audit {
  const notes = new AuditNotes(dataSource, log);
  const done = { outcome: 'OK', claimed: null };
  return {
    list: new AuditList(dataSource),
    notes,
    notePhotoRead: (photo, by) => notes.note({ action: 'photo.read', ...done, photo, by, at: now() }),
    noteRefused(place, by) {
      const outcome = by.caller === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      notes.noteByMinute({ action: 'access.refused', outcome, claimed: null, by, at: now() }, place);
    },
    noteRotation: (keyId, by) =>
      notes.note({ action: 'encryption.rotate', ...done, by, details: { keyId }, at: now() }),
  };
}
