import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that signs audit events: from which event on, and what came before. */
@Entity('audit_keys')
@Check('audit_keys_lengths', `octet_length(previous_hash) = 32 and octet_length(signature) = 32`)
export class AuditKeyRow {
  /** 16 hex digits. */
  @PrimaryColumn({ primaryKeyConstraintName: 'audit_keys_pkey', type: 'varchar', length: 16 })
  id!: string;

  /** The first event that it may have signed. */
  @Column({
    name: 'signed_from',
    type: 'bigint',
    transformer: { from: Number, to: (value: number) => value },
  })
  signedFrom!: number;

  /** Hash of the event before that one. */
  @Column({ name: 'previous_hash', type: 'bytea' })
  previousHash!: Buffer;

  /** HMAC over the columns above. */
  @Column({ name: 'signature', type: 'bytea' })
  signature!: Buffer;

  /** The key, encrypted with ENCRYPTION_KEY; null: it is in DATA_DIR/secrets. */
  @Column({ name: 'sealed', type: 'bytea', nullable: true })
  sealed!: Buffer | null;
}
