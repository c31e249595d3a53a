import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { Employee } from './employee.entity';
import type { LocalDate } from './local-scalars';
import { Shift } from './shift.entity';

/** Another shift for one employee on one date, or a day off. It goes before every schedule. */
@Entity('day_plans')
@Unique('day_plans_employee_id_date', ['employeeId', 'date'])
export class DayPlanEntry {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'day_plans_pkey' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'day_plans_employee_id_fkey' })
  employee?: Relation<Employee>;

  @Column({ name: 'date', type: 'date' })
  date!: LocalDate;

  /** null: a day off. */
  @Index('day_plans_shift_id')
  @Column({ name: 'shift_id', type: 'uuid', nullable: true })
  shiftId!: string | null;

  @ManyToOne(() => Shift, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'shift_id', foreignKeyConstraintName: 'day_plans_shift_id_fkey' })
  shift?: Relation<Shift> | null;

  @Column({ name: 'reason', type: 'varchar', length: 500 })
  reason!: string;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
