import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Employee } from './employee.entity';
import { FaceTemplate } from './face-template.entity';

/**
 * What an employee's photo looked like, as a keyed hash: copies of the photo have a similar one. Without the key under
 * DATA_DIR the hash says nothing, and with it nobody can restore the photo.
 */
@Entity('seen_faces')
@Unique('seen_faces_template', ['templateId', 'modelId'])
export class SeenFace {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'seen_faces_pkey' })
  id!: string;

  /** Row id. */
  @Index('seen_faces_employee_id')
  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @ManyToOne(() => Employee, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'seen_faces_employee_id_fkey' })
  employee?: Employee;

  /** Whose photo it is: that of an enrolment is remembered as long as its template; null: the photo of a check. */
  @Column({ name: 'template_id', type: 'uuid', nullable: true })
  templateId!: string | null;

  @ManyToOne(() => FaceTemplate, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'template_id', foreignKeyConstraintName: 'seen_faces_template_id_fkey' })
  template?: FaceTemplate | null;

  /** Hashes of different models are not compared. */
  @Column({ name: 'model_id', type: 'varchar', length: 64 })
  modelId!: string;

  /** null: the enrolment photo cannot be read, or shows no face to this model. */
  @Column({ name: 'hash', type: 'bytea', nullable: true })
  hash!: Buffer | null;

  /** Who sent the check; null: an enrolment. */
  @Column({ name: 'caller', type: 'varchar', length: 64, nullable: true })
  caller!: string | null;

  /** The idempotency key of the check; null: it had none, or was an enrolment. */
  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  @Index('seen_faces_seen_at')
  @Column({ name: 'seen_at', type: 'timestamptz', precision: 3 })
  seenAt!: Date;
}
