import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { Employee } from './employee.entity';
import type { LocalDate } from './local-scalars';

/** How much overtime of a day was approved, and of which figures: if they changed since, the decision is stale. */
@Entity('overtime_decisions')
@Unique('overtime_decisions_employee_id_date', ['employeeId', 'date'])
@Check('overtime_decisions_minutes', `approved_minutes between 0 and 2880`)
export class OvertimeDecision {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'overtime_decisions_pkey' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'overtime_decisions_employee_id_fkey' })
  employee?: Relation<Employee>;

  @Column({ name: 'date', type: 'date' })
  date!: LocalDate;

  @Column({ name: 'approved_minutes', type: 'int' })
  approvedMinutes!: number;

  /** SHA-256 of the figures, spans and rules version that it was made on, hexadecimal. */
  @Column({ name: 'fingerprint', type: 'varchar', length: 64 })
  fingerprint!: string;

  @Column({ name: 'decided_by', type: 'varchar', length: 64 })
  decidedBy!: string;

  @Column({ name: 'decided_at', type: 'timestamptz', precision: 3 })
  decidedAt!: Date;

  @Column({ name: 'note', type: 'varchar', length: 500, nullable: true })
  note!: string | null;
}
