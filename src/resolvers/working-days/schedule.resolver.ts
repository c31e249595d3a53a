import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { ScheduleDay } from '../../entities/schedule-day.entity';
import { Schedule } from '../../entities/schedule.entity';
import { Shift } from '../../entities/shift.entity';
import type { ScheduleService } from '../../services/working-days/plans/schedule-service';
import { IsName } from '../validators';

@InputType({ description: 'The shift on one day of a cycle.' })
class ScheduleDayInput {
  @Field(() => Int, { description: 'Day of the cycle, 1 to its length. Each at most once.' })
  day!: number;

  @Field(() => ID, { description: 'Id of the shift.' })
  shiftId!: string;
}

@InputType({ description: 'A new schedule.' })
class CreateScheduleInput {
  @IsName(100)
  @Field(() => String, { description: '1 to 100 characters.' })
  name!: string;

  @Field(() => Int, { defaultValue: 7, description: 'Length of the cycle in days, 1 to 366.' })
  cycleDays!: number;

  @Field(() => LocalDateScalar, {
    description: 'A date that is day 1 of the cycle. For an ordinary week a Monday, for example 2024-01-01.',
  })
  anchor!: LocalDate;

  @Field(() => [ScheduleDayInput], {
    description: 'Days with a shift, at least one. The others are rest days.',
  })
  days!: ScheduleDayInput[];
}

@InputType({ description: 'A schedule that replaces one that was never assigned.' })
class UpdateScheduleInput extends CreateScheduleInput {
  @Field(() => ID, { description: 'Id of the schedule.' })
  id!: string;
}

const ID_OF = { description: 'Id of the schedule.' };

@Resolver(() => Schedule)
export class ScheduleResolver {
  constructor(private readonly service: ScheduleService) {}

  @Query(() => [Schedule], { description: 'All schedules by name, archived ones too.' })
  schedules(): Promise<Schedule[]> {
    return this.service.list();
  }

  @Mutation(() => Schedule, {
    description:
      'Creates a schedule. Errors: BAD_USER_INPUT, NOT_FOUND (shiftId), CONFLICT (the shift is archived).',
  })
  createSchedule(
    @Arg('input', () => CreateScheduleInput, { description: 'The new schedule.' }) input: CreateScheduleInput,
    @Ctx() { requester }: Context,
  ): Promise<Schedule> {
    return this.service.create(input, requester);
  }

  @Mutation(() => Schedule, {
    description:
      'Replaces a schedule that was never assigned. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason IN_USE: create another one and assign it from a date).',
  })
  updateSchedule(
    @Arg('input', () => UpdateScheduleInput, { description: 'The schedule.' }) input: UpdateScheduleInput,
    @Ctx() { requester }: Context,
  ): Promise<Schedule> {
    return this.service.update(input.id, input, requester);
  }

  @Mutation(() => Schedule, {
    description:
      'Archives a schedule: it cannot be assigned any more. Past days keep it. Errors: NOT_FOUND, CONFLICT (reason IN_USE: it is assigned today or later).',
  })
  archiveSchedule(@Arg('id', () => ID, ID_OF) id: string, @Ctx() { requester }: Context): Promise<Schedule> {
    return this.service.archive(id, requester);
  }

  @FieldResolver(() => [ScheduleDay], {
    description: 'Days with a shift, in order. The others are rest days.',
  })
  days(@Root() { id }: Schedule, @Ctx() { loaders }: Context): Promise<readonly ScheduleDay[]> {
    return loaders.scheduleDays.load(id);
  }
}

@Resolver(() => ScheduleDay)
export class ScheduleDayResolver {
  @FieldResolver(() => Shift, { description: 'The shift.' })
  shift(@Root() { shiftId }: ScheduleDay, @Ctx() { loaders }: Context): Promise<Shift | null> {
    return loaders.shift.load(shiftId);
  }
}
