import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import type { LocalDate } from './local-scalars';
import { WorkRules } from './work-rules.entity';

/** The rules from a date on, until the next version. */
@Entity('work_rules_versions')
@Unique('work_rules_versions_version', ['rulesId', 'version'])
@Unique('work_rules_versions_from', ['rulesId', 'validFrom'])
@Check('work_rules_versions_number', `version >= 1`)
export class WorkRulesVersion {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'work_rules_versions_pkey' })
  id!: string;

  @Column({ name: 'rules_id', type: 'uuid' })
  rulesId!: string;

  @ManyToOne(() => WorkRules, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'rules_id', foreignKeyConstraintName: 'work_rules_versions_rules_id_fkey' })
  rules?: Relation<WorkRules>;

  /** 1, 2, 3 … in the order in which they were made. */
  @Column({ name: 'version', type: 'int' })
  version!: number;

  /** The first date on which it holds. The first version also holds before. */
  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: LocalDate;

  /** Every field of the rules, as `defaults` of packages/working-days has them. */
  @Column({ name: 'fields', type: 'jsonb' })
  fields!: Readonly<Record<string, unknown>>;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
