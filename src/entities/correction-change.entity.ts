import { registerEnumType } from 'type-graphql';
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
import { Attendance, type AttendanceType } from './attendance.entity';
import type { LocalDate } from './local-scalars';
import { Correction } from './correction.entity';

export enum CorrectionKind {
  ADD = 'ADD',
  VOID = 'VOID',
  WAIVE_BREAK = 'WAIVE_BREAK',
}

registerEnumType(CorrectionKind, {
  name: 'CorrectionKind',
  description: 'What a correction does.',
  valuesConfig: {
    ADD: { description: 'Adds a manual punch.' },
    VOID: { description: 'Voids a punch: it stays readable and no longer counts.' },
    WAIVE_BREAK: { description: 'Takes back minutes of the automatic break of a day: it was not taken.' },
  },
});

/** One of the changes of a correction. */
@Entity('correction_changes')
@Unique('correction_changes_position', ['correctionId', 'position'])
@Check('correction_changes_kind', `kind in ('ADD', 'VOID', 'WAIVE_BREAK')`)
@Check('correction_changes_type', `type in ('LOGIN', 'LOGOUT')`)
@Check(
  'correction_changes_added',
  `(kind = 'ADD') = (type is not null) and (type is null) = (recorded_at is null)`,
)
@Check(
  'correction_changes_waived',
  `(kind = 'WAIVE_BREAK') = (waive_date is not null) and (waive_date is null) = (waive_minutes is null)`,
)
@Check('correction_changes_waive_minutes', `waive_minutes between 1 and 1440`)
export class CorrectionChange {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'correction_changes_pkey' })
  id!: string;

  @Column({ name: 'correction_id', type: 'uuid' })
  correctionId!: string;

  @ManyToOne(() => Correction, (correction) => correction.changes, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'correction_id', foreignKeyConstraintName: 'correction_changes_correction_id_fkey' })
  correction?: Relation<Correction>;

  /** 0, 1, 2 … in the order in which they were asked for. */
  @Column({ name: 'position', type: 'int' })
  position!: number;

  @Column({ name: 'kind', type: 'varchar', length: 16 })
  kind!: CorrectionKind;

  @Column({ name: 'type', type: 'varchar', length: 8, nullable: true })
  type!: AttendanceType | null;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3, nullable: true })
  recordedAt!: Date | null;

  /** The day whose automatic break was not taken. */
  @Column({ name: 'waive_date', type: 'date', nullable: true })
  waiveDate!: LocalDate | null;

  /** How many minutes of it. */
  @Column({ name: 'waive_minutes', type: 'int', nullable: true })
  waiveMinutes!: number | null;

  /** The punch that it added or voided. */
  @Index('correction_changes_attendance_id')
  @Column({ name: 'attendance_id', type: 'uuid', nullable: true })
  attendanceId!: string | null;

  @ManyToOne(() => Attendance, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'attendance_id', foreignKeyConstraintName: 'correction_changes_attendance_id_fkey' })
  attendance?: Relation<Attendance> | null;
}
