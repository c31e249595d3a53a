import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The gallery's version: one row. Every change of templates increments it in the same transaction. The lock of the row
 * orders these transactions, so a node that has seen version n has seen all changes up to n.
 */
@Entity('gallery_state')
@Check('gallery_state_one_row', `id = 1`)
export class GalleryState {
  @PrimaryColumn({ primaryKeyConstraintName: 'gallery_state_pkey', type: 'int' })
  id!: number;

  /** bigint: `pg` gives it as a string. */
  @Column({ name: 'version', type: 'bigint' })
  version!: string;

  /** Random, new for each version. */
  @Column({ name: 'token', type: 'uuid' })
  token!: string;
}

/**
 * The version at which an employee's templates last changed: what a node that is behind has to load again. It has
 * no foreign key, since the change that matters most is that an employee is gone.
 */
@Entity('gallery_changes')
export class GalleryChange {
  @PrimaryColumn({ primaryKeyConstraintName: 'gallery_changes_pkey', name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @Index('gallery_changes_version')
  @Column({ name: 'version', type: 'bigint' })
  version!: string;
}

/** The tokens of the latest versions: by them a node finds out whether the database is still the one that it knows. */
@Entity('gallery_versions')
export class GalleryVersion {
  @PrimaryColumn({ primaryKeyConstraintName: 'gallery_versions_pkey', name: 'version', type: 'bigint' })
  version!: string;

  @Column({ name: 'token', type: 'uuid' })
  token!: string;
}
