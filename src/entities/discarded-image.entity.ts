import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A photo that is no longer anybody's: its local file and its copy on the CDN are to be removed. Written in the
 * transaction that lets go of it, and deleted once both are gone, so that neither a crash nor a dead CDN keeps a face.
 */
@Entity('discarded_images')
export class DiscardedImage {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'discarded_images_pkey' })
  id!: string;

  /** Path of the local copy below DATA_DIR/media. */
  @Column({ name: 'path', type: 'varchar', length: 200 })
  path!: string;

  /** Cloudinary's public id; null: it never had a copy there. */
  @Column({ name: 'cloudinary_id', type: 'text', nullable: true })
  cloudinaryId!: string | null;

  /** Failed attempts so far. */
  @Column({ name: 'attempts', type: 'int', default: 0 })
  attempts!: number;

  @Index('discarded_images_next_at')
  @Column({ name: 'next_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  nextAt!: Date;
}
