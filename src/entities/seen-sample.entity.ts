import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A photo or a descriptor that was seen before, as a keyed hash: without the key under DATA_DIR nobody can tell from
 * this table whether it has a given photo, and with it nobody can make a photo or a descriptor of it.
 */
@Entity('seen_samples')
@Check('seen_samples_hash_length', `octet_length(hash) = 32`)
export class SeenSample {
  /** HMAC-SHA256 of the kind and the bytes. */
  @PrimaryColumn({ name: 'hash', type: 'bytea', primaryKeyConstraintName: 'seen_samples_pkey' })
  hash!: Buffer;

  /** The idempotency key of the check that showed it; null: it had none, or was an enrolment. */
  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  @Column({ name: 'caller', type: 'varchar', length: 64 })
  caller!: string;

  @Column({ name: 'first_seen_at', type: 'timestamptz', precision: 3 })
  firstSeenAt!: Date;

  /** When the check that shows it, or its retry, did so last. */
  @Index('seen_samples_seen_at')
  @Column({ name: 'seen_at', type: 'timestamptz', precision: 3 })
  seenAt!: Date;
}
