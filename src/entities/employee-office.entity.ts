import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { Employee } from './employee.entity';
import type { LocalDate } from './local-scalars';

/** Which office an employee has had from a date on, until the next row. `employees.office_id` is today's. */
@Entity('employee_offices')
@Unique('employee_offices_from', ['employeeId', 'validFrom'])
export class EmployeeOffice {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'employee_offices_pkey' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'employee_offices_employee_id_fkey' })
  employee?: Relation<Employee>;

  /** null: none. Stays when the office is deleted: past days need its time zone. */
  @Index('employee_offices_office_id')
  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  /** The first date; '-infinity': since ever. */
  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: LocalDate;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
