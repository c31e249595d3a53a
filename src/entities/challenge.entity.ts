import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Employee } from './employee.entity';
import { Office } from './office.entity';

/** A single-use token that a check presents. The token itself is not kept: who reads this table cannot use any. */
@Entity('challenges')
@Unique('challenges_token_hash', ['tokenHash'])
// Partial, so the migrations' business: those that are unused, to be counted per caller.
@Index('challenges_unused', { synchronize: false })
@Check('challenges_token_hash_length', `octet_length(token_hash) = 32`)
export class Challenge {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'challenges_pkey' })
  id!: string;

  /** SHA-256 of the token. Not slow on purpose, as for a password: 256 random bits cannot be guessed. */
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  /** Who asked for it, and alone may use it. */
  @Column({ name: 'caller', type: 'varchar', length: 64 })
  caller!: string;

  /** The check has to name the same office; null: none. */
  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  /** A challenge is deleted with the employee or office that it is for. */
  @ManyToOne(() => Office, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'challenges_office_id_fkey' })
  office?: Office | null;

  /** Row id of the employee whom the check must name; null: any employee, or none. */
  @Column({ name: 'employee_id', type: 'uuid', nullable: true })
  employeeId!: string | null;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'challenges_employee_id_fkey' })
  employee?: Employee | null;

  /** LivenessActions in their order; empty: no actions. */
  @Column({ name: 'actions', type: 'jsonb' })
  actions!: readonly string[];

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Index('challenges_expires_at')
  @Column({ name: 'expires_at', type: 'timestamptz', precision: 3 })
  expiresAt!: Date;

  @Column({ name: 'used_at', type: 'timestamptz', precision: 3, nullable: true })
  usedAt!: Date | null;

  /** The idempotency key of the check that used it; its retry may present the challenge again. */
  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;
}
