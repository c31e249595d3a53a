import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export enum LockoutKind {
  EMPLOYEE = 'EMPLOYEE',
  KEY = 'KEY',
  /** A visitor at one kiosk. No answer reveals it. */
  VISIT = 'VISIT',
}

registerEnumType(LockoutKind, {
  name: 'LockoutKind',
  description: 'Whose checks are blocked.',
  valuesConfig: {
    EMPLOYEE: { description: 'Checks that claim or identify this employee.' },
    KEY: { description: 'All checks with this API key, or by this user of the identity provider.' },
    VISIT: {
      description:
        'Checks of a visitor at one kiosk. Not listed by `lockouts`: the employee can still punch elsewhere.',
    },
  },
});

/** Refused faces of an employee or of a caller, counted until one matches, time passes, or somebody lifts it. */
@Entity('lockouts')
@Check('lockouts_kind', `kind in ('EMPLOYEE', 'KEY', 'VISIT')`)
@Check('lockouts_failures', `failures >= 1`)
export class Lockout {
  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 16, primaryKeyConstraintName: 'lockouts_pkey' })
  kind!: LockoutKind;

  /** The employee's row id, the caller, or an id made of both. No foreign key: callers of the identity provider have no row. */
  @PrimaryColumn({ name: 'subject', type: 'varchar', length: 64, primaryKeyConstraintName: 'lockouts_pkey' })
  subject!: string;

  /** Whether it counts the refused faces of a day; otherwise those in a row or in a short window. */
  @PrimaryColumn({
    ...{ name: 'daily', type: 'boolean', default: false },
    primaryKeyConstraintName: 'lockouts_pkey',
  })
  daily!: boolean;

  @Column({ name: 'failures', type: 'int' })
  failures!: number;

  @Column({ name: 'started_at', type: 'timestamptz', precision: 3 })
  startedAt!: Date;

  @Index('lockouts_last_failure_at')
  @Column({ name: 'last_failure_at', type: 'timestamptz', precision: 3 })
  lastFailureAt!: Date;

  @Column({ name: 'locked_until', type: 'timestamptz', precision: 3, nullable: true })
  lockedUntil!: Date | null;
}
