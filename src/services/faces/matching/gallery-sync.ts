import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { unavailable } from '../../../errors';
import type { TemplateVault } from './template-vault';
import { decodeTemplate } from '../engine/descriptor';
import type { FaceModelPair } from '../engine/face-model-ids';
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

/** The NOTIFY channel on which nodes notify each other of changed templates. */
export const GALLERY_CHANNEL = 'rollcall_gallery';

/**
 * A state of the templates in the database. The number alone would not tell it: a database that was restored from a backup
 * counts on from an earlier number, and reaches the same ones with other templates.
 */
export interface GalleryPoint {
  readonly version: number;
  /** Random; made with the version. */
  readonly token: string;
}

interface StateRow {
  readonly version: string;
  readonly token: string;
}

type ChangeRow = {
  readonly state_version: string;
  readonly state_token: string;
  /** Whether the database has ever been at the point that the gallery equals. */
  readonly known: boolean;
} & (StoredTemplateRow | { readonly employee_id: null });

/** Versions whose tokens are kept. A node that is further behind loads everything. */
const KEPT_VERSIONS = 10_000;

/**
 * The state, and the remaining templates of employees that changed since $5 and $6, in one statement and so from one
 * moment; none for inactive ones. Rows of one employee are adjacent.
 */
const CHANGES_SQL = `
  SELECT s.version AS state_version, s.token AS state_token, k.version IS NOT NULL AS known,
    c.employee_id, e.office_id, ${TEMPLATE_VECTORS}
  FROM gallery_state s
  LEFT JOIN gallery_versions k ON k.version = $5 AND k.token = $6::uuid AND k.version <= s.version
  LEFT JOIN gallery_changes c ON c.version > k.version
  LEFT JOIN employees e ON e.id = c.employee_id AND e.active
  LEFT JOIN face_templates t ON t.employee_id = e.id AND ${IN_GALLERIES}
  ORDER BY c.version, c.employee_id, t.id`;

const pointOf = (row: StateRow | undefined): GalleryPoint => ({
  version: Number(row?.version ?? 0),
  token: row?.token ?? '',
});

/**
 * Takes the lock that serialises changes of templates over all nodes, until the end of the transaction.
 * @returns the state of the templates up to now
 */
export async function lockGallery(manager: EntityManager): Promise<GalleryPoint> {
  const [state] = await manager.query<StateRow[]>(
    'SELECT version, token FROM gallery_state WHERE id = 1 FOR UPDATE',
  );
  return pointOf(state);
}

/**
 * To be called in the transaction that changes an employee's templates or office: makes every node load the
 * employee's templates again once it is committed. Takes the lock of lockGallery, too.
 */
export async function recordGalleryChange(manager: EntityManager, employee: string): Promise<void> {
  await manager.query(
    `WITH bumped AS (UPDATE gallery_state SET version = version + 1, token = gen_random_uuid() WHERE id = 1
         RETURNING version, token),
       noted AS (INSERT INTO gallery_versions (version, token) SELECT version, token FROM bumped),
       dropped AS (DELETE FROM gallery_versions v USING bumped b WHERE v.version <= b.version - ${KEPT_VERSIONS}),
       changed AS (INSERT INTO gallery_changes (employee_id, version) SELECT $1, version FROM bumped
         ON CONFLICT (employee_id) DO UPDATE SET version = excluded.version)
     SELECT pg_notify('${GALLERY_CHANNEL}', version::text) FROM bumped`,
    [employee],
  );
}

/** Gives the state of the templates a token that no node knows, so that every node loads all templates again. */
export async function renewGallery(manager: EntityManager): Promise<void> {
  await manager.query(
    `WITH bumped AS (UPDATE gallery_state SET version = version + 1, token = gen_random_uuid() WHERE id = 1
         RETURNING version, token),
       dropped AS (DELETE FROM gallery_versions)
     INSERT INTO gallery_versions (version, token) SELECT version, token FROM bumped`,
  );
}

/**
 * Keeps the galleries in memory equal to the database. The state that a check reads with its employee tells whether this
 * node has it; if not, the check waits until it has. NOTIFY only makes that wait rare. Where the database has never been
 * at the point that this node knows, it is another one now, and everything is loaded again.
 */
