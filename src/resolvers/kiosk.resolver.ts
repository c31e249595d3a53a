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
  @Field(() => ID, { description: 'Where the kiosk will stand.' })
  officeId!: string;

  @IsText(200)
  @Field(() => String, {
    nullable: true,
    description: "What its key will be called: 1 to 200 characters; left out: 'Kiosk'.",
  })
  name?: string | null;
}

@ObjectType({ description: 'A code with which one tablet becomes a kiosk, soon.' })
export class KioskPairing {
  @Field(() => String, { description: 'To be typed at the kiosk, as XXXX-XXXX; it is told here only.' })
  code!: string;

  @Field(() => GraphQLISODateTime, { description: 'Until when it can be used (UTC).' })
  expiresAt!: Date;
}

@ObjectType({ description: 'What a tablet needs to be a kiosk.' })
export class KioskCredentials {
  @Field(() => String, {
    description:
      'The secret of its own key, with the role KIOSK: Authorization: Bearer <apiKey>. It is told here only.',
  })
  apiKey!: string;

  @Field(() => Office, { description: 'Where it stands.' })
  office!: Office;
}

@ObjectType({ description: 'How the service wants checks to be made.' })
export class KioskSettings {
  @Field(() => Office, { nullable: true, description: "The kiosk's office; null for other roles." })
  office!: Office | null;

  @Field(() => Boolean, { description: 'Whether checks need a challenge (createChallenge).' })
  requireChallenge!: boolean;

  @Field(() => Boolean, { description: 'Whether their challenge has to ask for actions (liveness: true).' })
  requireLiveness!: boolean;

  @Field(() => Boolean, { description: 'Whether a photo is enough; otherwise clients send descriptors.' })
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

  @Query(() => KioskSettings, { description: 'What a kiosk has to know before its first check.' })
  async kioskSettings(@Ctx() { requester, loaders }: Context): Promise<KioskSettings> {
    const { kioskOffice } = requester;
    return {
      ...this.settings,
      office: kioskOffice === null ? null : await loaders.office.load(kioskOffice),
    };
  }

  @Mutation(() => KioskPairing, {
    description:
      'Makes a code that turns one tablet into a kiosk of an office, within ten minutes. Errors: BAD_USER_INPUT, ' +
      'NOT_FOUND (office).',
  })
  createKioskPairing(
    @Args(() => CreateKioskPairingArgs) { officeId, name = null }: CreateKioskPairingArgs,
  ): Promise<KioskPairing> {
    return this.pairings.create(officeId, name);
  }

  @Mutation(() => KioskCredentials, {
    description:
      'Swaps a pairing code for a key, once; the only operation that needs no key. The key may send punches that were ' +
      'made offline. Errors: NOT_FOUND (whether the code is wrong, used or expired), TOO_MANY_REQUESTS with ' +
      '`retryAfterSeconds`.',
  })
  redeemKioskPairing(
    @Arg('code', () => String, { description: 'In any case, with or without the dash.' }) code: string,
    @Ctx() context: Context,
  ): Promise<KioskCredentials> {
    return this.pairings.redeem(code, context.requester);
  }
}
