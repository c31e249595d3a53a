import { Field, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A person's data that is being removed, or was. Written in the transaction that makes their face match no more, and
 * worked off in the background, so that neither a crash nor a dead CDN stops it. It names nobody.
 */
@ObjectType({ description: "The removal of a data subject's data. It runs in the background." })
@Entity('erasures')
@Index('erasures_requested_at', ['requestedAt', 'id'])
// Partial, so the migrations' business: one open erasure a person, and those that are due.
@Index('erasures_open_subject', { synchronize: false })
@Index('erasures_due', { synchronize: false })
export class Erasure {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'erasures_pkey' })
  id!: string;

  /** Row id of the employee; no foreign key, since it outlives them. */
  @Field(() => ID, {
    description: 'Internal id (UUID) of the erased employee. Their name is no longer stored.',
  })
  @Column({ name: 'subject_id', type: 'uuid' })
  subjectId!: string;

  @Field(() => Boolean, {
    description: 'Whether punches are kept under a pseudonym, without photo, similarity and position.',
  })
  @Column({ name: 'keep_attendance', type: 'boolean' })
  keepAttendance!: boolean;

  @Field(() => String, { description: 'The requester of the erasure.' })
  @Column({ name: 'requested_by', type: 'varchar', length: 64 })
  requestedBy!: string;

  @Field(() => GraphQLISODateTime, {
    description: 'When the erasure was requested (UTC). The face matches nowhere from this time on.',
  })
  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: Date;

  /** When a worker first took it up. */
  @Column({ name: 'started_at', type: 'timestamptz', precision: 3, nullable: true })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When a check of database, disk and CDN found no data left (UTC). Null if not complete.',
  })
  @Column({ name: 'completed_at', type: 'timestamptz', precision: 3, nullable: true })
  completedAt!: Date | null;

  /** Ids of the erasure logs that have its line. */
  @Column({ name: 'logged_in', type: 'varchar', length: 16, array: true, default: '{}' })
  loggedIn!: string[];

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
