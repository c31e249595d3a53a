import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A node that runs, and the key under which it encrypts: while there is one with another key, that key is not done
 * with, whatever has been rewritten. The row goes when the node stops; that of one that died counts for some minutes.
 */
@Entity('encryption_key_users')
export class EncryptionKeyUser {
  /** Made by the node at its start. */
  @PrimaryColumn({ name: 'node_id', type: 'uuid', primaryKeyConstraintName: 'encryption_key_users_pkey' })
  nodeId!: string;

  @Column({ name: 'key_id', type: 'varchar', length: 16 })
  keyId!: string;

  @Column({ name: 'seen_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  seenAt!: Date;
}
