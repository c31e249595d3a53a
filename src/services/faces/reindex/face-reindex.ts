import { FACE_FAULT_TEXTS } from '@rollcall/face-rules';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { LeasedRows } from '../../../database/leased-rows';
import { Poller } from '../../../database/poller';
import { FaceTemplate } from '../../../entities/face-template.entity';
import { RollcallError } from '../../../errors';
import type { StorageService } from '../../photos/storage-service';
import type { Descriptor } from '../engine/descriptor';
import type { FaceModelPair } from '../engine/face-model-ids';
import type { FaceReader } from '../engine/face-reader';
import { recordGalleryChange } from '../matching/gallery-sync';
import type { TemplateVault } from '../matching/template-vault';
import {
  countTemplates,
  type Queries,
  isPending,
  pendingTemplates,
  type PendingTemplate,
  type ReindexCounts,
} from './pending-templates';
import { withServerVector } from './reindexed-template';
import { NoUsablePhoto, photoOfTemplate } from './template-photo';

export interface FaceReindexOptions {
  readonly dataSource: DataSource;
  readonly models: FaceModelPair;
  readonly vault: TemplateVault;
  readonly reader: FaceReader;
  readonly storage: StorageService;
  /** Photos looked at at once. */
  readonly workers: number;
  readonly maxImageBytes: number;
  readonly log: Logger;
}

/** How far the templates are. */
export interface ReindexStatus extends ReindexCounts {
  readonly modelId: string;
  readonly complete: boolean;
}

/** Longer than a photo takes. After a crash another node continues then. */
const LEASE_SECONDS = 60;
const POLL_MS = 2000;
/** Approximate time for a template, in seconds, from which the retry time of a client is computed. */
const SECONDS_A_TEMPLATE = 0.05;
const MAX_RETRY_SECONDS = 30;

/** A template is in work on another node; its result is as good. */
class Superseded extends Error {}

/**
 * Computes templates again from the enrolment photos if the server has another model than the one that made them.
 * It goes on in the background, on all nodes, and begins where it was after a restart. A template whose photo is gone or
 * shows no usable face is given up for this model: its employee is known by a client's descriptor only.
 */
export class FaceReindex {
  readonly poller: Poller;
  private readonly pending: LeasedRows<PendingTemplate>;
  private done: boolean;

  constructor(private readonly options: FaceReindexOptions) {
    const { dataSource, models, reader, log } = options;
    this.pending = pendingTemplates(dataSource, models.server.id);
    // A server that does not look at photos has nothing to compute, and compares clients' descriptors only.
    this.done = !reader.seesPhotos;
    this.poller = new Poller(
      (signal) => this.work(signal),
      (err) => log.warn({ err }, 'Could not compute face templates; will retry'),
      POLL_MS,
    );
  }

  /** Looks whether there is anything to do. Before it nobody is matched. */
  async open(): Promise<void> {
    if (this.done) return;
    const counts = await this.counts();
    this.done = counts.pending === 0;
    if (this.done) return;
    this.options.log.warn(
      { ...counts, model: this.options.models.server.id },
      'Computing face templates with the new model; searches among all employees wait until it is done',
    );
  }

  /** Whether every template that can be compared with a photo is. */
  get complete(): boolean {
    return this.done;
  }

  async status(): Promise<ReindexStatus> {
    const counts = await this.counts();
    return { modelId: this.options.models.server.id, ...counts, complete: counts.pending === 0 };
  }

