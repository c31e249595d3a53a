import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What was done to whom, and when. Rows are only ever added; never a biometric. */
@Entity('audit_events')
export class AuditEvent {
  /** UUID v7, so in the order of time. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'audit_events_pkey' })
  id!: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: Date;

  @Column({ name: 'action', type: 'varchar', length: 64 })
  action!: string;

  /** Row id of the employee it was done to; no foreign key, since the trail outlives them. */
  @Index('audit_events_employee_id')
  @Column({ name: 'employee_id', type: 'uuid' })
  employeeId!: string;

  @Column({ name: 'details', type: 'jsonb' })
  details!: Readonly<Record<string, unknown>>;
}
