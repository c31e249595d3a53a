import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Erasure } from './erasure.entity';

/**
 * A discarded photo: its local file and its copy on the CDN have to be removed. Written in the transaction that
 * discards the photo, and deleted after both are removed, so that neither a crash nor a CDN outage keeps a face. A row
 * of an erasure stays until the erasure is complete, because its files are searched for once more.
 */
@Entity('discarded_images')
export class DiscardedImage {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'discarded_images_pkey' })
  id!: string;

  /** Path of the local copy below DATA_DIR/media; null: only the CDN's copy is to go. */
  @Column({ name: 'path', type: 'varchar', length: 200, nullable: true })
  path!: string | null;

  /** Cloudinary's public id; null: it never had a copy there. */
  @Column({ name: 'cloudinary_id', type: 'text', nullable: true })
  cloudinaryId!: string | null;

  /** The Cloudinary account that has it; null: the one that is configured, as far as is known. */
  @Column({ name: 'cloud_name', type: 'varchar', length: 200, nullable: true })
  cloudName!: string | null;

  /** The tag of its copies; null: they have none, or another photo has the same. */
  @Column({ name: 'cdn_tag', type: 'varchar', length: 100, nullable: true })
  cdnTag!: string | null;

  /** Failed attempts so far. */
  @Column({ name: 'attempts', type: 'int', default: 0 })
  attempts!: number;

  @Index('discarded_images_next_at')
  @Column({ name: 'next_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  nextAt!: Date;

  /** Row id of the employee on it; no foreign key, since it outlives them. null: from before this was kept. */
  @Index('discarded_images_subject_id')
  @Column({ name: 'subject_id', type: 'uuid', nullable: true })
  subjectId!: string | null;

  /** Whose erasure it belongs to; null: none. */
  @Index('discarded_images_erasure_id')
  @Column({ name: 'erasure_id', type: 'uuid', nullable: true })
  erasureId!: string | null;

  @ManyToOne(() => Erasure, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'erasure_id', foreignKeyConstraintName: 'discarded_images_erasure_id_fkey' })
  erasure?: Erasure | null;

  /** Whether the local file is removed. Another photo may then use its name. */
  @Column({ name: 'local_removed', type: 'boolean', default: false })
  localRemoved!: boolean;

  /** Whether the CDN confirmed, after the removal, that the photo does not exist. */
  @Column({ name: 'cdn_removed', type: 'boolean', default: false })
  cdnRemoved!: boolean;

  /** An upload may be under way until then: one that lands after the removal would stay for ever. */
  @Column({ name: 'cdn_after', type: 'timestamptz', precision: 3, default: () => 'now()' })
  cdnAfter!: Date;

  /** Why the last attempt failed, for the operator. */
  @Column({ name: 'last_error', type: 'varchar', length: 500, nullable: true })
  lastError!: string | null;
}
