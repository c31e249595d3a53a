import {
  Arg,
  Ctx,
  Field,
  GraphQLISODateTime,
  ID,
  InputType,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import { LivenessAction } from '@rollcall/face-rules';
import { checkerOf, type Context } from '../context';
import type { ChallengeService } from '../services/attendance/check/challenge-service';
import { IsEmployeeId } from './validators';

registerEnumType(LivenessAction, {
  name: 'LivenessAction',
  description: 'What the person in front of the camera has to do.',
  valuesConfig: {
    TURN_LEFT: { description: "Turn the head to the person's own left." },
    TURN_RIGHT: { description: "Turn the head to the person's own right." },
    LOOK_UP: { description: 'Raise the head.' },
    OPEN_MOUTH: { description: 'Open the mouth.' },
  },
});

@InputType({ description: 'A challenge for one check.' })
export class CreateChallengeInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The office that the check must name. Omit if the check names no office.',
  })
  officeId?: string | null;

  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description:
      "The employee that the check must name (the company's own id). Omit for any employee. If a kiosk may not check this employee, the challenge is for any employee, because a kiosk must not learn who exists.",
  })
  employeeId?: string | null;

  // Optional for us alone: graphql-js does not look into the default of the argument.
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the challenge includes a liveness check.',
  })
  liveness?: boolean;
}

@ObjectType({ description: 'A short-lived token for one check.' })
export class Challenge {
  @Field(() => String, { description: 'Send it with the check. Shown only once.' })
  token!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it expires (UTC).' })
  expiresAt!: Date;

  @Field(() => [LivenessAction], {
    description: 'What the person has to do, in this order. Empty unless `liveness` was requested.',
  })
  actions!: LivenessAction[];
}

@Resolver()
export class ChallengeResolver {
  constructor(private readonly service: ChallengeService) {}

  @Mutation(() => Challenge, {
    description:
      'Creates a challenge for one check by the same requester. It is valid for two minutes. It stops an attacker from sending an intercepted check again. Errors: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN (a kiosk names another office), TOO_MANY_REQUESTS (with `retryAfterSeconds`).',
  })
  createChallenge(
    @Arg('input', () => CreateChallengeInput, {
      defaultValue: {},
      description: 'The challenge to create. It must fit the check.',
    })
    input: CreateChallengeInput,
    @Ctx() { caller }: Context,
  ): Promise<Challenge> {
    const { officeId = null, employeeId = null, liveness = false } = input;
    const { id, kioskOffice } = checkerOf(caller);
    return this.service.create({ caller: id, officeId, employeeId, liveness, kioskOffice });
  }
}
