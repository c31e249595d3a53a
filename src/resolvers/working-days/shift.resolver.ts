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
import { LocalTimeScalar, type LocalTime } from '../../entities/local-scalars';
import { Shift, ShiftKind } from '../../entities/shift.entity';
import { plannedMinutes, type ShiftValues } from '../../services/working-days/plans/check-shift';
import type { ShiftService } from '../../services/working-days/plans/shift-service';
import { IsName } from '../validators';
import { rangeOf, TimeRangeInput } from './time-range.input';

@InputType({ description: 'A new shift.' })
class CreateShiftInput {
  @IsName(100)
  @Field(() => String, { description: '1 to 100 characters.' })
  name!: string;

  @Field(() => ShiftKind, { defaultValue: ShiftKind.FIXED, description: 'How it plans working time.' })
  kind!: ShiftKind;

  @Field(() => [TimeRangeInput], {
    defaultValue: [],
    description:
      'FIXED: when work is planned, 1 to 4 in order, without overlaps, within 24 hours. FLEXIBLE: must be omitted.',
  })
  segments!: TimeRangeInput[];

  @Field(() => Int, {
    defaultValue: 0,
    description:
      'FIXED: unpaid break in minutes, less than the segments together. FLEXIBLE: must be omitted.',
  })
  breakMinutes!: number;

  @Field(() => LocalTimeScalar, {
    nullable: true,
    description: 'FIXED: when the break is planned, within a segment. Omit for any time.',
  })
  breakStartsAt?: LocalTime | null;

  @Field(() => TimeRangeInput, {
    nullable: true,
    description: 'FLEXIBLE: within this time work counts. Required. FIXED: must be omitted.',
  })
  frame?: TimeRangeInput | null;

  @Field(() => [TimeRangeInput], {
    defaultValue: [],
    description:
      'FLEXIBLE: when everybody must be there, 0 to 3 in order within the frame. FIXED: must be omitted.',
  })
  core!: TimeRangeInput[];

  @Field(() => Int, {
    nullable: true,
    description: 'FLEXIBLE: minutes to work, 1 to the length of the frame. Required. FIXED: must be omitted.',
  })
  targetMinutes?: number | null;
}

@InputType({ description: 'A shift that replaces one that no plan names.' })
class UpdateShiftInput extends CreateShiftInput {
  @Field(() => ID, { description: 'Id of the shift.' })
  id!: string;
}

function valuesOf(input: CreateShiftInput): ShiftValues {
  const {
    name,
    kind,
    segments,
    breakMinutes,
    breakStartsAt = null,
    frame,
    core,
    targetMinutes = null,
  } = input;
  return {
    ...{ name, kind, breakMinutes, breakStartsAt, targetMinutes },
    segments: segments.map(rangeOf),
    frame: frame == null ? null : rangeOf(frame),
    core: core.map(rangeOf),
  };
}

const ID_OF = { description: 'Id of the shift.' };

@Resolver(() => Shift)
export class ShiftResolver {
  constructor(private readonly service: ShiftService) {}

  @Query(() => [Shift], { description: 'All shifts by name, archived ones too.' })
  shifts(): Promise<Shift[]> {
    return this.service.list();
  }

  @Mutation(() => Shift, { description: 'Creates a shift. Errors: BAD_USER_INPUT.' })
  createShift(
    @Arg('input', () => CreateShiftInput, { description: 'The new shift.' }) input: CreateShiftInput,
    @Ctx() { requester }: Context,
  ): Promise<Shift> {
    return this.service.create(valuesOf(input), requester);
  }

  @Mutation(() => Shift, {
    description:
      'Replaces a shift that no schedule and no day plan names. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason IN_USE: create another shift instead).',
  })
  updateShift(
    @Arg('input', () => UpdateShiftInput, { description: 'The shift.' }) input: UpdateShiftInput,
    @Ctx() { requester }: Context,
  ): Promise<Shift> {
    return this.service.update(input.id, valuesOf(input), requester);
  }

  @Mutation(() => Shift, {
    description:
      'Archives a shift: no new plan can name it. Past days keep it. Errors: NOT_FOUND, CONFLICT (reason IN_USE: a schedule that is not archived has it, or a day plan of today or later).',
  })
  archiveShift(@Arg('id', () => ID, ID_OF) id: string, @Ctx() { requester }: Context): Promise<Shift> {
    return this.service.archive(id, requester);
  }

  @FieldResolver(() => Int, {
    description:
      'Minutes that it plans, without the break. In a night in which clocks change it may be others.',
  })
  plannedMinutes(@Root() shift: Shift): number {
    return plannedMinutes(shift);
  }
}
