import type { Rules } from '@rollcall/working-days';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { LocalDateScalar, type LocalDate } from '../../../entities/local-scalars';
import type { WorkRulesVersion } from '../../../entities/work-rules-version.entity';
import { RULE_FIELDS } from './rule-fields';
import { addFields } from './rule-types';

/** A version with its fields side by side, as the schema shows it. */
@ObjectType('WorkRulesVersion', { description: 'Work rules from a date on, until the next version.' })
export class WorkRulesVersionView {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: '1, 2, 3 … in the order in which they were added. 0: the defaults.' })
  readonly version: number;

  @Field(() => LocalDateScalar, {
    description: 'The first day on which it holds. The first version also holds before.',
  })
  readonly from: LocalDate;

  private constructor({ id, version, from }: { id: string; version: number; from: LocalDate }, rules: Rules) {
    this.id = id;
    this.version = version;
    this.from = from;
    Object.assign(this, rules);
  }

  static of({ id, version, validFrom, fields }: WorkRulesVersion): WorkRulesVersionView {
    return new WorkRulesVersionView({ id, version, from: validFrom }, fields as unknown as Rules);
  }

  /** Of rules as the derivation has them. */
  static ofRules(rules: Rules & { id: string; version: number; from: LocalDate }): WorkRulesVersionView {
    return new WorkRulesVersionView(rules, rules);
  }
}

@InputType({ description: 'Fields of work rules. What is omitted stays as it is.' })
export class WorkRulesFieldsInput {}

addFields({ output: WorkRulesVersionView as never, input: WorkRulesFieldsInput }, RULE_FIELDS);
