import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A key that something in this database or its photos is encrypted with, by its id: so that a start with a wrong key
 * is told which one is needed. The key itself is nowhere here, and cannot be had from its id.
 */
@Entity('encryption_keys')
@Check('encryption_keys_id_shape', `id ~ '^[0-9a-f]{16}$'`)
export class EncryptionKey {
  @PrimaryColumn({ type: 'varchar', length: 16, primaryKeyConstraintName: 'encryption_keys_pkey' })
  id!: string;

  @Column({ name: 'first_used_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  firstUsedAt!: Date;
}
