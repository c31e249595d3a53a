import { Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { LocalDateScalar, type LocalDate } from './local-scalars';
import { ScheduleDay } from './schedule-day.entity';

/** A cycle of days from an anchor. Day number = (date - anchor) mod cycle + 1; days without a shift are rest days. */
@ObjectType({
  description:
    'A cycle of days that repeats. Days without a shift are rest days. A schedule never changes. Create another one instead.',
})
@Entity('schedules')
@Check('schedules_cycle_days', `cycle_days between 1 and 366`)
@Check('schedules_name_length', `char_length(name) between 1 and 100`)
export class Schedule {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'schedules_pkey' })
  id!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 100 })
  name!: string;

  @Field(() => Int, { description: 'Length of the cycle in days, 1 to 366. 7 for a week.' })
  @Column({ name: 'cycle_days', type: 'int' })
  cycleDays!: number;

  @Field(() => LocalDateScalar, {
    description: 'A date that is day 1 of the cycle. A Monday for an ordinary week.',
  })
  @Column({ name: 'anchor', type: 'date' })
  anchor!: LocalDate;

  @OneToMany(() => ScheduleDay, (day) => day.schedule)
  days?: Relation<ScheduleDay>[];

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'Since when it is not offered for new assignments (UTC). Existing ones keep it. Null: it is offered.',
  })
  @Column({ name: 'archived_at', type: 'timestamptz', precision: 3, nullable: true })
  archivedAt!: Date | null;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
