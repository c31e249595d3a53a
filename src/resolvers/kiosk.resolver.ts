import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  GraphQLISODateTime,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { Context } from '../context';
import { Office } from '../entities/office.entity';
import type { KioskPairingService } from '../services/access/kiosk-pairing-service';
import { IsText } from './validators';

@ArgsType()
class CreateKioskPairingArgs {
  @Field(() => ID, { description: "The kiosk's office." })
  officeId!: string;

  @IsText(200)
  @Field(() => String, {
    nullable: true,
    description: 'Name of the kiosk\'s API key, 1 to 200 characters. Omit for "Kiosk".',
  })
  name?: string | null;
}

@ObjectType({ description: 'A short-lived code that makes one device a kiosk.' })
export class KioskPairing {
  @Field(() => String, { description: 'Type it at the kiosk, as XXXX-XXXX. Shown only once.' })
  code!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it expires (UTC).' })
  expiresAt!: Date;
}

@ObjectType({ description: 'Credentials of a kiosk.' })
export class KioskCredentials {
  @Field(() => String, {
    description:
      "Secret of the kiosk's own API key, with the role KIOSK. Send it as Authorization: Bearer <apiKey>. Shown only once.",
  })
  apiKey!: string;

  @Field(() => Office, { description: "The kiosk's office." })
  office!: Office;
}

@ObjectType({ description: 'What checks the service requires.' })
export class KioskSettings {
  @Field(() => Office, { nullable: true, description: "The kiosk's office. Null for other roles." })
  office!: Office | null;

  @Field(() => Boolean, { description: 'Whether checks need a challenge (createChallenge).' })
  requireChallenge!: boolean;

  @Field(() => Boolean, { description: 'Whether the challenge needs actions (`liveness: true`).' })
  requireLiveness!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the server computes descriptors from photos. If false, clients must send descriptors.',
  })
  computesDescriptors!: boolean;
}

/** The settings that are the same for everybody. */
type CheckSettings = Readonly<Omit<KioskSettings, 'office'>>;

@Resolver()
export class KioskResolver {
  constructor(
    private readonly pairings: KioskPairingService,
    private readonly settings: CheckSettings,
  ) {}

  @Query(() => KioskSettings, { description: 'Settings that a kiosk needs before its first check.' })
  async kioskSettings(@Ctx() { requester, loaders }: Context): Promise<KioskSettings> {
    const { kioskOffice } = requester;
    return {
      ...this.settings,
      office: kioskOffice === null ? null : await loaders.office.load(kioskOffice),
    };
  }

  @Mutation(() => KioskPairing, {
    description:
      'Creates a code that makes one device a kiosk of an office. It is valid for ten minutes. Errors: BAD_USER_INPUT, NOT_FOUND (office).',
  })
  createKioskPairing(
    @Args(() => CreateKioskPairingArgs) { officeId, name = null }: CreateKioskPairingArgs,
    @Ctx() { requester }: Context,
  ): Promise<KioskPairing> {
    return this.pairings.create(officeId, name, requester);
  }

  @Mutation(() => KioskCredentials, {
    description:
      'Exchanges a pairing code for an API key. A code works once. This is the only operation without an API key. The new key may send offline punches. Errors: NOT_FOUND (the code is wrong, used or expired), TOO_MANY_REQUESTS (with `retryAfterSeconds`).',
  })
  redeemKioskPairing(
    @Arg('code', () => String, {
      description: 'The pairing code. Upper and lower case are the same. The dash is optional.',
    })
    code: string,
    @Ctx() context: Context,
  ): Promise<KioskCredentials> {
    return this.pairings.redeem(code, context.requester);
  }
}
