import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { folded } from '../text/folded';
import { SYSTEM } from './actor';
import { recordAudits, type AuditEntry } from './audit-log';
import { GatheredNotes, MINUTE, QUARTER_SECOND, type AuditNote, type Gathered } from './gathered-notes';

/**
 * Writes refusals and reads of photos to the audit trail, outside of the request, which never waits for the chain: alike
 * ones of a quarter of a second, or of a minute if somebody can repeat them at will, as one event with their number.
 * Notes that had no room, or could not be written, are counted and their number is written. A crash takes what is not
 * written yet: the last quarter of a second, and of what can be repeated at will the last minute.
 */
export class AuditNotes {
  private readonly soon = new GatheredNotes(QUARTER_SECOND, () => void this.write(this.soon));
  private readonly byMinute = new GatheredNotes(MINUTE, () => void this.write(this.byMinute));
  /** Could not be written. */
  private lost = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Logger,
  ) {}

  /** Notes an event. Neither waits nor throws. */
  note(note: AuditNote): void {
    this.soon.add(note);
  }

  /** Notes an event that can be repeated at will: one event for each caller, address and minute. */
  noteByMinute(note: AuditNote, place?: string, amount?: number): void {
    this.byMinute.add(note, place, amount);
  }

  /** Writes the collected events. Never throws; events that could not be written are counted, and tried again. */
  async flush(): Promise<void> {
    await Promise.all([this.write(this.soon), this.write(this.byMinute)]);
  }

  /** One after the other; what comes meanwhile is gathered on. */
  private write(gathered: GatheredNotes): Promise<void> {
    this.writing = this.writing.then(() => this.writeNow(gathered.take()));
    return this.writing;
  }

  private async writeNow({ notes, lost }: ReturnType<GatheredNotes['take']>): Promise<void> {
    const unwritten = this.lost + lost;
    if (notes.length === 0 && unwritten === 0) return;
    this.lost = 0;
    try {
      await this.dataSource.transaction(async (manager) => {
        const rowIds = await rowIdsOf(manager, notes);
        const owners = await photoOwners(manager, notes);
        const entries = notes.map((gathered) => entryOf(gathered, rowIds, owners));
        if (unwritten > 0) entries.push(lostEntry(unwritten, notes.at(-1)?.note.at ?? new Date()));
        await recordAudits(manager, entries);
      });
    } catch (error) {
      this.lost += unwritten + notes.reduce((sum, { count }) => sum + count, 0);
      this.log.warn(
        { err: error },
        'Could not write refusals and photo views to the audit trail; they are still counted',
      );
    }
  }
}

/** Of the employees who were claimed, by the key of their employeeId; looked up here, if nobody waits. */
async function rowIdsOf(
  manager: EntityManager,
  notes: readonly Gathered[],
): Promise<ReadonlyMap<string, string>> {
  const claimed = notes.flatMap(({ note: { claimed } }) => (claimed === null ? [] : [folded(claimed)]));
  if (claimed.length === 0) return new Map();
  const rows = await manager.query<{ id: string; key: string }[]>(
    'SELECT id, employee_id_key AS key FROM employees WHERE employee_id_key = ANY($1::text[])',
    [claimed],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
}

/** Whose photos were read, by path. */
async function photoOwners(
  manager: EntityManager,
  notes: readonly Gathered[],
): Promise<ReadonlyMap<string, string>> {
  const paths = notes.flatMap(({ note: { photo } }) => (photo === undefined ? [] : [photo]));
  if (paths.length === 0) return new Map();
  const rows = await manager.query<{ path: string; id: string }[]>(
    `SELECT image_path AS path, id FROM employees WHERE image_path = ANY($1::text[])
     UNION ALL SELECT p.image_path, t.employee_id FROM face_photos p JOIN face_templates t ON t.id = p.id
       WHERE p.image_path = ANY($1::text[])
     UNION ALL SELECT image_path, employee_id FROM attendances WHERE id = ANY($2::uuid[])
     UNION ALL SELECT image_path, employee_id FROM review_items
       WHERE id = ANY($2::uuid[]) AND image_path IS NOT NULL AND employee_id IS NOT NULL`,
    [paths, paths.flatMap((path) => PUNCH_PHOTO.exec(path)?.[1] ?? [])],
  );
  return new Map(rows.map(({ path, id }) => [path, id]));
}

/** The id of a punch in the path of its photo. */
const PUNCH_PHOTO = /^attendance_images\/.*\/([0-9a-f-]{36})\.jpg$/;

function entryOf(
  { note, count }: Gathered,
  rowIds: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, string>,
): AuditEntry {
  const { action, outcome, claimed, employeeId: known, photo, by, at, details } = note;
  const meant = claimed === null ? undefined : rowIds.get(folded(claimed));
  const owner = photo === undefined ? undefined : owners.get(photo);
  const kind = photo === undefined ? {} : { photo: PUNCH_PHOTO.test(photo) ? 'punch' : 'face' };
  return {
    ...by,
    action,
    employeeId: known ?? owner ?? meant ?? null,
    outcome,
    at,
    details: { count, ...kind, ...details },
  };
}

const lostEntry = (count: number, at: Date): AuditEntry => ({
  ...SYSTEM,
  action: 'audit.notes-lost',
  at,
  details: { count },
});
