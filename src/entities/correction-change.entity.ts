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
import { Correction } from './correction.entity';

export enum CorrectionKind {
  ADD = 'ADD',
  VOID = 'VOID',
}

registerEnumType(CorrectionKind, {
  name: 'CorrectionKind',
  description: 'What a correction does with a punch.',
  valuesConfig: {
    ADD: { description: 'Adds a manual punch.' },
    VOID: { description: 'Voids a punch: it stays readable and no longer counts.' },
  },
});

/** One of the changes of a correction. */
@Entity('correction_changes')
@Unique('correction_changes_position', ['correctionId', 'position'])
@Check('correction_changes_kind', `kind in ('ADD', 'VOID')`)
@Check('correction_changes_type', `type in ('LOGIN', 'LOGOUT')`)
@Check(
  'correction_changes_added',
  `(kind = 'ADD') = (type is not null) and (type is null) = (recorded_at is null)`,
)
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

  /** The punch that it added or voided. */
  @Index('correction_changes_attendance_id')
  @Column({ name: 'attendance_id', type: 'uuid', nullable: true })
  attendanceId!: string | null;

  @ManyToOne(() => Attendance, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'attendance_id', foreignKeyConstraintName: 'correction_changes_attendance_id_fkey' })
  attendance?: Relation<Attendance> | null;
}
