import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Employee } from './employee.entity';

/** Who computed a template's descriptor. */
export type TemplateSource = 'client' | 'server';

/** One enrolled face descriptor of an employee. Never part of the schema: vectors do not leave the service. */
@Entity('face_templates')
@Check('face_templates_dimension', `dimension between 8 and 1024 and dimension % 8 = 0`)
@Check('face_templates_vector_length', `octet_length(vector) = dimension * 4`)
@Check('face_templates_source', `source in ('client', 'server')`)
export class FaceTemplate {
  @PrimaryColumn({ primaryKeyConstraintName: 'face_templates_pkey', type: 'uuid' })
  id!: string;

  @Index('face_templates_employee_id')
  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  /** A template is nothing without its person. */
  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'face_templates_employee_id_fkey' })
  employee?: Employee;

  /** Float32, little-endian, `dimension` of them, as they were sent (not normalised). */
  @Column({ name: 'vector', type: 'bytea' })
  vector!: Buffer;

  @Column({ name: 'dimension', type: 'int' })
  dimension!: number;

  /** Which model made it; templates of different models are never compared. */
  @Column({ name: 'model_id', type: 'varchar', length: 64 })
  modelId!: string;

  @Column({ name: 'source', type: 'varchar', length: 16 })
  source!: TemplateSource;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
