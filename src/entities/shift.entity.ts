import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { LocalTimeScalar, TimeRange, type LocalTime } from './local-scalars';

export enum ShiftKind {
  FIXED = 'FIXED',
  FLEXIBLE = 'FLEXIBLE',
}

registerEnumType(ShiftKind, {
  name: 'ShiftKind',
  description: 'How a shift plans working time.',
  valuesConfig: {
    FIXED: { description: 'Work from a time to a time, in 1 to 4 segments.' },
    FLEXIBLE: { description: 'A number of minutes within a frame, with core windows.' },
  },
});

/** Working time of one day. It is never changed once it exists: a new one is made and assigned from a date on. */
@ObjectType({
  description: 'The planned working time of one day. A shift never changes. Create another one instead.',
})
@Entity('shifts')
@Check('shifts_kind', `kind in ('FIXED', 'FLEXIBLE')`)
@Check('shifts_name_length', `char_length(name) between 1 and 100`)
@Check('shifts_minutes', `break_minutes between 0 and 1440 and target_minutes between 1 and 1440`)
@Check(
  'shifts_flexible_whole',
  `(kind = 'FLEXIBLE') = (frame is not null) and (kind = 'FLEXIBLE') = (target_minutes is not null)`,
)
export class Shift {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'shifts_pkey' })
  id!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 100 })
  name!: string;

  @Field(() => ShiftKind, { description: 'How it plans working time.' })
  @Column({ name: 'kind', type: 'varchar', length: 8 })
  kind!: ShiftKind;

  @Field(() => [TimeRange], { description: 'When work is planned, 1 to 4 in order. Empty for FLEXIBLE.' })
  @Column({ name: 'segments', type: 'jsonb', default: [] })
  segments!: TimeRange[];

  @Field(() => Int, {
    description:
      'Unpaid break within the shift, in minutes. It lowers the planned minutes. Only work rules deduct a break from worked minutes.',
  })
  @Column({ name: 'break_minutes', type: 'int', default: 0 })
  breakMinutes!: number;

  @Field(() => LocalTimeScalar, { nullable: true, description: 'When the break is planned. Null: any time.' })
  @Column({ name: 'break_starts_at', type: 'varchar', length: 5, nullable: true })
  breakStartsAt!: LocalTime | null;

  @Field(() => TimeRange, {
    nullable: true,
    description: 'Within this time work counts. Only for FLEXIBLE, otherwise null.',
  })
  @Column({ name: 'frame', type: 'jsonb', nullable: true })
  frame!: TimeRange | null;

  @Field(() => [TimeRange], {
    description: 'When everybody must be there, 0 to 3 in order. Empty for FIXED.',
  })
  @Column({ name: 'core', type: 'jsonb', default: [] })
  core!: TimeRange[];

  @Field(() => Int, {
    nullable: true,
    description: 'Minutes to work within the frame. Only for FLEXIBLE, otherwise null.',
  })
  @Column({ name: 'target_minutes', type: 'int', nullable: true })
  targetMinutes!: number | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'Since when it is not offered for new plans (UTC). Existing plans keep it. Null: it is offered.',
  })
  @Column({ name: 'archived_at', type: 'timestamptz', precision: 3, nullable: true })
  archivedAt!: Date | null;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
