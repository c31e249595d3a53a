import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, OneToMany, PrimaryColumn } from 'typeorm';
import { CorrectionChange } from './correction-change.entity';
import { Employee } from './employee.entity';

export enum CorrectionStatus {
  REQUESTED = 'REQUESTED',
  APPROVED = 'APPROVED',
  REJECTED = 'REJECTED',
  WITHDRAWN = 'WITHDRAWN',
}

registerEnumType(CorrectionStatus, {
  name: 'CorrectionStatus',
  description: 'How far a correction is.',
  valuesConfig: {
    REQUESTED: { description: 'Waits for a decision.' },
    APPROVED: { description: 'Approved: its changes are made.' },
    REJECTED: { description: 'Rejected: nothing changed.' },
    WITHDRAWN: { description: 'Taken back by who asked for it.' },
  },
});

/** A requested change of one employee's punches, with the requester and the decision. */
@Entity('corrections')
@Index('corrections_employee_id', ['employeeId', 'id'])
@Index('corrections_requested_at', ['requestedAt', 'id'])
@Check('corrections_status', `status in ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN')`)
@Check('corrections_decided', `(decided_by is null) = (decided_at is null)`)
export class Correction {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'corrections_pkey' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @ManyToOne(() => Employee, { onDelete: 'RESTRICT', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'corrections_employee_id_fkey' })
  employee?: Employee;

  @Column({ name: 'status', type: 'varchar', length: 16 })
  status!: CorrectionStatus;

  @Column({ name: 'reason', type: 'varchar', length: 500 })
  reason!: string;

  @Column({ name: 'requested_by', type: 'varchar', length: 64 })
  requestedBy!: string;

  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: Date;

  @Column({ name: 'decided_by', type: 'varchar', length: 64, nullable: true })
  decidedBy!: string | null;

  @Column({ name: 'decided_at', type: 'timestamptz', precision: 3, nullable: true })
  decidedAt!: Date | null;

  /** What who decided has to say. */
  @Column({ name: 'note', type: 'varchar', length: 500, nullable: true })
  note!: string | null;

  /** SHA-256 of the punches of its days at the request, hexadecimal; null: it was approved at once. */
  @Column({ name: 'basis', type: 'varchar', length: 64, nullable: true })
  basis!: string | null;

  @OneToMany(() => CorrectionChange, (change) => change.correction)
  changes?: CorrectionChange[];
}
