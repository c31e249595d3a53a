import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A named set of work rules, whose versions say what holds from which date on. */
@ObjectType({ description: 'How punches become worked time. Each version holds from a date on.' })
@Entity('work_rules')
@Check('work_rules_name_length', `char_length(name) between 1 and 100`)
export class WorkRules {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'work_rules_pkey' })
  id!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 100 })
  name!: string;

  @Column({ name: 'created_by', type: 'varchar', length: 64 })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
