import { Field, Float, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** `pg` gives a bigint as a string; a number is exact for the next nine quadrillion. */
const toNumber = { from: Number, to: (value: number): number => value };

/**
 * Who did what to whom, when, from where, and with what outcome. Rows are only added. Each contains a hash of itself
 * and of the previous one, which reveals changed and removed rows. Never contains biometric data.
 */
@ObjectType({
  description:
    'An entry in the audit trail: what was done, by whom, to whom, when and from where. It contains no biometric data.',
})
@Entity('audit_events')
@Unique('audit_events_id', ['id'])
@Index('audit_events_employee_id', ['employeeId', 'sequence'])
@Index('audit_events_action', ['action', 'sequence'])
@Check('audit_events_hash_length', `octet_length(hash) = 32 and octet_length(previous_hash) = 32`)
export class AuditEvent {
  @Field(() => Float, { description: 'Position in the audit trail: 1, 2, 3 and so on, without gaps.' })
  @PrimaryColumn({
    name: 'sequence',
    type: 'bigint',
    primaryKeyConstraintName: 'audit_events_pkey',
    transformer: toNumber,
  })
  sequence!: number;

  @Field(() => ID, { description: 'Unique id (UUID).' })
  @Column({ name: 'id', type: 'uuid' })
  id!: string;

  @Field(() => GraphQLISODateTime, { description: 'When the action happened (UTC).' })
  @Index('audit_events_at')
  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: Date;

  @Field(() => String, {
    description:
      'The action, for example face-template.add. docs/reference/audit-actions.md lists all actions.',
  })
  @Column({ name: 'action', type: 'varchar', length: 64 })
  action!: string;

  @Field(() => String, { description: 'OK, or why the action was refused, for example FACE_MISMATCH.' })
  @Column({ name: 'outcome', type: 'varchar', length: 64 })
  outcome!: string;

  @Field(() => String, {
    description: 'The requester. "system" if the service acted on its own.',
  })
  @Column({ name: 'caller', type: 'varchar', length: 64 })
  caller!: string;

  @Field(() => String, { nullable: true, description: 'Network address of the requester. Null if unknown.' })
  @Column({ name: 'address', type: 'varchar', length: 64, nullable: true })
  address!: string | null;

  /** Row id of the employee it was done to; no foreign key, since the trail outlives them. */
  @Field(() => ID, {
    nullable: true,
    description: 'Internal id (UUID) of the employee concerned. Null if the event concerns no employee.',
  })
  @Column({ name: 'employee_id', type: 'uuid', nullable: true })
  employeeId!: string | null;

  @Column({ name: 'details', type: 'jsonb' })
  details!: Readonly<Record<string, string | number | boolean | null>>;

  @Column({ name: 'previous_hash', type: 'bytea' })
  previousHash!: Buffer;

  /** HMAC or, without keyId, SHA-256 over everything above: services/audit/audit-hash.ts. */
  @Column({ name: 'hash', type: 'bytea' })
  hash!: Buffer;

  /** The key of the HMAC; null: from before events were signed. */
  @Column({ name: 'key_id', type: 'varchar', length: 16, nullable: true })
  keyId!: string | null;
}

/** The end of the chain: one row, whose lock lets events be appended one after the other. */
@Entity('audit_chain')
@Check('audit_chain_one_row', `id = 1`)
@Check('audit_chain_signature_whole', `(key_id is null) = (signature is null)`)
export class AuditChain {
  @PrimaryColumn({ primaryKeyConstraintName: 'audit_chain_pkey', type: 'int' })
  id!: number;

  @Column({ name: 'sequence', type: 'bigint', transformer: toNumber })
  sequence!: number;

  @Column({ name: 'hash', type: 'bytea' })
  hash!: Buffer;

  @Column({ name: 'key_id', type: 'varchar', length: 16, nullable: true })
  keyId!: string | null;

  /** HMAC of sequence and hash; null: the trail has no signed event. */
  @Column({ name: 'signature', type: 'bytea', nullable: true })
  signature!: Buffer | null;
}
