import { Field, ID, Int, ObjectType } from 'type-graphql';
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { Employee } from './employee.entity';
import { LocalDateScalar, type LocalDate } from './local-scalars';

/** The shape of the kind of an absence. */
export const ABSENCE_KIND_PATTERN = /^[A-Z0-9_]{1,32}$/;

/** A fact from another system: somebody is away, for whole days or for minutes of each. */
@ObjectType({ description: 'An absence: a fact that another system decided.' })
@Entity('absences')
@Unique('absences_external_id', ['source', 'externalId'])
@Index('absences_employee_id', ['employeeId', 'validFrom'])
@Index('absences_valid_from', ['validFrom', 'id'])
@Index('absences_valid_until', ['validUntil'])
@Check('absences_range', `valid_from <= valid_until`)
@Check('absences_minutes', `minutes_per_day between 1 and 1440`)
@Check('absences_kind', `kind ~ '^[A-Z0-9_]{1,32}$'`)
export class Absence {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'absences_pkey' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'absences_employee_id_fkey' })
  employee?: Relation<Employee>;

  @Field(() => LocalDateScalar, { name: 'from', description: 'First day.' })
  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: LocalDate;

  @Field(() => LocalDateScalar, { name: 'until', description: 'Last day.' })
  @Column({ name: 'valid_until', type: 'date' })
  validUntil!: LocalDate;

  @Field(() => Int, { nullable: true, description: 'Minutes of absence on each day. Null: whole days.' })
  @Column({ name: 'minutes_per_day', type: 'int', nullable: true })
  minutesPerDay!: number | null;

  /** It may tell of an illness: resolvers hide it from viewers. */
  @Column({ name: 'kind', type: 'varchar', length: 32 })
  kind!: string;

  @Field(() => Boolean, { description: 'Whether it is paid. Hours are credited either way.' })
  @Column({ name: 'paid', type: 'boolean' })
  paid!: boolean;

  /** The system that it was imported from; null: it was recorded by hand. */
  @Column({ name: 'source', type: 'varchar', length: 64, nullable: true })
  source!: string | null;

  /** Its id in the system that it was imported from; null: it was recorded by hand. */
  @Column({ name: 'external_id', type: 'varchar', length: 64, nullable: true })
  externalId!: string | null;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
