import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Attendance } from './attendance.entity';
import { Correction } from './correction.entity';

/** A punch that does not count, until somebody takes the void back. The punch itself is never changed for it. */
@Entity('attendance_voids')
// Partial, so the migrations' business: one void in force a punch.
@Index('attendance_voids_in_force', { synchronize: false })
@Check(
  'attendance_voids_restored',
  `(restored_by is null) = (restored_at is null) and (restored_at is null) = (restore_reason is null)`,
)
export class AttendanceVoid {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'attendance_voids_pkey' })
  id!: string;

  @Index('attendance_voids_attendance_id')
  @Column({ name: 'attendance_id', type: 'uuid' })
  attendanceId!: string;

  @ManyToOne(() => Attendance, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'attendance_id', foreignKeyConstraintName: 'attendance_voids_attendance_id_fkey' })
  attendance?: Relation<Attendance>;

  @Index('attendance_voids_correction_id')
  @Column({ name: 'correction_id', type: 'uuid', nullable: true })
  correctionId!: string | null;

  @ManyToOne(() => Correction, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'correction_id', foreignKeyConstraintName: 'attendance_voids_correction_id_fkey' })
  correction?: Relation<Correction> | null;

  @Column({ name: 'reason', type: 'varchar', length: 500 })
  reason!: string;

  @Column({ name: 'voided_by', type: 'varchar', length: 64 })
  voidedBy!: string;

  @Column({ name: 'voided_at', type: 'timestamptz', precision: 3 })
  voidedAt!: Date;

  @Column({ name: 'restored_by', type: 'varchar', length: 64, nullable: true })
  restoredBy!: string | null;

  /** Since when the punch counts again; null: the void is in force. */
  @Column({ name: 'restored_at', type: 'timestamptz', precision: 3, nullable: true })
  restoredAt!: Date | null;

  @Column({ name: 'restore_reason', type: 'varchar', length: 500, nullable: true })
  restoreReason!: string | null;
}
