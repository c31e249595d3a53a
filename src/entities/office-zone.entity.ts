import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import type { LocalDate } from './local-scalars';
import { Office } from './office.entity';

/** Which time zone an office has had from a date on, until the next row. `offices.time_zone` is today's. */
@Entity('office_zones')
@Unique('office_zones_from', ['officeId', 'validFrom'])
export class OfficeZone {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'office_zones_pkey' })
  id!: string;

  @Column({ name: 'office_id', type: 'uuid' })
  officeId!: string;

  @ManyToOne(() => Office, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'office_id', foreignKeyConstraintName: 'office_zones_office_id_fkey' })
  office?: Relation<Office>;

  @Column({ name: 'time_zone', type: 'varchar', length: 64 })
  timeZone!: string;

  /** The first date; '-infinity': since ever. */
  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: LocalDate;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
