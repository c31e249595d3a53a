import { Column } from 'typeorm';

/**
 * Where a photo is: always in the local backup, and on the CDN once it has been uploaded. What is pending is what
 * these columns say (`path is not null and cloudinary_url is null and upload_given_up_at is null`), so no crash can
 * forget an upload.
 * Embedded (`prefix: false`): the columns are named here, alike in every table.
 */
export class StoredImage {
  /** Path of the local copy below DATA_DIR/media. Null: there is no photo, or it was deleted. */
  @Column({ name: 'image_path', type: 'varchar', length: 200, nullable: true })
  path!: string | null;

  @Column({ name: 'image_cloudinary_url', type: 'text', nullable: true })
  cloudinaryUrl!: string | null;

  /** Cloudinary's public id, as it answered. We ask for one derived from the row's id; a preset may change it. */
  @Column({ name: 'image_cloudinary_id', type: 'text', nullable: true })
  cloudinaryId!: string | null;

  /**
   * Where on the CDN a copy may be: `<cloud>/<public id>`, written before the first attempt to upload it to there, so
   * that it is found even if the answer was lost and the configuration is another by now. null: nothing was sent.
   */
  @Column({ name: 'image_cdn_target', type: 'text', nullable: true })
  cdnTarget!: string | null;

  /** Failed uploads so far. */
  @Column({ name: 'image_upload_attempts', type: 'int', default: 0 })
  uploadAttempts!: number;

  /** No worker takes the upload before this moment: a lease while one is at it, then the backoff. */
  @Column({ name: 'image_upload_next_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  uploadNextAt!: Date;

  /** Why the last upload failed, for the operator. */
  @Column({ name: 'image_upload_error', type: 'varchar', length: 500, nullable: true })
  uploadError!: string | null;

  /** Set when the upload can never succeed (the CDN calls the photo invalid, the local file is gone). */
  @Column({ name: 'image_upload_given_up_at', type: 'timestamptz', precision: 3, nullable: true })
  uploadGivenUpAt!: Date | null;
}
