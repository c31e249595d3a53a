import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SeenFace } from '../../../entities/seen-face.entity';
import type { PhotoLook } from '../engine/face-reader';
import { isNearCopy, lookHash } from './near-copy';
import { type Claimant, MS_PER_DAY, RETRY_MS } from './replay-guard';

interface NearCopiesParts {
  readonly dataSource: DataSource;
  /** Under which looks are hashed; null: copies are not looked for. */
  readonly key: Buffer | null;
  /** For how long the photo of a check is remembered. */
  readonly windowDays: number;
  /** The model that makes the embeddings. */
  readonly modelId: string;
  /** What the photo of a template (row id) looks like; null: it cannot be read, or shows no face. */
  readonly enrolled: (templateId: string, employeeId: string) => Promise<PhotoLook | null>;
  readonly now: () => Date;
}

/** What a check holds: the row of its photo; null: nothing was to be remembered. */
export interface HeldLook {
  readonly id: string | null;
}

interface SeenRow {
  readonly template_id: string | null;
  readonly hash: Buffer | null;
  /** Whether anybody has looked at the photo of the template. */
  readonly looked: boolean;
}

const PURGE_BATCH = 10_000;
/** Templates that were added while others were looked at are looked at in the next attempt. */
const ATTEMPTS = 5;

/** Locks an employee: of copies that race, on whatever nodes, one is first. */
const LOCK = 'SELECT FROM employees WHERE id = $1 FOR NO KEY UPDATE';

/**
 * $1 the employee, $2 the model, $3 the window's start, $4 caller and $5 requestId of a check that may be sent again
 * since $6: an employee's templates, and the photos of their checks.
 */
const SEEN = `
  SELECT t.id AS template_id, s.hash, s.id IS NOT NULL AS looked
    FROM face_templates t LEFT JOIN seen_faces s ON s.template_id = t.id AND s.model_id = $2
    WHERE t.employee_id = $1
  UNION ALL SELECT NULL, hash, true FROM seen_faces
    WHERE employee_id = $1 AND template_id IS NULL AND model_id = $2 AND seen_at >= $3
      AND NOT coalesce(caller = $4 AND request_id = $5 AND seen_at > $6, false)`;

/** $1 id, $2 the template, which may be gone, $3 the model, $4 the hash, $5 now. */
const REMEMBER_TEMPLATE = `
  INSERT INTO seen_faces (id, employee_id, template_id, model_id, hash, seen_at)
  SELECT $1, employee_id, id, $3, $4, $5 FROM face_templates WHERE id = $2 FOR KEY SHARE
  ON CONFLICT (template_id, model_id) DO NOTHING`;

/** $1 the window's start, $2 at most how many. Enrolment photos stay as long as their template. */
const PURGE = `
  DELETE FROM seen_faces WHERE id IN (
    SELECT id FROM seen_faces WHERE seen_at < $1 AND template_id IS NULL LIMIT $2)`;

/**
 * Recognises copies of an employee's photos by what they show, whatever their bytes: of the enrolment photos, and of
 * those of checks within the window whose face matched.
 */
export class NearCopies {
  constructor(private readonly parts: NearCopiesParts) {}

  private get key(): Buffer | null {
    return this.parts.windowDays > 0 ? this.parts.key : null;
  }

  /**
   * Remembers what a check's photo looks like. The same caller's check with the same requestId may show it again for
   * ten minutes.
   * @param employeeId row id of whose face it is
   * @returns null where it is a copy
   */
  async claim(look: PhotoLook, employeeId: string, by: Claimant): Promise<HeldLook | null> {
    const { key } = this;
    if (key === null) return { id: null };
    const hash = lookHash(key, employeeId, look);
    const { dataSource } = this.parts;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const unknown: string[] = [];
      const held = await dataSource.transaction(async (manager) => {
        await manager.query(LOCK, [employeeId]);
        const seen = await this.seen(manager, employeeId, by);
        for (const row of seen) if (!row.looked) unknown.push(row.template_id as string);
        if (seen.some((row) => row.hash !== null && isNearCopy(row.hash, hash))) return null;
        // Who has no template is being erased, or has withdrawn their consent.
        const enrolled = seen.some((row) => row.template_id !== null);
        if (!enrolled || unknown.length > 0) return { id: null };
        return { id: await this.insert(manager, hash, employeeId, by) };
      });
      if (held === null || unknown.length === 0) return held;
      // The first check since the enrolment, since the window was opened, or with another model.
      for (const templateId of unknown) await this.learn(key, templateId, employeeId);
    }
    return { id: null };
  }

  /** Forgets what a claim remembered, for a check that ended in a fault and will be tried again. */
  async release({ id }: HeldLook): Promise<void> {
    if (id !== null) await this.parts.dataSource.getRepository(SeenFace).delete({ id });
  }

  /** Forgets the photos of checks that are older than the window. While it is off nothing is: it may be on at another node. */
  async purge(signal?: AbortSignal): Promise<void> {
    if (this.key === null) return;
    const { dataSource, windowDays, now } = this.parts;
    const before = new Date(now().getTime() - windowDays * MS_PER_DAY);
    let deleted: number;
    do {
      // TypeORM answers a DELETE with its rows and their number.
      [, deleted] = await dataSource.query<[unknown[], number]>(PURGE, [before, PURGE_BATCH]);
    } while (deleted === PURGE_BATCH && signal?.aborted !== true);
  }

  private seen(manager: EntityManager, employeeId: string, by: Claimant): Promise<SeenRow[]> {
    const { modelId, windowDays, now } = this.parts;
    const at = now().getTime();
    return manager.query<SeenRow[]>(SEEN, [
      ...[employeeId, modelId, new Date(at - windowDays * MS_PER_DAY)],
      ...[by.caller, by.requestId, new Date(at - RETRY_MS)],
    ]);
  }

  private async insert(
    manager: EntityManager,
    hash: Buffer,
    employeeId: string,
    { caller, requestId }: Claimant,
  ): Promise<string> {
    const { modelId, now } = this.parts;
    const id = uuidv7();
    await manager.insert(SeenFace, {
      ...{ id, employeeId, templateId: null, modelId },
      ...{ hash, caller, requestId, seenAt: now() },
    });
    return id;
  }

  private async learn(key: Buffer, templateId: string, employeeId: string): Promise<void> {
    const { dataSource, modelId, enrolled, now } = this.parts;
    const look = await enrolled(templateId, employeeId);
    const hash = look && lookHash(key, employeeId, look);
    await dataSource.query(REMEMBER_TEMPLATE, [uuidv7(), templateId, modelId, hash, now()]);
  }
}
