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
import type { Context } from '../context';
import type { ChallengeService } from '../services/attendance/check/challenge-service';
import { IsEmployeeId } from './validators';

registerEnumType(LivenessAction, {
  name: 'LivenessAction',
  description: 'What a person in front of the camera is asked to do.',
  valuesConfig: {
    TURN_LEFT: { description: 'Turn the head to their own left.' },
    TURN_RIGHT: { description: 'Turn the head to their own right.' },
    LOOK_UP: { description: 'Raise the head.' },
    OPEN_MOUTH: { description: 'Open the mouth.' },
  },
});

@InputType({ description: 'The check that a challenge is for.' })
export class CreateChallengeInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The check has to name the same office; left out: it may name none.',
  })
  officeId?: string | null;

  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description:
      "The company's own id of the employee whom the check has to name; left out: anybody. A kiosk is not told whether " +
      'there is such an employee: its challenge for somebody whom it may not check is one for anybody.',
  })
  employeeId?: string | null;

  // Optional for us alone: graphql-js does not look into the default of the argument.
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the person is asked to do something that a picture cannot.',
  })
  liveness?: boolean;
}

@ObjectType({ description: 'A token that one check may use once, soon.' })
export class Challenge {
  @Field(() => String, { description: 'To be sent with the check; it is told here only.' })
  token!: string;

  @Field(() => GraphQLISODateTime, { description: 'Until when it can be used (UTC).' })
  expiresAt!: Date;

  @Field(() => [LivenessAction], {
    description: 'What the person is to do, in this order; empty where `liveness` was not asked for.',
  })
  actions!: LivenessAction[];
}

@Resolver()
export class ChallengeResolver {
  constructor(private readonly service: ChallengeService) {}

  @Mutation(() => Challenge, {
    description:
      'Makes a challenge for one check of the same caller, valid for two minutes, so that a check that was overheard ' +
      'cannot be sent again. Errors: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN (a kiosk names another office), TOO_MANY_REQUESTS with `retryAfterSeconds`.',
  })
  createChallenge(
    @Arg('input', () => CreateChallengeInput, {
      defaultValue: {},
      description: 'What the check will be.',
    })
    input: CreateChallengeInput,
    @Ctx() { requester }: Context,
  ): Promise<Challenge> {
    const { officeId = null, employeeId = null, liveness = false } = input;
    const { caller, kioskOffice } = requester;
    return this.service.create({ caller, officeId, employeeId, liveness, kioskOffice });
  }
}
