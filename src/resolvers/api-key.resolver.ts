import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../context';
import { ApiKey, Device } from '../entities/api-key.entity';
import { Office } from '../entities/office.entity';
import { Role } from '../entities/role';
import { MAX_GRACE_SECONDS, type ApiKeyService } from '../services/access/api-key-service';
import { IsName } from './validators';

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput {
  @IsName(200)
  @Field(() => String, { description: 'Who or what will use the key. 1 to 200 characters.' })
  name!: string;

  @Field(() => Role, { description: 'What the key allows.' })
  role!: Role;

  @Field(() => ID, {
    nullable: true,
    description: "The key's office. Required for a KIOSK key, which works only for this office.",
  })
  officeId?: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the key expires. Must be in the future. Omit for a key that does not expire.',
  })
  expiresAt?: Date | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "Whether the key may send offline punches (`capturedAt`). The service then trusts the key's times, up to 12 hours back.",
  })
  allowOffline!: boolean;

  @Field(() => Device, {
    defaultValue: Device.MOBILE,
    description:
      'What kind of device uses the key. FIXED only with the role KIOSK: the service then takes the office of the key as the place of each punch.',
  })
  device!: Device;
}

@ObjectType({ description: 'An API key and its secret.' })
class ApiKeyPayload {
  @Field(() => ApiKey, { description: 'The API key.' })
  apiKey!: ApiKey;

  @Field(() => String, {
    description: 'Send it as Authorization: Bearer <secret>. Shown only once.',
  })
  secret!: string;
}

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly service: ApiKeyService) {}

  @Query(() => [ApiKey], { description: 'All API keys by name, including revoked and expired ones.' })
  apiKeys(): Promise<ApiKey[]> {
    return this.service.list();
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Creates an API key. The secret is shown only once. Errors: BAD_USER_INPUT (a KIOSK key without an office, a FIXED device that is no KIOSK, an expiry in the past), NOT_FOUND (office).',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The new key.' }) input: CreateApiKeyInput,
    @Ctx() context: Context,
  ): Promise<ApiKeyPayload> {
    const { name, role, officeId = null, expiresAt = null, allowOffline, device } = input;
    const wanted = { name, role, officeId, expiresAt, allowOffline, device };
    return this.service.create(wanted, context.requester);
  }

  @Mutation(() => ApiKey, {
    description: 'Revokes an API key on every node. The next request with it is refused. Errors: NOT_FOUND.',
  })
  revokeApiKey(
    @Arg('id', () => ID, { description: 'Id of the key.' }) id: string,
    @Ctx() context: Context,
  ): Promise<ApiKey> {
    return this.service.revoke(id, context.requester);
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Replaces the secret of an API key. The new secret is shown only once. The previous one keeps working for `graceSeconds`. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (the key is revoked or expired).',
  })
  rotateApiKey(
    @Arg('id', () => ID, { description: 'Id of the key.' }) id: string,
    @Arg('graceSeconds', () => Int, {
      defaultValue: 3600,
      description: `How long the previous secret keeps working, 0 to ${MAX_GRACE_SECONDS} seconds.`,
    })
    graceSeconds: number,
    @Ctx() context: Context,
  ): Promise<ApiKeyPayload> {
    return this.service.rotate(id, graceSeconds, context.requester);
  }

  @FieldResolver(() => Office, { nullable: true, description: "The key's office. Null if it has none." })
  async office(@Root() { officeId }: ApiKey, @Ctx() { loaders }: Context): Promise<Office | null> {
    return officeId === null ? null : loaders.office.load(officeId);
  }
}
