import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ApiKey } from './api-key.entity';

/** A time during which the holder of an API key kept getting answers. */
@Entity('key_contacts')
@Check('key_contacts_order', `began_at <= ended_at`)
export class KeyContact {
  @PrimaryColumn({ name: 'key_id', type: 'uuid', primaryKeyConstraintName: 'key_contacts_pkey' })
  keyId!: string;

  @ManyToOne(() => ApiKey, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'key_id', foreignKeyConstraintName: 'key_contacts_key_id_fkey' })
  key?: ApiKey;

  /** The first answer. */
  @PrimaryColumn({
    ...{ name: 'began_at', type: 'timestamptz', precision: 3 },
    primaryKeyConstraintName: 'key_contacts_pkey',
  })
  beganAt!: Date;

  /** The last answer so far, accurate to about a minute. */
  @Index('key_contacts_ended_at')
  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3 })
  endedAt!: Date;
}
