import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What `/readyz` writes to prove that the database takes writes: one row at most, for all nodes. */
@Entity('write_proofs')
@Check('write_proofs_one_row', `id = 1`)
export class WriteProof {
  @PrimaryColumn({ primaryKeyConstraintName: 'write_proofs_pkey', type: 'int' })
  id!: number;

  @Column({ name: 'proven_at', type: 'timestamptz' })
  provenAt!: Date;
}
