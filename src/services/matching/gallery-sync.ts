import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { decodeTemplate } from './descriptor';
import type { Gallery } from './gallery';

/** The NOTIFY channel on which nodes tell each other that templates changed. */
export const GALLERY_CHANNEL = 'rollcall_gallery';

const PAGE = 5000;
/** A gallery of this size is worth a line in the log each time it grows by as much while it loads. */
const LOG_EVERY = 100_000;

interface TemplateRow {
  readonly id: string;
  readonly employee_id: string;
  readonly vector: Buffer;
}

interface ChangeRow {
  readonly employee_id: string;
  readonly version: string;
  readonly vector: Buffer | null;
}

/**
 * To be called in the transaction that changes an employee's templates, before it changes them: takes the lock that
 * serialises such transactions, and makes every node load the employee's templates again once it is committed.
 */
export async function recordGalleryChange(manager: EntityManager, employee: string): Promise<void> {
  await manager.query(
    `WITH bumped AS (UPDATE gallery_state SET version = version + 1 WHERE id = 1 RETURNING version),
       changed AS (INSERT INTO gallery_changes (employee_id, version) SELECT $1, version FROM bumped
         ON CONFLICT (employee_id) DO UPDATE SET version = excluded.version)
     SELECT pg_notify('${GALLERY_CHANNEL}', version::text) FROM bumped`,
    [employee],
  );
}

/**
 * Keeps the gallery in memory equal to the database. The version a check reads with its employee tells whether this
 * node is behind; if it is, the check waits until it is not. NOTIFY only makes that wait rare.
 */
export class GallerySync {
  private current = 0;
  private loaded = false;
  private refreshing: Promise<void> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly gallery: Gallery,
    private readonly modelId: string,
    private readonly log: Logger,
  ) {}

  /** Whether the gallery has been loaded: before that nobody can be matched. */
  get ready(): boolean {
    return this.loaded;
  }

  /** The version of the database that the gallery equals. */
  get version(): number {
    return this.current;
  }

  /** Loads every template of an active employee, page by page. */
  async load(): Promise<void> {
    const [state] = await this.dataSource.query<{ version: string }[]>('SELECT version FROM gallery_state');
    const byEmployee = new Map<string, Float32Array[]>();
    let after = '00000000-0000-0000-0000-000000000000';
    let count = 0;
    for (;;) {
      const rows = await this.dataSource.query<TemplateRow[]>(
        `SELECT t.id, t.employee_id, t.vector FROM face_templates t JOIN employees e ON e.id = t.employee_id
         WHERE e.active AND t.model_id = $1 AND t.id > $2 ORDER BY t.id LIMIT ${PAGE}`,
        [this.modelId, after],
      );
      for (const row of rows) {
        const templates = byEmployee.get(row.employee_id);
        if (templates === undefined) byEmployee.set(row.employee_id, [decodeTemplate(row.vector)]);
        else templates.push(decodeTemplate(row.vector));
      }
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
      if (Math.floor((count + rows.length) / LOG_EVERY) > Math.floor(count / LOG_EVERY)) {
        this.log.info({ templates: count + rows.length }, 'Loading face templates');
      }
      count += rows.length;
    }
    for (const [employee, templates] of byEmployee) this.gallery.set(employee, templates);
    // What changed while the pages were read has a later version, and is loaded again by the next refresh.
    this.current = Number(state?.version ?? 0);
    await this.catchUp();
    this.loaded = true;
    this.log.info({ templates: this.gallery.size }, 'Face templates loaded');
  }

  /** Resolves once the gallery holds everything up to this version. */
  async reach(version: number): Promise<void> {
    while (version > this.current) {
      // A refresh under way may have looked before that version was committed: then a second one follows.
      this.refreshing ??= this.refresh(version).finally(() => {
        this.refreshing = null;
      });
      await this.refreshing;
    }
  }

  /** Resolves once the gallery holds everything that is committed now. */
  async catchUp(): Promise<void> {
    const [state] = await this.dataSource.query<{ version: string }[]>('SELECT version FROM gallery_state');
    await this.reach(Number(state?.version ?? 0));
  }

  /** @param committed a version known to be committed: the changes up to it are visible to the query below */
  private async refresh(committed: number): Promise<void> {
    const rows = await this.dataSource.query<ChangeRow[]>(
      `SELECT c.employee_id, c.version, t.vector FROM gallery_changes c
       LEFT JOIN (SELECT f.employee_id, f.vector, f.id FROM face_templates f
         JOIN employees e ON e.id = f.employee_id WHERE e.active AND f.model_id = $2) t
         ON t.employee_id = c.employee_id
       WHERE c.version > $1 ORDER BY c.version, t.id`,
      [this.current, this.modelId],
    );
    const changed = new Map<string, Float32Array[]>();
    for (const row of rows) {
      const templates = changed.get(row.employee_id) ?? [];
      if (row.vector !== null) templates.push(decodeTemplate(row.vector));
      changed.set(row.employee_id, templates);
    }
    for (const [employee, templates] of changed) this.gallery.set(employee, templates);
    this.current = Math.max(committed, Number(rows.at(-1)?.version ?? 0));
  }
}
