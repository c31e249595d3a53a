import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { DataSource, EntityManager } from 'typeorm';
import type { Logger } from 'pino';
import { Employee } from '../../../entities/employee.entity';
import { RollcallError, unavailable } from '../../../errors';
import type { FaceProbe } from '../../faces/engine/face-probe';
import { lockGallery, recordGalleryChange, type GallerySync } from '../../faces/matching/gallery-sync';
import type { MatchingService } from '../../faces/matching/matching-service';
import type { FaceReindex } from '../../faces/reindex/face-reindex';

/** What a change of templates may do while it has the gallery to itself. */
export interface TemplateTransaction {
  readonly manager: EntityManager;
  /** Makes every node load this employee's templates again once the transaction is committed. */
  readonly touch: (employee: string) => Promise<void>;
  /**
   * Looks whether the face is enrolled for somebody else.
   * @param except row id of the employee whose face it is to become
   * @throws RollcallError FACE_ALREADY_ENROLLED naming that employee; UNAVAILABLE while templates are computed again
   */
  readonly refuseDuplicate: (probe: FaceProbe, except: string) => Promise<void>;
}

/** Changes that may wait for their turn; some tens are made a second. */
const MAX_WAITING = 200;

/**
 * Changes of templates, one at a time over all nodes: the lock on the gallery's version is held from before the
 * gallery is searched for the face until the new template is committed, so that of two racing enrolments of one face
 * the second finds the first.
 */
export class TemplateChanges {
  /** One at a time here as well: waiting for the lock, each would hold a connection that checks need. */
  private readonly queue = bulkhead(1, MAX_WAITING);

  constructor(
    private readonly dataSource: DataSource,
    private readonly gallerySync: GallerySync,
    private readonly matching: MatchingService,
    private readonly reindex: FaceReindex,
    private readonly log: Logger,
  ) {}

  /** Runs a change in a transaction; afterwards this node's gallery has it. */
  async run<T>(change: (transaction: TemplateTransaction) => Promise<T>): Promise<T> {
    if (!this.gallerySync.ready) {
      throw unavailable('Face templates are still loading; try again shortly');
    }
    const result = await this.queue
      .execute(() => this.inTransaction(change))
      .catch((error: unknown) => {
        if (error instanceof BulkheadRejectedError)
          throw unavailable('Too many enrolments at once; try again');
        throw error;
      });
    // The version check of every match would catch up as well; this keeps the first check from waiting for it.
    await this.gallerySync.catchUp().catch((error: unknown) => {
      this.log.warn({ err: error }, 'Could not load the changed templates; the next check loads them');
    });
    return result;
  }

  private inTransaction<T>(change: (transaction: TemplateTransaction) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      // The change decides on committed data. Nobody else can commit until it is done.
      await this.gallerySync.reach(await lockGallery(manager), manager);
      return change({
        manager,
        touch: (employee) => recordGalleryChange(manager, employee),
        refuseDuplicate: (probe, except) => this.refuseDuplicate(manager, probe, except),
      });
    });
  }

  private async refuseDuplicate(manager: EntityManager, probe: FaceProbe, except: string): Promise<void> {
    // Somebody whose templates are still those of an earlier model would not be found.
    if (probe.server !== null) await this.reindex.requireComplete(manager);
    const [other] = (await this.matching.duplicates(probe)).filter(({ employee }) => employee !== except);
    if (other === undefined) return;
    const owner = await manager.findOneBy(Employee, { id: other.employee });
    throw new RollcallError(
      'FACE_ALREADY_ENROLLED',
      `This face is already enrolled for ${owner?.name ?? 'another employee'} (employeeId ${owner?.employeeId ?? 'unknown'}). If it is the same person, add the photo with addFaceTemplate. If two people look alike, send allowDuplicateFace: true`,
      {
        field: other.by === 'client' ? 'faceDescriptor' : 'image',
        employeeId: owner?.employeeId ?? null,
        similarity: other.similarity,
      },
    );
  }
}
