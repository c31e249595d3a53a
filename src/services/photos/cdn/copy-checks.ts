import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Poller } from '../../../database/poller';
import { IMAGE_OWNERS, type ImageOwner } from '../local/image-owner';
import type { Cdn } from './cdn';
import { UPLOAD_TIMING, type UploadTiming } from './upload-timing';

/** Most photos in one call to the CDN. */
const BATCH = 100;
const GONE = 'The copy was deleted on Cloudinary; retryFailedUploads uploads the photo again';

interface UploadedRow {
  readonly owner: ImageOwner;
  readonly id: string;
  readonly url: string;
  readonly public_id: string;
}

/** $1, $2: the last photo that was asked about. $3: the account. A photo that was uploaded just now is left out. */
const NEXT = `SELECT * FROM (${IMAGE_OWNERS.map(
  (
    owner,
  ) => `(SELECT '${owner}' AS owner, id, image_cloudinary_url AS url, image_cloudinary_id AS public_id FROM ${owner}
    WHERE image_path IS NOT NULL AND image_cloudinary_url IS NOT NULL AND image_cloudinary_id IS NOT NULL
      AND starts_with(image_cdn_target, $3) AND image_upload_next_at < now()
      AND ('${owner}', id) > ($1::text, $2::uuid) ORDER BY id LIMIT ${BATCH})`,
).join(' UNION ALL ')}) uploaded ORDER BY owner, id LIMIT ${BATCH}`;

const START = { owner: '', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Notices copies that somebody deleted on the CDN: asks about all photos in turn, a few at a time, since the CDN counts
 * such calls. The local photo is then served, and uploaded again once an operator asks for it.
 */
export function createCopyChecks(
  dataSource: DataSource,
  cdn: Cdn,
  log: Logger,
  { checkMs = UPLOAD_TIMING.checkMs ?? 0 }: UploadTiming,
): Poller {
  const begin = performance.now() + checkMs / 2;
  let last: Pick<UploadedRow, 'id'> & { readonly owner: string } = START;

  async function check(): Promise<void> {
    // Not at the start, when everything else begins.
    if (performance.now() < begin) return;
    const { cloudName } = cdn;
    const rows = await dataSource.query<UploadedRow[]>(NEXT, [last.owner, last.id, `${cloudName}/`]);
    last = rows.length < BATCH ? START : (rows.at(-1) ?? START);
    const copies = rows.map((row) => ({ ...row, publicId: row.public_id }));
    const missing = new Set((await cdn.missing(copies)).map(({ publicId }) => publicId));
    for (const row of rows.filter(({ public_id: publicId }) => missing.has(publicId))) {
      log.warn(
        { owner: row.owner, id: row.id },
        'A copy was deleted on Cloudinary; the local photo is served',
      );
      await dataSource.query(
        `UPDATE ${row.owner} SET image_cloudinary_url = NULL, image_cloudinary_id = NULL,
           image_upload_error = $3, image_upload_given_up_at = now()
         WHERE id = $1 AND image_cloudinary_url = $2`,
        [row.id, row.url, GONE],
      );
    }
  }

  return new Poller(
    check,
    (err) => log.warn({ err }, 'Could not ask Cloudinary which photos it has; will retry'),
    checkMs,
  );
}
