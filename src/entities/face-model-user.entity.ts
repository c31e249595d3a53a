import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A node that runs, and the model by which it describes faces: nodes with different models would undo each other's
 * templates. The row goes when the node stops; that of one that died counts for some minutes.
 */
@Entity('face_model_users')
export class FaceModelUser {
  /** Made by the node at its start. */
  @PrimaryColumn({ name: 'node_id', type: 'uuid', primaryKeyConstraintName: 'face_model_users_pkey' })
  nodeId!: string;

  @Column({ name: 'model_id', type: 'varchar', length: 64 })
  modelId!: string;

  @Column({ name: 'seen_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  seenAt!: Date;
}
