import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Statements } from '../../../database/statements';
import { SeenFace } from '../../../entities/seen-face.entity';
import type { PhotoLook } from '../engine/face-reader';
import { lookDistance, lookHash } from './near-copy';
import { type Claimant, MS_PER_DAY, RETRY_MS } from './replay-guard';

interface NearCopiesOptions {
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

/** What a check holds: the row of its photo; null: nothing is remembered. */
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

/**
 * What was seen of an employee, and in the same statement the photo of a check is remembered, see the migration. Of copies
 * that race, on any nodes, one is first.
 */
const CLAIM = 'SELECT * FROM rollcall_claim_look($1, $2, $3, $4, $5, $6, $7, $8, $9)';

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
  private readonly statements: Statements;
  /** null: copies are not looked for. */
  private readonly key: Buffer | null;

  constructor(private readonly options: NearCopiesOptions) {
    this.statements = new Statements(options.dataSource);
    this.key = options.windowDays > 0 ? options.key : null;
  }

  /**
   * Remembers what a check's photo looks like. The same caller's check with the same requestId may show it again for
   * ten minutes.
   * @param employeeId row id of the employee whose face it is
   * @returns null for a copy
   */
  async claim(
    look: PhotoLook,
    employeeId: string,
    { caller, requestId }: Claimant,
  ): Promise<HeldLook | null> {
    const { key } = this;
    if (key === null) return { id: null };
    const { modelId, windowDays, now } = this.options;
    const hash = lookHash(key, employeeId, look);
    const id = uuidv7();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const at = now().getTime();
      const seen = await this.statements.run<SeenRow>('claim-look', CLAIM, [
        ...[employeeId, modelId, new Date(at - windowDays * MS_PER_DAY)],
        ...[caller, requestId, new Date(at - RETRY_MS), id, hash, new Date(at)],
      ]);
      for (const row of seen) {
        if (row.hash === null || !lookDistance(row.hash, hash).copy) continue;
        await this.release({ id });
        return null;
      }
      let complete = true;
      for (const row of seen) {
        if (row.looked) continue;
        // The first check since the enrolment, since the window was opened, or with another model.
        await this.learn(key, row.template_id as string, employeeId);
        complete = false;
      }
      if (complete) return { id };
    }
    return { id: null };
  }

  /** Forgets what a claim remembered, for a check that ended in a fault and will be tried again. */
  async release({ id }: HeldLook): Promise<void> {
    if (id !== null) await this.options.dataSource.getRepository(SeenFace).delete({ id });
  }

  /** Forgets the photos of checks that are older than the window. While it is off nothing is: it may be on at another node. */
  async purge(signal?: AbortSignal): Promise<void> {
    if (this.key === null) return;
    const { dataSource, windowDays, now } = this.options;
    const before = new Date(now().getTime() - windowDays * MS_PER_DAY);
    let deleted: number;
    do {
      // TypeORM answers a DELETE with its rows and their number.
      [, deleted] = await dataSource.query<[unknown[], number]>(PURGE, [before, PURGE_BATCH]);
    } while (deleted === PURGE_BATCH && signal?.aborted !== true);
  }

  private async learn(key: Buffer, templateId: string, employeeId: string): Promise<void> {
    const { dataSource, modelId, enrolled, now } = this.options;
    const look = await enrolled(templateId, employeeId);
    const hash = look && lookHash(key, employeeId, look);
    await dataSource.query(REMEMBER_TEMPLATE, [uuidv7(), templateId, modelId, hash, now()]);
  }
}
