import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { SYSTEM } from './actor';
import { recordAudits, type AuditEntry } from './audit-log';
import type { AuditNote } from './audit-note';
import { MinuteNotes } from './minute-notes';

/** How long notes are gathered: alike ones become one event, and a request never waits for the chain. */
const GATHER_MS = 250;
/** Different notes that are kept at once: a page of photos, and an attacker must not fill the table or the memory. */
const MAX_KINDS = 500;

interface Gathered extends AuditNote {
  count: number;
}

/**
 * Writes refusals and reads of photos to the audit trail, outside of the request: alike ones of a quarter of a second as
 * one event with their number, at most five hundred different ones; of more their number is written. What anybody can
 * repeat at will is gathered for a minute. What a crash takes is the last quarter of a second, or that minute.
 */
export class AuditNotes {
  private gathered = new Map<string, Gathered>();
  private lost = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private readonly minutes = new MinuteNotes((note, count) => this.take(note, count));

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Logger,
  ) {}

  /** Takes note; neither waits nor throws. */
  note(note: AuditNote): void {
    this.take(note, 1);
  }

  /** Takes note of what somebody may do as often as they like: one event a caller, address and minute. */
  noteByMinute(note: AuditNote, place?: string): void {
    this.minutes.note(note, place);
  }

  /** Writes the collected events. Never throws; events that could not be written are counted, and tried again. */
  async flush(): Promise<void> {
    this.minutes.close();
    await this.writeSoon();
  }

  private take(note: AuditNote, count: number): void {
    const { action, outcome, claimed, employeeId, by, photo, details = {} } = note;
    const key = JSON.stringify([
      ...[action, outcome, details, photo, employeeId],
      ...[claimed?.toLowerCase(), by.caller, by.address],
    ]);
    const known = this.gathered.get(key);
    if (known !== undefined) known.count += count;
    else if (this.gathered.size < MAX_KINDS) this.gathered.set(key, { ...note, count });
    else this.lost += count;
    this.timer ??= setTimeout(() => void this.writeSoon(), GATHER_MS).unref();
  }

  private async writeSoon(): Promise<void> {
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
    const notes = [...gathered.values()];
    try {
      await this.dataSource.transaction(async (manager) => {
        const rowIds = await rowIdsOf(manager, notes);
        const owners = await photoOwners(manager, notes);
        const entries = notes.map((note) => entryOf(note, rowIds, owners));
        if (lost > 0) entries.push(lostEntry(lost, notes.at(-1)?.at ?? new Date()));
        await recordAudits(manager, entries);
      });
    } catch (error) {
      this.lost += lost + notes.reduce((sum, { count }) => sum + count, 0);
      this.log.warn(
        { err: error },
        'Could not write refusals and photo views to the audit trail; they are still counted',
      );
    }
  }
}

/** Of the employees who were claimed, by their employeeId in lower case; looked up here, where nobody waits. */
async function rowIdsOf(
  manager: EntityManager,
  notes: readonly AuditNote[],
): Promise<ReadonlyMap<string, string>> {
  const claimed = notes.flatMap(({ claimed }) => (claimed === null ? [] : [claimed.toLowerCase()]));
  if (claimed.length === 0) return new Map();
  const rows = await manager.query<{ id: string; employee_id: string }[]>(
    'SELECT id, lower(employee_id) AS employee_id FROM employees WHERE lower(employee_id) = ANY($1::text[])',
    [claimed],
  );
  return new Map(rows.map((row) => [row.employee_id, row.id]));
}

/** Whose photos were read, by path. */
async function photoOwners(
  manager: EntityManager,
  notes: readonly AuditNote[],
): Promise<ReadonlyMap<string, string>> {
  const paths = notes.flatMap(({ photo }) => (photo === undefined ? [] : [photo]));
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
  { action, outcome, claimed, employeeId: known, photo, by, at, details, count }: Gathered,
  rowIds: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, string>,
): AuditEntry {
  const meant = claimed === null ? undefined : rowIds.get(claimed.toLowerCase());
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
  employeeId: null,
  outcome: 'OK',
  at,
  details: { count },
});
