import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Employee } from './employee.entity';
import { LocalDateScalar, type LocalDate } from './local-scalars';
import { Schedule } from './schedule.entity';
import { WorkRules } from './work-rules.entity';

/** The schedule and rules of an employee, or of everybody in an office without their own. */
@ObjectType({
  description:
    "The schedule and work rules of an employee, or of an office. An office's is for its employees without one of their own.",
})
@Entity('schedule_assignments')
@Index('schedule_assignments_employee_id', ['employeeId', 'validFrom'])
@Index('schedule_assignments_office_id', ['officeId', 'validFrom'])
@Check('schedule_assignments_subject', `(employee_id is null) <> (office_id is null)`)
@Check('schedule_assignments_range', `valid_from <= valid_until`)
export class ScheduleAssignment {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'schedule_assignments_pkey' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid', nullable: true })
  employeeId!: string | null;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'schedule_assignments_employee_id_fkey' })
  employee?: Relation<Employee> | null;

  /** Stays when the office is deleted: past days need it. */
  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  @Index('schedule_assignments_schedule_id')
  @Column({ name: 'schedule_id', type: 'uuid' })
  scheduleId!: string;

  @ManyToOne(() => Schedule, { onDelete: 'RESTRICT', nullable: false })
  @JoinColumn({ name: 'schedule_id', foreignKeyConstraintName: 'schedule_assignments_schedule_id_fkey' })
  schedule?: Relation<Schedule>;

  @Index('schedule_assignments_rules_id')
  @Column({ name: 'rules_id', type: 'uuid' })
  rulesId!: string;

  @ManyToOne(() => WorkRules, { onDelete: 'RESTRICT', nullable: false })
  @JoinColumn({ name: 'rules_id', foreignKeyConstraintName: 'schedule_assignments_rules_id_fkey' })
  rules?: Relation<WorkRules>;

  @Field(() => LocalDateScalar, { name: 'from', description: 'First day.' })
  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: LocalDate;

  @Field(() => LocalDateScalar, { name: 'until', nullable: true, description: 'Last day. Null: open.' })
  @Column({ name: 'valid_until', type: 'date', nullable: true })
  validUntil!: LocalDate | null;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
