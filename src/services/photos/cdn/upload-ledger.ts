import type { DataSource } from 'typeorm';
import { LeasedRows, type BackOff } from '../../../database/leased-rows';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { formatTarget, parseTarget, type CdnTarget } from './cdn-target';
import { discardImages, discardOfCopy } from './discard';
import { IMAGE_OWNERS, tagOf, type ImageOwner, type ImageRef } from '../local/image-owner';
import { UPLOAD_TIMING } from './upload-timing';

interface UploadCounts {
  readonly pending: number;
  readonly failed: number;
}

const PENDING =
  'image_path IS NOT NULL AND image_cloudinary_url IS NULL AND image_upload_given_up_at IS NULL';

/** Row id of the employee on a photo. */
const SUBJECT: Readonly<Record<ImageOwner, string>> = {
  employees: 'o.id',
  attendances: 'o.employee_id',
  review_items: 'coalesce(o.employee_id, o.id)',
  face_photos: '(SELECT t.employee_id FROM face_templates t WHERE t.id = o.id)',
};

/** TypeORM answers an UPDATE … RETURNING with [rows, count]. */
type Updated<R> = [R[], number];

/** What the rows say about uploads, and the only writer of it. What is pending is leased, by requests as by the uploader. */
export class UploadLedger {
  /** Pending uploads by the table that their photo is in. */
  readonly pending: Readonly<Record<ImageOwner, LeasedRows<ImageRef>>>;

  constructor(
    private readonly dataSource: DataSource,
    backOff: BackOff = UPLOAD_TIMING,
  ) {
    const pendingOf = (owner: ImageOwner): LeasedRows<ImageRef> =>
      new LeasedRows<ImageRef>(dataSource, {
        table: owner,
        pending: PENDING,
        returning: `'${owner}' AS owner, id, image_path AS path`,
        key: [
          ['id', 'id'],
          ['path', 'image_path'],
        ],
        columns: {
          nextAt: 'image_upload_next_at',
          attempts: 'image_upload_attempts',
          error: 'image_upload_error',
        },
        backOff,
      });
    this.pending = {
      employees: pendingOf('employees'),
      attendances: pendingOf('attendances'),
      face_photos: pendingOf('face_photos'),
      review_items: pendingOf('review_items'),
    };
  }

  /**
   * An upload is about to be tried: from now on a copy may be there. One that may be at another place, since the
   * configuration was another at an earlier attempt, is to be removed from there.
   * @returns false if the row is gone or has another photo by now: nothing may be uploaded
   */
  async begins({ owner, id, path }: ImageRef, target: CdnTarget): Promise<boolean> {
    const [, count] = await this.dataSource.query<Updated<unknown>>(
      `UPDATE ${owner} SET image_cdn_target = $3
       WHERE id = $1 AND image_path = $2 AND (image_cdn_target IS NULL OR image_cdn_target = $3)`,
      [id, path, formatTarget(target)],
    );
    return count === 1 || this.aimsAnew({ owner, id, path }, target);
  }

  private aimsAnew({ owner, id, path }: ImageRef, target: CdnTarget): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<{ cdn_target: string; subject_id: string }[]>(
        `SELECT image_cdn_target AS cdn_target, ${SUBJECT[owner]} AS subject_id FROM ${owner} o
         WHERE id = $1 AND image_path = $2 AND image_cdn_target IS NOT NULL FOR UPDATE`,
        [id, path],
      );
      if (row === undefined) return false;
      const before = parseTarget(row.cdn_target);
      // In the same account the photo's next copy has the same tag.
      const tag = before.cloudName === target.cloudName ? null : tagOf({ owner, id, path });
      await discardImages(manager, [{ ...discardOfCopy(before), tag }], {
        subjectId: row.subject_id,
      });
      await manager.query(`UPDATE ${owner} SET image_cdn_target = $2 WHERE id = $1`, [
        id,
        formatTarget(target),
      ]);
      return true;
    });
  }

  /**
   * @param target where we asked for it to be stored
   * @param publicId under which the CDN says it did: a preset may have changed the id
   * @returns false if the row was deleted, or has another photo or copy location now: then the asset belongs to nothing
   */
  async succeeded(
    { owner, id, path }: ImageRef,
    url: string,
    target: CdnTarget,
    publicId: string = target.publicId,
  ): Promise<boolean> {
    const [, count] = await this.dataSource.query<Updated<unknown>>(
      `UPDATE ${owner} SET image_cloudinary_url = $3, image_cloudinary_id = $4, image_upload_error = NULL,
         image_cdn_target = $6, image_upload_given_up_at = NULL WHERE id = $1 AND image_path = $2 AND image_cdn_target = $5`,
      [id, path, url, publicId, formatTarget(target), formatTarget({ ...target, publicId })],
    );
    return count === 1;
  }

  /** The upload can never succeed; it is kept locally and not tried again until an operator asks for it. */
  async gaveUp({ owner, id, path }: ImageRef, reason: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE ${owner} SET image_upload_attempts = image_upload_attempts + 1, image_upload_error = $3,
         image_upload_given_up_at = now() WHERE id = $1 AND image_path = $2 AND ${PENDING}`,
      [id, path, reason.slice(0, 500)],
    );
  }

  /** Makes the uploads that were given up due again. @returns how many */
  retryGivenUp(by: Actor, at: Date): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      let photos = 0;
      for (const owner of IMAGE_OWNERS) {
        const [, count] = await manager.query<Updated<unknown>>(
          `UPDATE ${owner} SET image_upload_given_up_at = NULL, image_upload_attempts = 0,
             image_upload_next_at = now()
           WHERE image_path IS NOT NULL AND image_upload_given_up_at IS NOT NULL`,
        );
        photos += count;
      }
      await recordAudit(manager, { ...by, action: 'uploads.retry', details: { photos }, at });
      return photos;
    });
  }

  async counts(): Promise<UploadCounts> {
    const notUploaded = IMAGE_OWNERS.map(
      (owner) =>
        `SELECT image_upload_given_up_at IS NULL AS pending FROM ${owner}
         WHERE image_path IS NOT NULL AND image_cloudinary_url IS NULL`,
    );
    const [row] = await this.dataSource.query<UploadCounts[]>(
      `SELECT count(*) FILTER (WHERE pending)::int AS pending, count(*) FILTER (WHERE NOT pending)::int AS failed
       FROM (${notUploaded.join(' UNION ALL ')}) not_uploaded`,
    );
    return row ?? { pending: 0, failed: 0 };
  }
}
