import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Employee } from './employee.entity';

/** The right to download one person's data once. The token itself is not kept: who reads this table cannot use any. */
@Entity('export_tickets')
@Check('export_tickets_token_hash_length', `octet_length(token_hash) = 32`)
export class ExportTicket {
  /** SHA-256 of the token. Not slow on purpose, as for a password: 256 random bits cannot be guessed. */
  @PrimaryColumn({ name: 'token_hash', type: 'bytea', primaryKeyConstraintName: 'export_tickets_pkey' })
  tokenHash!: Buffer;

  @Column({ name: 'subject_id', type: 'uuid' })
  subjectId!: string;

  /** An erased employee cannot be exported. */
  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'subject_id', foreignKeyConstraintName: 'export_tickets_subject_id_fkey' })
  subject?: Employee;

  @Column({ name: 'requested_by', type: 'varchar', length: 64 })
  requestedBy!: string;

  @Index('export_tickets_expires_at')
  @Column({ name: 'expires_at', type: 'timestamptz', precision: 3 })
  expiresAt!: Date;
}
