import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { AttendanceType } from './attendance.entity';
import { Employee } from './employee.entity';
import { Office } from './office.entity';
import { PunchOrigin } from './punch-origin';
import { StoredImage } from './stored-image';

export enum ReviewStatus {
  PENDING = 'PENDING',
  ACCEPTED = 'ACCEPTED',
  DISMISSED = 'DISMISSED',
}

registerEnumType(ReviewStatus, {
  name: 'ReviewStatus',
  description: 'Whether a review item is decided.',
  valuesConfig: {
    PENDING: { description: 'Waits for a decision.' },
    ACCEPTED: { description: 'Became a punch.' },
    DISMISSED: { description: 'Became nothing.' },
  },
});

/** Reason of an item about two employees whose employeeIds differed in upper and lower case only. */
export const DUPLICATE_EMPLOYEE_ID = 'DUPLICATE_EMPLOYEE_ID';

/** Something that only a person can decide: a saved check that was refused, punches whose times are suspect, or
 * an employeeId that two employees had. */
@Entity('review_items')
@Unique('review_items_request', ['caller', 'requestId'])
@Index('review_items_received_at', ['receivedAt', 'id'])
@Index('review_items_caller_received_at', ['caller', 'receivedAt'])
@Index('review_items_decided_at', { synchronize: false })
@Index('review_items_image_pending', { synchronize: false })
@Check('review_items_status', `status in ('PENDING', 'ACCEPTED', 'DISMISSED')`)
@Check(
  'review_items_decided',
  `(status = 'PENDING') = (decided_at is null) and (decided_at is null) = (decided_by is null)`,
)
export class ReviewItem {
  /** The id of the punch as well that it becomes. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'review_items_pkey' })
  id!: string;

  /** The outcome or the fault in which the check ended. */
  @Column({ name: 'reason', type: 'varchar', length: 32 })
  reason!: string;

  @Column({ name: 'caller', type: 'varchar', length: 64 })
  caller!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  /** The claimed or found employee; null: none is known. */
  @Index('review_items_employee_id')
  @Column({ name: 'employee_id', type: 'uuid', nullable: true })
  employeeId!: string | null;

  @ManyToOne(() => Employee, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'review_items_employee_id_fkey' })
  employee?: Employee | null;

  @Index('review_items_office_id')
  @Column({ name: 'office_id', type: 'uuid', nullable: true })
  officeId!: string | null;

  @ManyToOne(() => Office, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'review_items_office_id_fkey' })
  office?: Office | null;

  /** The employeeId that was claimed, as it was sent; of a duplicate, the employeeId before it got a suffix. */
  @Column({ name: 'claimed_employee_id', type: 'varchar', length: 64, nullable: true })
  claimedEmployeeId!: string | null;

  /** `folded` of it. */
  @Column({ name: 'claimed_key', type: 'varchar', length: 64, nullable: true })
  claimedKey!: string | null;

  /** DUPLICATE_EMPLOYEE_ID: the employee who keeps the employeeId. */
  @Index('review_items_other_employee_id')
  @Column({ name: 'other_employee_id', type: 'uuid', nullable: true })
  otherEmployeeId!: string | null;

  @ManyToOne(() => Employee, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({
    name: 'other_employee_id',
    foreignKeyConstraintName: 'review_items_other_employee_id_fkey',
  })
  otherEmployee?: Employee | null;

  @Column({ name: 'type', type: 'varchar', length: 8, nullable: true })
  type!: AttendanceType | null;

  @Column({ name: 'captured_at', type: 'timestamptz', precision: 3, nullable: true })
  capturedAt!: Date | null;

  @Column({ name: 'device_time', type: 'timestamptz', precision: 3, nullable: true })
  deviceTime!: Date | null;

  @Column({ name: 'clock_offset_ms', type: 'double precision', nullable: true })
  clockOffsetMs!: number | null;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt!: Date;

  @Column({ name: 'latitude', type: 'double precision', nullable: true })
  latitude!: number | null;

  @Column({ name: 'longitude', type: 'double precision', nullable: true })
  longitude!: number | null;

  @Column({ name: 'position_accuracy_meters', type: 'double precision', nullable: true })
  positionAccuracyMeters!: number | null;

  @Column({ name: 'position_taken_at', type: 'timestamptz', precision: 3, nullable: true })
  positionTakenAt!: Date | null;

  /** The punches that it is about, or the one that it became. */
  @Column({ name: 'attendance_ids', type: 'uuid', array: true, default: '{}' })
  attendanceIds!: string[];

  /** What the service has to say about it. */
  @Column({ name: 'note', type: 'varchar', length: 500, nullable: true })
  note!: string | null;

  @Column({ name: 'status', type: 'varchar', length: 16, default: ReviewStatus.PENDING })
  status!: ReviewStatus;

  @Column({ name: 'decided_by', type: 'varchar', length: 64, nullable: true })
  decidedBy!: string | null;

  @Column({ name: 'decided_at', type: 'timestamptz', precision: 3, nullable: true })
  decidedAt!: Date | null;

  @Column({ name: 'decision_reason', type: 'varchar', length: 500, nullable: true })
  decisionReason!: string | null;

  @Column(() => PunchOrigin, { prefix: false })
  origin!: PunchOrigin;

  @Column(() => StoredImage, { prefix: false })
  image!: StoredImage;
}
