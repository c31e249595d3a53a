import { Field, GraphQLISODateTime, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Office } from './office.entity';
import { Role } from './role';

export enum Device {
  FIXED = 'FIXED',
  MOBILE = 'MOBILE',
}

registerEnumType(Device, {
  name: 'Device',
  description: 'What kind of device uses an API key.',
  valuesConfig: {
    FIXED: {
      description:
        'A kiosk that stays at its office. The service stores a position that it sends, and does not use it.',
    },
    MOBILE: {
      description: 'A device that can be anywhere. The service uses the position that it sends, unproven.',
    },
  },
});

/** A key to the API. Its secret is not kept: who reads this table cannot use any. */
@ObjectType({ description: 'An API key. Its secret is shown only when it is created or rotated.' })
@Entity('api_keys')
@Unique('api_keys_secret_hash', ['secretHash'])
@Unique('api_keys_previous_hash', ['previousHash'])
@Check('api_keys_name_length', `char_length(name) between 1 and 200`)
@Check('api_keys_role', `role in ('ADMIN', 'HR', 'KIOSK', 'VIEWER')`)
@Check('api_keys_kiosk_has_office', `role <> 'KIOSK' or office_id is not null`)
@Check('api_keys_device', `device in ('FIXED', 'MOBILE')`)
@Check('api_keys_fixed_kiosk', `device <> 'FIXED' or role = 'KIOSK'`)
@Check(
  'api_keys_hash_length',
  `octet_length(secret_hash) = 32 and coalesce(octet_length(previous_hash), 32) = 32`,
)
@Check('api_keys_previous_whole', `(previous_hash is null) = (previous_valid_until is null)`)
export class ApiKey {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'api_keys_pkey' })
  id!: string;

  @Field(() => String, { description: 'Who or what uses the key. 1 to 200 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Field(() => Role, { description: 'What the key allows.' })
  @Column({ name: 'role', type: 'varchar', length: 16 })
  role!: Role;

  @Index('api_keys_office_id')
  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  /** A kiosk is nothing without its office. */
  @ManyToOne(() => Office, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'api_keys_office_id_fkey' })
  office?: Office | null;

  @Field(() => Boolean, { description: 'Whether the key may send offline punches (`capturedAt`).' })
  @Column({ name: 'allow_offline', type: 'boolean', default: false })
  allowOffline!: boolean;

  @Field(() => Device, { description: 'What kind of device uses the key.' })
  @Column({ name: 'device', type: 'varchar', length: 8, default: Device.MOBILE })
  device!: Device;

  /** SHA-256. Not slow on purpose, as for a password: 256 random bits cannot be guessed. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  /** The secret before the last rotation. */
  @Column({ name: 'previous_hash', type: 'bytea', nullable: true })
  previousHash!: Buffer | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the previous secret stops working (UTC). Null if no previous secret works.',
  })
  @Column({ name: 'previous_valid_until', type: 'timestamptz', precision: 3, nullable: true })
  previousValidUntil!: Date | null;

  @Field(() => GraphQLISODateTime, { description: 'When the key was created (UTC).' })
  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the key expires (UTC). Null if it does not expire.',
  })
  @Column({ name: 'expires_at', type: 'timestamptz', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the key was revoked (UTC). Null if it is not revoked.',
  })
  @Column({ name: 'revoked_at', type: 'timestamptz', precision: 3, nullable: true })
  revokedAt!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the key was last used (UTC), accurate to about a minute. Null if never used.',
  })
  @Column({ name: 'last_used_at', type: 'timestamptz', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  /** When the service last could not record a saved check of the key, through no fault of the device; null: never. */
  @Column({ name: 'last_fault_at', type: 'timestamptz', precision: 3, nullable: true })
  lastFaultAt!: Date | null;
}
