import { Field, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A person's data that is being removed, or was. Written in the transaction that makes their face match no more, and
 * worked off in the background, so that neither a crash nor a dead CDN stops it. It names nobody.
 */
@ObjectType({ description: "The removal of a person's data; it is worked off in the background." })
@Entity('erasures')
@Index('erasures_requested_at', ['requestedAt', 'id'])
// Partial, so the migrations' business: one open erasure a person, and those that are due.
@Index('erasures_open_subject', { synchronize: false })
@Index('erasures_due', { synchronize: false })
export class Erasure {
  @Field(() => ID, { description: 'Made by the service (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'erasures_pkey' })
  id!: string;

  /** Row id of the employee; no foreign key, since it outlives them. */
  @Field(() => ID, { description: "The service's own id (UUID) of the employee; it names nobody any more." })
  @Column({ name: 'subject_id', type: 'uuid' })
  subjectId!: string;

  @Field(() => Boolean, {
    description: 'Whether the punches stay, without photo, similarity and position, under a pseudonym.',
  })
  @Column({ name: 'keep_attendance', type: 'boolean' })
  keepAttendance!: boolean;

  @Field(() => String, { description: 'Who asked for it, as the service names callers.' })
  @Column({ name: 'requested_by', type: 'varchar', length: 64 })
  requestedBy!: string;

  @Field(() => GraphQLISODateTime, {
    description: 'When it was asked for (UTC): from then on the face matches nowhere.',
  })
  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: Date;

  /** When a worker first took it up. */
  @Column({ name: 'started_at', type: 'timestamptz', precision: 3, nullable: true })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When a check of database, disk and CDN found nothing any more (UTC); null: not yet.',
  })
  @Column({ name: 'completed_at', type: 'timestamptz', precision: 3, nullable: true })
  completedAt!: Date | null;

  /** No worker takes it before this moment: a lease while one is at it, then the wait. */
  @Column({ name: 'next_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  nextAt!: Date;

  /** Failed attempts. */
  @Column({ name: 'attempts', type: 'int', default: 0 })
  attempts!: number;

  /** Of the worker; those of a photo are with it. */
  @Column({ name: 'last_error', type: 'varchar', length: 500, nullable: true })
  lastError!: string | null;
}
