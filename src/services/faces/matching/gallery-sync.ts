import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import type { TemplateVault } from './template-vault';
import { decodeTemplate } from '../engine/descriptor';
import type { DescriptorModel } from '../engine/descriptor-model';
import type { Galleries } from './galleries';
import { loadGallery } from './gallery-loader';
import {
  IN_GALLERIES,
  modelParameters,
  takeIn,
  TEMPLATE_VECTORS,
  TemplateOpener,
  type StoredTemplateRow,
} from './gallery-rows';

/** The NOTIFY channel on which nodes tell each other that templates changed. */
export const GALLERY_CHANNEL = 'rollcall_gallery';

interface ChangeRow extends StoredTemplateRow {
  readonly version: string;
}

/** The remaining templates of changed employees; none for inactive ones. Rows of one employee are adjacent. */
const CHANGES_SQL = `
  SELECT c.employee_id, c.version, e.office_id, ${TEMPLATE_VECTORS} FROM gallery_changes c
  LEFT JOIN employees e ON e.id = c.employee_id AND e.active
  LEFT JOIN face_templates t ON t.employee_id = e.id AND ${IN_GALLERIES}
  WHERE c.version > $3 ORDER BY c.version, c.employee_id, t.id`;

/**
 * Takes the lock that serialises changes of templates over all nodes, until the end of the transaction.
 * @returns the version that the gallery has up to now
 */
export async function lockGallery(manager: EntityManager): Promise<number> {
  const [state] = await manager.query<{ version: string }[]>(
    'SELECT version FROM gallery_state WHERE id = 1 FOR UPDATE',
  );
  return Number(state?.version ?? 0);
}

/**
 * To be called in the transaction that changes an employee's templates or office: makes every node load the
 * employee's templates again once it is committed. Takes the lock of lockGallery, too.
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
 * Keeps the galleries in memory equal to the database. The version a check reads with its employee tells whether this
 * node is behind; if it is, the check waits until it is not. NOTIFY only makes that wait rare.
 */
export class GallerySync {
  private current = 0;
  private loaded = false;
  private refreshing: Promise<void> | null = null;
  private readonly opener: TemplateOpener;

  constructor(
    private readonly dataSource: DataSource,
    private readonly galleries: Galleries,
    private readonly model: DescriptorModel,
    private readonly vault: TemplateVault,
    private readonly log: Logger,
  ) {
    this.opener = new TemplateOpener(vault, model, log);
  }

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
    await loadGallery(this.dataSource, this.galleries, this.model, this.vault, this.log);
    // What changed while the pages were read has a later version, and is loaded again by the next refresh.
    this.current = Number(state?.version ?? 0);
    await this.catchUp();
    this.loaded = true;
    this.log.info({ templates: this.galleries.size }, 'Face templates loaded');
  }

  /** How many templates of active employees came from clients. */
  async clientTemplates(): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM face_templates t JOIN employees e ON e.id = t.employee_id
       WHERE e.active AND t.source = 'client'`,
    );
    return row?.count ?? 0;
  }

  /**
   * Resolves once the gallery holds everything up to this version, which has to be committed.
   * @param manager where it is called in a transaction: that one's, since the embedded database has no second
   *   connection; the transaction must not have changed templates yet
   */
  async reach(version: number, manager?: EntityManager): Promise<void> {
    while (version > this.current) {
      if (manager !== undefined) {
        await this.refresh(version, manager);
        continue;
      }
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
  private async refresh(committed: number, manager = this.dataSource.manager): Promise<void> {
    const before = this.current;
    const rows = await manager.query<ChangeRow[]>(CHANGES_SQL, [...modelParameters(this.model), before]);
    // Another refresh was faster: the rows that were read here may be older than the gallery.
    if (this.current !== before) return;
    takeIn(
      this.galleries,
      rows.map((row) => this.opener.open(row, decodeTemplate)),
      this.log,
    );
    this.current = Math.max(committed, Number(rows.at(-1)?.version ?? 0));
  }
}
