import { Field, Float, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** `pg` gives a bigint as a string; a number is exact for the next nine quadrillion. */
const toNumber = { from: Number, to: (value: number): number => value };

/**
 * What was done: by whom, to whom, when, from where, with what outcome. Rows are only ever added, each with a hash over
 * itself and the one before, so that one that was changed or removed shows. Never a biometric.
 */
@ObjectType({ description: 'What was done, by whom, to whom, when and from where; never a biometric.' })
@Entity('audit_events')
@Unique('audit_events_id', ['id'])
@Index('audit_events_employee_id', ['employeeId', 'sequence'])
@Index('audit_events_action', ['action', 'sequence'])
@Check('audit_events_hash_length', `octet_length(hash) = 32 and octet_length(previous_hash) = 32`)
export class AuditEvent {
  @Field(() => Float, { description: '1, 2, 3 … without a gap: the place in the chain.' })
  @PrimaryColumn({
    name: 'sequence',
    type: 'bigint',
    primaryKeyConstraintName: 'audit_events_pkey',
    transformer: toNumber,
  })
  sequence!: number;

  @Field(() => ID, { description: 'Made by the service (UUID).' })
  @Column({ name: 'id', type: 'uuid' })
  id!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was done (UTC).' })
  @Index('audit_events_at')
  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: Date;

  @Field(() => String, { description: 'What was done, e.g. face-template.add; docs/PRIVACY.md lists them.' })
  @Column({ name: 'action', type: 'varchar', length: 64 })
  action!: string;

  @Field(() => String, { description: 'OK, or how it was refused, e.g. FACE_MISMATCH.' })
  @Column({ name: 'outcome', type: 'varchar', length: 64 })
  outcome!: string;

  @Field(() => String, {
    description: 'Who did it, as the service names callers; system: the service by itself.',
  })
  @Column({ name: 'caller', type: 'varchar', length: 64 })
  caller!: string;

  @Field(() => String, { nullable: true, description: 'The network address it came from; null: not known.' })
  @Column({ name: 'address', type: 'varchar', length: 64, nullable: true })
  address!: string | null;

  /** Row id of the employee it was done to; no foreign key, since the trail outlives them. */
  @Field(() => ID, {
    nullable: true,
    description: "The service's own id of the employee it was done to; null: nobody in particular.",
  })
  @Column({ name: 'employee_id', type: 'uuid', nullable: true })
  employeeId!: string | null;

  @Column({ name: 'details', type: 'jsonb' })
  details!: Readonly<Record<string, string | number | boolean | null>>;

  @Column({ name: 'previous_hash', type: 'bytea' })
  previousHash!: Buffer;

  /** SHA-256 over everything above and the previous hash: services/audit/audit-hash.ts. */
  @Column({ name: 'hash', type: 'bytea' })
  hash!: Buffer;
}

/** The end of the chain: one row, whose lock lets events be appended one after the other. */
@Entity('audit_chain')
@Check('audit_chain_one_row', `id = 1`)
export class AuditChain {
  @PrimaryColumn({ primaryKeyConstraintName: 'audit_chain_pkey', type: 'int' })
  id!: number;

  @Column({ name: 'sequence', type: 'bigint', transformer: toNumber })
  sequence!: number;

  @Column({ name: 'hash', type: 'bytea' })
  hash!: Buffer;
}
