import { Field, GraphQLISODateTime, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Employee } from './employee.entity';

/** Who computed a template's descriptor. */
export enum TemplateSource {
  CLIENT = 'client',
  SERVER = 'server',
  MANUAL = 'manual',
}

registerEnumType(TemplateSource, {
  name: 'TemplateSource',
  description: 'Who computed a descriptor.',
  valuesConfig: {
    CLIENT: { description: 'The client that sent it.' },
    SERVER: { description: 'This service, from the photo.' },
    MANUAL: {
      description: 'No descriptor: the punch was recorded manually. Never the source of a template.',
    },
  },
});

/** One enrolled face descriptor of an employee. The vector is no field: vectors do not leave the service. */
@ObjectType({ description: 'An enrolled face of an employee. The API never returns its descriptor.' })
@Entity('face_templates')
@Check('face_templates_dimension', `dimension between 8 and 1024 and dimension % 8 = 0`)
// As they are, or with the 100 bytes of an envelope around them (services/encryption/envelope.ts).
@Check('face_templates_vector_length', `octet_length(vector) in (dimension * 4, dimension * 4 + 100)`)
@Check(
  'face_templates_plain_vector_length',
  `octet_length(plain_vector) in (coalesce(plain_dimension, 128) * 4, coalesce(plain_dimension, 128) * 4 + 100)`,
)
@Check('face_templates_plain_dimension', `plain_dimension between 8 and 1024 and plain_dimension % 8 = 0`)
@Check('face_templates_source', `source in ('client', 'server')`)
export class FaceTemplate {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ primaryKeyConstraintName: 'face_templates_pkey', type: 'uuid' })
  id!: string;

  @Index('face_templates_employee_id')
  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  /** A template is nothing without its person. */
  @ManyToOne(() => Employee, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'employee_id', foreignKeyConstraintName: 'face_templates_employee_id_fkey' })
  employee?: Employee;

  /**
   * Float32, little-endian, `dimension` of them, as they were sent (not normalised); in the database encrypted where
   * there is a key. Only services/faces/matching/template-vault.ts reads and writes the columns' form.
   */
  @Column({ name: 'vector', type: 'bytea' })
  vector!: Buffer;

  /**
   * A second vector of the same face, by another model: the client's descriptor beside the server's, or the server's
   * beside the client's. null: there is none.
   */
  @Column({ name: 'plain_vector', type: 'bytea', nullable: true })
  plainVector!: Buffer | null;

  /** The model of the second vector; null also of those from before this was kept: face-api's, of 128 numbers. */
  @Column({ name: 'plain_model_id', type: 'varchar', length: 64, nullable: true })
  plainModelId!: string | null;

  @Column({ name: 'plain_dimension', type: 'int', nullable: true })
  plainDimension!: number | null;

  @Column({ name: 'dimension', type: 'int' })
  dimension!: number;

  @Field(() => String, {
    description: 'Model that computed the descriptor. Templates of different models are never compared.',
  })
  @Column({ name: 'model_id', type: 'varchar', length: 64 })
  modelId!: string;

  @Field(() => TemplateSource, { description: 'Who computed the descriptor.' })
  @Column({ name: 'source', type: 'varchar', length: 16 })
  source!: TemplateSource;

  @Field(() => Boolean, {
    description: 'Whether the face was enrolled although it matches another employee (`allowDuplicateFace`).',
  })
  @Column({ name: 'duplicate_allowed', type: 'boolean', default: false })
  duplicateAllowed!: boolean;

  @Field(() => GraphQLISODateTime, { description: 'When the face was enrolled (UTC).' })
  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  /** When a vector of the server's model is computed, if there is none; a lease, or the wait after a failure. */
  @Column({ name: 'reindex_next_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  reindexNextAt!: Date;

  @Column({ name: 'reindex_attempts', type: 'int', default: 0 })
  reindexAttempts!: number;

  /** Why the last attempt failed, for the operator. */
  @Column({ name: 'reindex_error', type: 'varchar', length: 500, nullable: true })
  reindexError!: string | null;

  /** The model for which no vector can be computed, because the photo is gone or shows no usable face. */
  @Column({ name: 'reindex_failed_model', type: 'varchar', length: 64, nullable: true })
  reindexFailedModel!: string | null;
}
