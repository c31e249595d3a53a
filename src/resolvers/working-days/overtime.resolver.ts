import { Arg, Ctx, Field, InputType, Int, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../context';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import type { OvertimeService } from '../../services/working-days/plans/overtime-service';
import { IsEmployeeId, IsText } from '../validators';
import { WorkDay } from './days/work-day';

@InputType({ description: 'The decision about the overtime of a day.' })
class DecideOvertimeInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => LocalDateScalar, { description: 'The day.' })
  date!: LocalDate;

  @Field(() => Int, { description: 'Approved minutes, 0 to the overtime of the day.' })
  approvedMinutes!: number;

  @IsText(64)
  @Field(() => String, { description: '`fingerprint` of the day that you looked at.' })
  fingerprint!: string;

  @IsText(500)
  @Field(() => String, { nullable: true, description: 'A note, 1 to 500 characters.' })
  note?: string | null;
}

@Resolver()
export class OvertimeResolver {
  constructor(private readonly service: OvertimeService) {}

  @Mutation(() => WorkDay, {
    description:
      'Approves overtime of a day. It replaces an earlier decision. If the day changes afterwards, the decision becomes stale and does not count. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason STALE: the day has changed since you looked at it).',
  })
  async decideOvertime(
    @Arg('input', () => DecideOvertimeInput, { description: 'The decision.' }) input: DecideOvertimeInput,
    @Ctx() { requester }: Context,
  ): Promise<WorkDay> {
    return new WorkDay(await this.service.decide(input, requester));
  }
}
