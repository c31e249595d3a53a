import { Entity, PrimaryColumn } from 'typeorm';

/** Which installation this database is: one row, made with the table. A dump that is restored keeps it. */
@Entity('installation')
export class Installation {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'installation_pkey' })
  id!: string;
}
