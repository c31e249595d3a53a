import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An erasure log (ERASURE_LOG) that running nodes write. An erasure waits until each has its line. */
@Entity('erasure_logs')
export class ErasureLogSeen {
  /** Derived from the key of the log. */
  @PrimaryColumn({ primaryKeyConstraintName: 'erasure_logs_pkey', type: 'varchar', length: 16 })
  id!: string;

  @Column({ name: 'seen_at', type: 'timestamptz', precision: 3 })
  seenAt!: Date;
}
