import { Field, Float, GraphQLISODateTime, ID, ObjectType, registerEnumType } from 'type-graphql';
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
import { Correction } from './correction.entity';
import { Employee } from './employee.entity';
import { TemplateSource } from './face-template.entity';
import { Office } from './office.entity';
import { PunchOrigin } from './punch-origin';
import type { SimilarityOf } from './similarity-of';
import { StoredImage } from './stored-image';

export enum AttendanceType {
  LOGIN = 'LOGIN',
  LOGOUT = 'LOGOUT',
}

registerEnumType(AttendanceType, {
  name: 'AttendanceType',
  description: 'Direction of a punch.',
  valuesConfig: {
    LOGIN: { description: 'Arrival: working time begins.' },
    LOGOUT: { description: 'Departure: working time ends.' },
  },
});

export enum AttendanceFlag {
  TIME_CORRECTED = 'TIME_CORRECTED',
  REVIEWED = 'REVIEWED',
}

registerEnumType(AttendanceFlag, {
  name: 'AttendanceFlag',
  description: 'What is special about a punch.',
  valuesConfig: {
    TIME_CORRECTED: {
      description: "The device's clock was wrong by a known offset, by which the time was corrected.",
    },
    REVIEWED: { description: 'A saved check that was refused, and that a person accepted.' },
  },
});

