import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Schedule } from './schedule.entity';
import { Shift } from './shift.entity';

/** The shift on one day of a schedule's cycle. */
@ObjectType({ description: 'The shift on one day of a cycle.' })
@Entity('schedule_days')
@Check('schedule_days_day', `day between 1 and 366`)
export class ScheduleDay {
  @PrimaryColumn({ name: 'schedule_id', type: 'uuid', primaryKeyConstraintName: 'schedule_days_pkey' })
  scheduleId!: string;

  @ManyToOne(() => Schedule, (schedule) => schedule.days, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'schedule_id', foreignKeyConstraintName: 'schedule_days_schedule_id_fkey' })
  schedule?: Relation<Schedule>;

  @Field(() => Int, { description: 'Day of the cycle, from 1.' })
  @PrimaryColumn({ name: 'day', type: 'int', primaryKeyConstraintName: 'schedule_days_pkey' })
  day!: number;

  @Index('schedule_days_shift_id')
  @Column({ name: 'shift_id', type: 'uuid' })
  shiftId!: string;

  @ManyToOne(() => Shift, { onDelete: 'RESTRICT', nullable: false })
  @JoinColumn({ name: 'shift_id', foreignKeyConstraintName: 'schedule_days_shift_id_fkey' })
  shift?: Relation<Shift>;
}
