import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The id of a key that encrypts something in this database or its photos, so that a start with a wrong key can name the
 * right one. The key cannot be computed from its id.
 */
@Entity('encryption_keys')
@Check('encryption_keys_id_shape', `id ~ '^[0-9a-f]{16}$'`)
export class EncryptionKey {
  @PrimaryColumn({ type: 'varchar', length: 16, primaryKeyConstraintName: 'encryption_keys_pkey' })
  id!: string;

  @Column({ name: 'first_used_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  firstUsedAt!: Date;
}