export class GallerySync {
  /** The point that the galleries equal; null: none, because they are being loaded. */
  private current: GalleryPoint | null = null;
  private loaded = false;
  private refreshing: Promise<void> | null = null;
  private readonly opener: TemplateOpener;

  constructor(
    private readonly dataSource: DataSource,
    private readonly galleries: Galleries,
    private readonly models: FaceModelPair,
    private readonly vault: TemplateVault,
    private readonly log: Logger,
  ) {
    this.opener = new TemplateOpener(vault, models, log);
  }

  /** Whether the gallery has been loaded: before that nobody can be matched. */
  get ready(): boolean {
    return this.loaded;
  }

  /** The state of the database that the gallery equals; null: none at the moment. */
  get point(): GalleryPoint | null {
    return this.current;
  }

  /** Loads every template of an active employee, page by page. */
  async load(): Promise<void> {
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
   * Resolves once the gallery holds everything up to this point, which has to be committed.
   * @param manager of the transaction in which it is called, if any: the embedded database has no second
   *   connection; the transaction must not have changed templates yet
   * @throws RollcallError UNAVAILABLE in a transaction, while everything has to be loaded
   */
  async reach(point: GalleryPoint, manager?: EntityManager): Promise<void> {
    if (isSame(this.current, point)) return;
    if (manager !== undefined) return this.refreshWithin(manager);
    // A refresh under way may have looked before that point was committed: then a second one follows.
    if (this.refreshing !== null) {
      await this.refreshing;
      if (isSame(this.current, point)) return;
    }
    this.refreshing ??= this.refresh().finally(() => {
      this.refreshing = null;
    });
    await this.refreshing;
  }

  /** Resolves once the gallery holds everything that is committed now. */
  async catchUp(): Promise<void> {
    const [state] = await this.dataSource.query<StateRow[]>('SELECT version, token FROM gallery_state');
    await this.reach(pointOf(state));
  }

  private async refresh(): Promise<void> {
    if (await this.takeChanges(this.dataSource.manager)) return;
    await this.loadAll();
    // What changed while the pages were read has a later version.
    await this.takeChanges(this.dataSource.manager);
  }

  private async refreshWithin(manager: EntityManager): Promise<void> {
    if (await this.takeChanges(manager)) return;
    // Not in here: the transaction holds a lock that every other enrolment waits for.
    this.catchUp().catch((err: unknown) => {
      this.log.warn({ err }, 'Could not reload face templates; the next check reloads them');
    });
    throw unavailable('Face templates are still loading; try again shortly');
  }

  /** @returns false: everything has to be loaded, because the database has never had the version of the gallery */
  private async takeChanges(manager: EntityManager): Promise<boolean> {
    const before = this.current;
    if (before === null) return false;
    const { version, token } = before;
    const rows = await manager.query<ChangeRow[]>(CHANGES_SQL, [
      ...modelParameters(this.models),
      version,
      token,
    ]);
    // Another refresh was faster: the rows that were read here may be older than the gallery.
    if (this.current !== before) return this.current !== null;
    const [first] = rows;
    if (first?.known !== true) return false;
    const changed = rows.filter((row) => row.employee_id !== null);
    takeIn(
      this.galleries,
      changed.map((row) => this.opener.open(row, decodeTemplate)),
      this.log,
    );
    this.current = pointOf({ version: first.state_version, token: first.state_token });
    return true;
  }

  /** Until it is done nobody is matched: templates that are here may be gone in the database. */
  private async loadAll(): Promise<void> {
    if (this.loaded) {
      this.log.warn('Connected to another database; reloading all face templates');
    }
    this.current = null;
    const { dataSource, galleries, log } = this;
    const [state] = await dataSource.query<StateRow[]>('SELECT version, token FROM gallery_state');
    const found = new Set<string>();
    await loadGallery(dataSource, galleries, this.models, this.vault, log, this.loaded ? found : undefined);
    if (this.loaded) galleries.keepOnly(found);
    this.current = pointOf(state);
  }
}

const isSame = (one: GalleryPoint | null, other: GalleryPoint): boolean =>
  one !== null && one.version === other.version && one.token === other.token;
