import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Office } from './office.entity';

/** A code with which a tablet becomes a kiosk, once. The code itself is not kept. */
@Entity('kiosk_pairings')
@Unique('kiosk_pairings_code_hash', ['codeHash'])
@Check('kiosk_pairings_code_hash_length', `octet_length(code_hash) = 32`)
@Check('kiosk_pairings_name_length', `char_length(name) between 1 and 200`)
export class KioskPairing {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'kiosk_pairings_pkey' })
  id!: string;

  /** HMAC-SHA-256 under a secret of the installation: a code is short enough to be found by trying from a plain hash. */
  @Column({ name: 'code_hash', type: 'bytea' })
  codeHash!: Buffer;

  /** What the kiosk's key will be called. */
  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Index('kiosk_pairings_office_id')
  @Column({ name: 'office_id', type: 'uuid' })
  officeId!: string;

  /** A kiosk is nothing without its office. */
  @ManyToOne(() => Office, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'kiosk_pairings_office_id_fkey' })
  office?: Office;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Index('kiosk_pairings_expires_at')
  @Column({ name: 'expires_at', type: 'timestamptz', precision: 3 })
  expiresAt!: Date;

  @Column({ name: 'used_at', type: 'timestamptz', precision: 3, nullable: true })
  usedAt!: Date | null;
}
