import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../context';
import { LocalDateScalar, type LocalDate } from '../../../entities/local-scalars';
import { WorkRules } from '../../../entities/work-rules.entity';
import type { RuleChanges } from '../../../services/working-days/rules/merge-rules';
import type { RulesPreset } from '../../../services/working-days/rules/presets';
import type { RulesService } from '../../../services/working-days/rules/rules-service';
import { IsName } from '../../validators';
import { RulesPresetEnum } from './rule-enums';
import { WorkRulesFieldsInput, WorkRulesVersionView } from './work-rules-version';

const FIRST_DAY = '1970-01-01';

@InputType({ description: 'New work rules.' })
class CreateWorkRulesInput {
  @IsName(100)
  @Field(() => String, { description: '1 to 100 characters.' })
  name!: string;

  @Field(() => RulesPresetEnum, { defaultValue: 'NONE', description: 'The rules to begin with.' })
  preset!: RulesPreset;

  @Field(() => LocalDateScalar, {
    defaultValue: FIRST_DAY,
    description: 'First day of the first version. It also holds before.',
  })
  from!: LocalDate;

  @Field(() => WorkRulesFieldsInput, { nullable: true, description: 'What differs from the preset.' })
  fields?: WorkRulesFieldsInput | null;
}

@InputType({ description: 'A later version of work rules.' })
class AddWorkRulesVersionInput {
  @Field(() => ID, { description: 'Id of the work rules.' })
  rulesId!: string;

  @Field(() => LocalDateScalar, { description: 'First day, after that of the latest version.' })
  from!: LocalDate;

  @Field(() => WorkRulesFieldsInput, { nullable: true, description: 'What differs from the latest version.' })
  fields?: WorkRulesFieldsInput | null;
}

@Resolver(() => WorkRules)
export class WorkRulesResolver {
  constructor(private readonly service: RulesService) {}

  @Query(() => [WorkRules], { description: 'All work rules by name.' })
  workRules(): Promise<WorkRules[]> {
    return this.service.list();
  }

  @Mutation(() => WorkRules, { description: 'Creates work rules. Errors: BAD_USER_INPUT.' })
  createWorkRules(
    @Arg('input', () => CreateWorkRulesInput, { description: 'The new rules.' })
    { name, preset, from, fields }: CreateWorkRulesInput,
    @Ctx() { requester }: Context,
  ): Promise<WorkRules> {
    return this.service.create({ name, preset, from, fields: fields ?? {} }, requester);
  }

  @Mutation(() => WorkRulesVersionView, {
    description:
      'Adds a version of work rules that holds from a date on. Versions never change. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason OVERLAP: `from` must be after that of the latest version).',
  })
  async addWorkRulesVersion(
    @Arg('input', () => AddWorkRulesVersionInput, { description: 'The version.' })
    { rulesId, from, fields }: AddWorkRulesVersionInput,
    @Ctx() { requester }: Context,
  ): Promise<WorkRulesVersionView> {
    const order = { rulesId, from, fields: (fields ?? {}) as RuleChanges };
    return WorkRulesVersionView.of(await this.service.addVersion(order, requester));
  }

  @FieldResolver(() => [WorkRulesVersionView], { description: 'Its versions, oldest first.' })
  async versions(@Root() { id }: WorkRules, @Ctx() { loaders }: Context): Promise<WorkRulesVersionView[]> {
    return (await loaders.workRulesVersions.load(id)).map((version) => WorkRulesVersionView.of(version));
  }
}
