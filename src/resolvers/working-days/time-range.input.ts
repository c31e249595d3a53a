import { Field, InputType } from 'type-graphql';
import { LocalTimeScalar, type LocalTime } from '../../entities/local-scalars';

@InputType({
  description: 'From one time of day to another. If `to` is not after `from`, it is on the next day.',
})
export class TimeRangeInput {
  @Field(() => LocalTimeScalar, { description: 'Begin of the range.' })
  from!: LocalTime;

  @Field(() => LocalTimeScalar, { description: 'End of the range.' })
  to!: LocalTime;
}

/** As it is stored: an input is an object of its class. */
export const rangeOf = ({ from, to }: TimeRangeInput): { from: LocalTime; to: LocalTime } => ({ from, to });
