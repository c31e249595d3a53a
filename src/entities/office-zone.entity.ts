import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { LocalDate } from './local-scalars';

/** Which time zone an office has had from a date on, until the next row. `offices.time_zone` is today's. */
@Entity('office_zones')
@Unique('office_zones_from', ['officeId', 'validFrom'])
export class OfficeZone {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'office_zones_pkey' })
  id!: string;

  /** Stays when the office is deleted: past days need it. */
  @Column({ name: 'office_id', type: 'uuid' })
  officeId!: string;

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