@ObjectType({ description: 'A recorded punch.' })
@Entity('attendances')
@Index('attendances_image_pending', { synchronize: false })
@Index('attendances_with_photo', { synchronize: false })
// If two punches of one employee race, both want the next number. The loser reads again and decides again.
@Unique('attendances_employee_id_sequence', ['employeeId', 'sequence'])
@Unique('attendances_request_id', ['requestId', 'requestRound'])
// Partial, so the migrations' business.
@Index('attendances_correction_id', { synchronize: false })
@Index('attendances_not_at_once', { synchronize: false })
@Index('attendances_manual', { synchronize: false })
@Index('attendances_recorded_at', ['recordedAt', 'id'])
@Index('attendances_employee_id_recorded_at', ['employeeId', 'recordedAt', 'id'])
@Index('attendances_office_id_recorded_at', ['officeId', 'recordedAt', 'id'])
@Index('attendances_sent_by', ['origin.sentBy', 'recordedAt', 'id'])
@Index('attendances_sent_from', ['origin.sentFrom', 'recordedAt', 'id'])
@Check('attendances_type', `type in ('LOGIN', 'LOGOUT')`)
@Check('attendances_sequence', `sequence >= 1`)
@Check('attendances_similarity', `similarity between -1.000001 and 1.000001`)
@Check('attendances_distance', `distance_from_office >= 0`)
@Check('attendances_position_whole', `(latitude is null) = (longitude is null)`)
@Check('attendances_position_range', `latitude between -90 and 90 and longitude between -180 and 180`)
@Check('attendances_position_accuracy', `position_accuracy_meters >= 0`)
@Check('attendances_similarity_of', `similarity_of in ('CLIENT_DESCRIPTOR', 'SERVER')`)
@Check('attendances_descriptor_source', `descriptor_source in ('client', 'server', 'manual')`)
@Check(
  'attendances_manual_whole',
  `(descriptor_source = 'manual') = (manual_reason is not null) and (manual_reason is null) = (manual_recorded_by is null) and (manual_reason is null) = (manual_entered_at is null)`,
)
@Check('attendances_live_challenged', `challenged or not live`)
@Check('attendances_captured_whole', `captured_at is null or received_at is not null`)
@Check('attendances_request_id_length', `char_length(request_id) between 1 and 64`)
export class Attendance {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ primaryKeyConstraintName: 'attendances_pkey', type: 'uuid' })
  id!: string;

  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  /** Working time is evidence: a person's row cannot go while their punches are kept. */
  @ManyToOne(() => Employee, { onDelete: 'RESTRICT', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'attendances_employee_id_fkey' })
  employee?: Employee;

  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  /** The punch outlives the office. */
  @ManyToOne(() => Office, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'attendances_office_id_fkey' })
  office?: Office | null;

  /** 1, 2, 3 … per employee, in the order in which punches were written: no two that race get the same. */
  @Column({ name: 'sequence', type: 'int' })
  sequence!: number;

  @Field(() => AttendanceType, { description: 'Direction of the punch.' })
  @Column({ name: 'type', type: 'varchar', length: 8 })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, { description: 'When the employee punched (UTC).' })
  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt!: Date;

  /** Cosine with the employee's templates (`similarityOf` says which); null: the punch is manual, or the person was erased. */
  @Column({ name: 'similarity', type: 'double precision', nullable: true })
  similarity!: number | null;

  /** null also of punches from before this was kept: `similarityOf` in services/faces/matching/comparison.ts. */
  @Column({ name: 'similarity_of', type: 'varchar', length: 32, nullable: true })
  similarityOf!: SimilarityOf | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "Distance from the employee's office, in metres. Null if the office or the position is unknown.",
  })
  @Column({ name: 'distance_from_office', type: 'double precision', nullable: true })
  distanceFromOffice!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees north, as sent with the check. Null if not sent.',
  })
  @Column({ name: 'latitude', type: 'double precision', nullable: true })
  latitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees east, as sent with the check. Null if not sent.',
  })
  @Column({ name: 'longitude', type: 'double precision', nullable: true })
  longitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Radius in metres around the position within which the device probably was, as sent with the check. Null if not sent.',
  })
  @Column({ name: 'position_accuracy_meters', type: 'double precision', nullable: true })
  positionAccuracyMeters!: number | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: "When the device determined the position, by the device's clock. Null if not sent.",
  })
  @Column({ name: 'position_taken_at', type: 'timestamptz', precision: 3, nullable: true })
  positionTakenAt!: Date | null;

  @Field(() => [AttendanceFlag], { description: 'What is special about the punch.' })
  @Column({ name: 'flags', type: 'varchar', length: 32, array: true, default: '{}' })
  flags!: AttendanceFlag[];

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  /** How many voided punches had the requestId before: of those that count each requestId names one. */
  @Column({ name: 'request_round', type: 'int', default: 0 })
  requestRound!: number;

  /** The correction that added it; null: none did. */
  @Column({ name: 'correction_id', type: 'uuid', nullable: true })
  correctionId!: string | null;

  @ManyToOne(() => Correction, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'correction_id', foreignKeyConstraintName: 'attendances_correction_id_fkey' })
  correction?: Relation<Correction> | null;

  /** Who computed the descriptor that decided. */
  @Column({ name: 'descriptor_source', type: 'varchar', length: 16, default: TemplateSource.CLIENT })
  descriptorSource!: TemplateSource;

  /** Whether the check redeemed a challenge. */
  @Column({ name: 'challenged', type: 'boolean', default: false })
  challenged!: boolean;

  /** Whether the challenge's actions were shown. */
  @Column({ name: 'live', type: 'boolean', default: false })
  live!: boolean;

  /** Why it was recorded by hand; null: it was not. */
  @Column({ name: 'manual_reason', type: 'varchar', length: 500, nullable: true })
  manualReason!: string | null;

  @Column({ name: 'manual_recorded_by', type: 'varchar', length: 64, nullable: true })
  manualRecordedBy!: string | null;

  /** When that was, whereas recordedAt is when the person came or went. */
  @Column({ name: 'manual_entered_at', type: 'timestamptz', precision: 3, nullable: true })
  manualEnteredAt!: Date | null;

  /** When its photo was taken, by the kiosk's clock, for an offline punch; null: an online punch. */
  @Column({ name: 'captured_at', type: 'timestamptz', precision: 3, nullable: true })
  capturedAt!: Date | null;

  /** The service's clock when it took the punch; null: from before this was kept, and it is recordedAt. */
  @Column({ name: 'received_at', type: 'timestamptz', precision: 3, nullable: true })
  receivedAt!: Date | null;

  /** Whether a FIXED device sent it, whose office is the place of the punch. */
  @Column({ name: 'fixed_device', type: 'boolean', default: false })
  fixedDevice!: boolean;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'Of an offline punch: when the service issued the time beacon that the check names (UTC). The punch was not made before. Null if the check named none.',
  })
  @Column({ name: 'not_before', type: 'timestamptz', precision: 3, nullable: true })
  notBefore!: Date | null;

  @Column(() => PunchOrigin, { prefix: false })
  origin!: PunchOrigin;

  @Column(() => StoredImage, { prefix: false })
  image!: StoredImage;
}