  /**
   * To be called before a face is looked for among all employees: who is not computed yet would not be found.
   * @param manager of the transaction that it is called in, if it is in one
   * @throws RollcallError UNAVAILABLE with `retryAfterSeconds`, `done` and `total`
   */
  async requireComplete(manager: Queries = this.options.dataSource): Promise<void> {
    if (this.done) return;
    const { total, pending } = await countTemplates(manager, this.options.models.server.id);
    if (pending === 0) {
      this.done = true;
      return;
    }
    const done = total - pending;
    const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, Math.ceil(pending * SECONDS_A_TEMPLATE));
    throw new RollcallError(
      'UNAVAILABLE',
      `Face templates are being computed with a new model (${done} of ${total}); try again later`,
      { retryAfterSeconds, done, total },
    );
  }

  /**
   * Computes the templates of one employee now.
   * @param employeeId row id
   * @returns whether any changed
   * @throws RollcallError UNAVAILABLE while the engine is overloaded
   */
  async person(employeeId: string): Promise<boolean> {
    if (this.done) return false;
    const { dataSource, models } = this.options;
    const rows = await dataSource.query<PendingTemplate[]>(
      `SELECT id, employee_id FROM face_templates WHERE employee_id = $1 AND ${isPending(models.server.id)} ORDER BY id`,
      [employeeId],
    );
    let changed = false;
    for (const row of rows) changed = (await this.compute(row)) || changed;
    return changed;
  }

  /** The employees with a template that cannot be computed. @returns the company's own ids */
  async failedEmployees(): Promise<string[]> {
    const rows = await this.options.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT e.employee_id AS id FROM face_templates t JOIN employees e ON e.id = t.employee_id
       WHERE e.active AND t.reindex_failed_model = $1 ORDER BY e.employee_id`,
      [this.options.models.server.id],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether the employee (row id) is enrolled, though no vector can be compared. */
  async isEnrolled(employeeId: string): Promise<boolean> {
    const rows = await this.options.dataSource.query<unknown[]>(
      'SELECT 1 FROM face_templates WHERE employee_id = $1 LIMIT 1',
      [employeeId],
    );
    return rows.length > 0;
  }

  /**
   * Computes what is due until nothing is.
   * @param progress hears of each template
   */
  async drain(
    signal: AbortSignal,
    progress: (computed: boolean) => void = () => undefined,
  ): Promise<boolean> {
    const { workers, log } = this.options;
    return this.pending.drain(signal, {
      limit: () => workers,
      leaseSeconds: LEASE_SECONDS,
      work: async (row) => progress(await this.compute(row)),
      failed: (err, { id }) => {
        log.warn({ err, template: id }, 'Could not compute a face template; will retry');
        return err instanceof RollcallError ? err.message : 'The photo could not be read; the log says why';
      },
    });
  }

  private async work(signal: AbortSignal): Promise<void> {
    if (this.done) return;
    await this.drain(signal);
    const { pending, total, failed } = await this.counts();
    if (pending > 0) return;
    this.done = true;
    this.options.log.info({ total, failed }, 'Face templates are computed');
  }

  private counts(): Promise<ReindexCounts> {
    return countTemplates(this.options.dataSource, this.options.models.server.id);
  }

  /** @returns false: the photo is given up */
  private async compute(row: PendingTemplate): Promise<boolean> {
    try {
      await this.replace(row, await this.look(row));
      return true;
    } catch (error) {
      if (error instanceof Superseded) return true;
      if (!(error instanceof NoUsablePhoto)) throw error;
      await this.giveUp(row, error.message);
      return false;
    }
  }

  private async look(row: PendingTemplate): Promise<Descriptor> {
    const { dataSource, storage, reader, maxImageBytes } = this.options;
    const jpeg = await photoOfTemplate(dataSource, storage, row, maxImageBytes);
    const photo = { jpeg, kept: true, proven: true, sent: jpeg, field: 'photo' };
    const reading = await reader.look(photo, 'reindex').catch((error: unknown) => {
      if (error instanceof RollcallError && error.code === 'BAD_USER_INPUT') {
        throw new NoUsablePhoto('The photo cannot be decoded', { cause: error });
      }
      throw error;
    });
    if (reading.kind === 'FACE') return reading.face.embedding;
    throw new NoUsablePhoto(FACE_FAULT_TEXTS[reading.fault].message);
  }

  private async replace({ id, employee_id: employeeId }: PendingTemplate, vector: Descriptor): Promise<void> {
    const { dataSource, models, vault } = this.options;
    await dataSource.transaction(async (manager) => {
      // First: the order of locks is the gallery's, then the rows'.
      await recordGalleryChange(manager, employeeId);
      const lock = { mode: 'pessimistic_write' } as const;
      const template = await manager.findOne(FaceTemplate, { where: { id }, lock });
      const { id: model } = models.server;
      if (template === null || template.modelId === model || template.plainModelId === model) {
        throw new Superseded();
      }
      const opened = vault.opened(template);
      const next = vault.sealed({ ...opened, ...withServerVector(opened, vector, models) });
      const { modelId, dimension, plainModelId, plainDimension, plainVector } = next;
      await manager.update(
        FaceTemplate,
        { id },
        {
          ...{ modelId, dimension, vector: next.vector, plainModelId, plainDimension, plainVector },
          ...{ reindexError: null, reindexFailedModel: null, reindexAttempts: 0 },
        },
      );
    });
  }

  private async giveUp({ id, employee_id: employee }: PendingTemplate, reason: string): Promise<void> {
    const { dataSource, models, log } = this.options;
    await dataSource.query(
      'UPDATE face_templates SET reindex_failed_model = $2, reindex_error = $3 WHERE id = $1',
      [id, models.server.id, reason],
    );
    log.warn({ template: id, employee, reason }, 'No face template can be computed from the stored photo');
  }
}
