import { Field, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { LocalDateScalar, type LocalDate } from './local-scalars';
import { Office } from './office.entity';
import { StoredImage } from './stored-image';

/** The shape of an employeeId; it names the local photo's file too, so it can hold no path. */
export const EMPLOYEE_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

@ObjectType({ description: 'A person whose face is enrolled.' })
@Entity('employees')
// Indexes with a collation or a condition are the migrations' business; named here so that the drift check leaves them alone.
@Index('employees_employee_id_key', ['employeeIdKey'], { unique: true })
@Index('employees_name_order', { synchronize: false })
@Index('employees_image_pending', { synchronize: false })
@Index('employees_image_path', { synchronize: false })
@Check('employees_erased_inactive', `erased_at is null or not active`)
@Check(
  'employees_consent_whole',
  `(consent_version is null) = (consent_given_at is null) and (consent_version is null) = (consent_recorded_by is null)`,
)
@Check('employees_employment', `employed_from <= employed_until`)
@Check('employees_audit_key_length', `octet_length(audit_key) = 32`)
@Check('employees_name_length', `char_length(name) between 1 and 200`)
@Check('employees_employee_id_shape', `employee_id ~ '^[A-Za-z0-9._-]{1,64}$'`)
export class Employee {
  @Field(() => ID, { description: 'Internal id (UUID).' })
  @PrimaryColumn({ primaryKeyConstraintName: 'employees_pkey', type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'Name as entered, in Unicode NFC. 1 to 200 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  /** `folded` of the name, for searches. */
  @Column({ name: 'name_key', type: 'varchar', length: 400 })
  nameKey!: string;

  @Field(() => String, {
    description:
      "The company's own id: 1 to 64 letters, digits, '.', '_' and '-'. Unique. Upper and lower case are the same.",
  })
  @Column({ name: 'employee_id', type: 'varchar', length: 64 })
  employeeId!: string;

  /** `folded` of the employeeId: unique, and what every search for an employeeId compares. */
  @Column({ name: 'employee_id_key', type: 'varchar', length: 64 })
  employeeIdKey!: string;

  @Index('employees_office_id')
  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  /** An office with employees cannot be deleted: their geofence would silently vanish with it. */
  @ManyToOne(() => Office, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'employees_office_id_fkey' })
  office?: Office | null;

  /** Only active employees are matched and punch. */
  @Field(() => Boolean, {
    description: 'Whether the employee can punch. deactivateEmployee and reactivateEmployee change it.',
  })
  @Column({ name: 'active', type: 'boolean', default: true })
  active!: boolean;

  @Index('employees_deactivated_at')
  @Column({ name: 'deactivated_at', type: 'timestamptz', precision: 3, nullable: true })
  deactivatedAt!: Date | null;

  /** Since when their data is being removed; what stays of the row afterwards is a pseudonym. */
  @Column({ name: 'erased_at', type: 'timestamptz', precision: 3, nullable: true })
  erasedAt!: Date | null;

  /** Which text was agreed to; null: no consent is recorded. */
  @Column({ name: 'consent_version', type: 'varchar', length: 64, nullable: true })
  consentVersion!: string | null;

  @Column({ name: 'consent_given_at', type: 'timestamptz', precision: 3, nullable: true })
  consentGivenAt!: Date | null;

  /** Who recorded the consent, as entered. */
  @Column({ name: 'consent_recorded_by', type: 'varchar', length: 200, nullable: true })
  consentRecordedBy!: string | null;

  /** null: it was not. Until a new consent is recorded no face may be enrolled. */
  @Column({ name: 'consent_withdrawn_at', type: 'timestamptz', precision: 3, nullable: true })
  consentWithdrawnAt!: Date | null;

  @Field(() => LocalDateScalar, {
    description: 'First day of employment. Days before it plan no work. By default the date of registration.',
  })
  @Column({ name: 'employed_from', type: 'date', default: () => 'now()' })
  employedFrom!: LocalDate;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'Last day of employment. Null: no end is known. deactivateEmployee sets it to its date.',
  })
  @Column({ name: 'employed_until', type: 'date', nullable: true })
  employedUntil!: LocalDate | null;

  /** The key of the hashes that stand for their values in the audit trail; null: no change was audited yet. */
  @Column({ name: 'audit_key', type: 'bytea', nullable: true, select: false })
  auditKey?: Buffer | null;

  @Column(() => StoredImage, { prefix: false })
  image!: StoredImage;

  @Field(() => GraphQLISODateTime, { description: 'When the employee was registered (UTC).' })
  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
