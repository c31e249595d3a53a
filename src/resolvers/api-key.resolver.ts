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
import { ApiKey } from '../entities/api-key.entity';
import { Office } from '../entities/office.entity';
import { Role } from '../entities/role';
import { MAX_GRACE_SECONDS, type ApiKeyService } from '../services/access/api-key-service';
import { IsText } from './validators';

@InputType({ description: 'A new key to the API.' })
export class CreateApiKeyInput {
  @IsText(200)
  @Field(() => String, { description: 'Who or what is to use it: 1 to 200 characters.' })
  name!: string;

  @Field(() => Role, { description: 'What its holder may do.' })
  role!: Role;

  @Field(() => ID, {
    nullable: true,
    description: 'Its office; needed for a KIOSK, which may do nothing elsewhere.',
  })
  officeId?: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'From when on it is refused, in the future; left out: it does not expire.',
  })
  expiresAt?: Date | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether it may send punches that were made offline, with the time when they were (capturedAt): whoever holds it ' +
      'is believed about times of up to 12 hours ago.',
  })
  allowOffline!: boolean;
}

@ObjectType({ description: 'A key with its secret.' })
class ApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key.' })
  apiKey!: ApiKey;

  @Field(() => String, {
    description:
      'To be sent as Authorization: Bearer <secret>. It is told here only, and cannot be had again.',
  })
  secret!: string;
}

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly service: ApiKeyService) {}

  @Query(() => [ApiKey], { description: 'All keys, by name; revoked and expired ones too.' })
  apiKeys(): Promise<ApiKey[]> {
    return this.service.list();
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Makes a key, and tells its secret this once. Errors: BAD_USER_INPUT (a KIOSK without an office, an end in the ' +
      'past), NOT_FOUND (office).',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The new key.' }) input: CreateApiKeyInput,
    @Ctx() context: Context,
  ): Promise<ApiKeyPayload> {
    const { name, role, officeId = null, expiresAt = null, allowOffline } = input;
    return this.service.create({ name, role, officeId, expiresAt, allowOffline }, context.requester);
  }

  @Mutation(() => ApiKey, {
    description: 'Has a key refused from the next request on, on every node. Errors: NOT_FOUND.',
  })
  revokeApiKey(
    @Arg('id', () => ID, { description: 'Which key.' }) id: string,
    @Ctx() context: Context,
  ): Promise<ApiKey> {
    return this.service.revoke(id, context.requester);
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Gives a key another secret, and tells it this once; the one before works on for a while. Errors: ' +
      'BAD_USER_INPUT, NOT_FOUND, CONFLICT (revoked or expired).',
  })
  rotateApiKey(
    @Arg('id', () => ID, { description: 'Which key.' }) id: string,
    @Arg('graceSeconds', () => Int, {
      defaultValue: 3600,
      description: `For how long the secret before works too, 0 to ${MAX_GRACE_SECONDS} seconds.`,
    })
    graceSeconds: number,
    @Ctx() context: Context,
  ): Promise<ApiKeyPayload> {
    return this.service.rotate(id, graceSeconds, context.requester);
  }

  @FieldResolver(() => Office, { nullable: true, description: 'The office it belongs to; null: none.' })
  async office(@Root() { officeId }: ApiKey, @Ctx() { loaders }: Context): Promise<Office | null> {
    return officeId === null ? null : loaders.office.load(officeId);
  }
}
