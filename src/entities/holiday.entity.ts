import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { LocalDateScalar, LocalTimeScalar, type LocalDate, type LocalTime } from './local-scalars';

export enum HolidayKind {
  PUBLIC = 'PUBLIC',
  COMPANY = 'COMPANY',
}

registerEnumType(HolidayKind, {
  name: 'HolidayKind',
  description: 'Who gives a holiday.',
  valuesConfig: {
    PUBLIC: { description: 'A public holiday.' },
    COMPANY: { description: 'A free day of the company.' },
  },
});

/** A row, not a library's answer: an upgrade of a library must not change a month that is past. */
@ObjectType({ description: 'A holiday of an office. An office has at most one on a date.' })
@Entity('holidays')
@Unique('holidays_office_id_date', ['officeId', 'date'])
@Check('holidays_kind', `kind in ('PUBLIC', 'COMPANY')`)
@Check('holidays_name_length', `char_length(name) between 1 and 200`)
export class Holiday {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'holidays_pkey' })
  id!: string;

  /** Stays when the office is deleted: past days need it. */
  @Column({ name: 'office_id', type: 'uuid' })
  officeId!: string;

  @Field(() => LocalDateScalar, { description: 'Its date.' })
  @Column({ name: 'date', type: 'date' })
  date!: LocalDate;

  @Field(() => String, { description: '1 to 200 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Field(() => LocalTimeScalar, {
    name: 'from',
    nullable: true,
    description: 'When a half-day holiday begins. Null: the whole day.',
  })
  @Column({ name: 'starts_at', type: 'varchar', length: 5, nullable: true })
  startsAt!: LocalTime | null;

  @Field(() => HolidayKind, { description: 'Who gives it.' })
  @Column({ name: 'kind', type: 'varchar', length: 8 })
  kind!: HolidayKind;

  @Field(() => String, {
    description:
      'Where it comes from: `manual`, or the country, state and region of an import, for example `DE-BY`.',
  })
  @Column({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  /** Type by which an import took it; null: added by hand, or imported by a version that did not note it. */
  @Column({ name: 'imported_type', type: 'varchar', length: 16, nullable: true })
  importedType!: string | null;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
