import { Ctx, Field, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import type { Actor } from '../services/audit/actor';
import type { RotationService, RotationStatus } from '../services/encryption/rotation-service';

@ObjectType({ description: 'How many templates and photos.' })
class EncryptedCounts {
  @Field(() => Int, { description: 'Face templates.' })
  templates!: number;

  @Field(() => Int, { description: 'Local photos.' })
  photos!: number;
}

@ObjectType({ description: 'How the encryption of what is stored stands, for the operator. No key is told.' })
class EncryptionStatus implements RotationStatus {
  @Field(() => String, {
    description: 'Which key is in force: an id from which the key cannot be had. 16 hex digits.',
  })
  keyId!: string;

  @Field(() => Boolean, { description: 'Whether a rotation is under way in this process.' })
  running!: boolean;

  @Field(() => EncryptedCounts, { description: 'What the latest rotation in this process has rewritten.' })
  rewritten!: EncryptedCounts;

  @Field(() => Int, { description: 'What it could not decrypt; the log names each.' })
  unreadable!: number;

  @Field(() => EncryptedCounts, {
    nullable: true,
    description:
      'What it left: nothing, unless it was broken off. null while it is under way, and before the first.',
  })
  remaining!: EncryptedCounts | null;

  @Field(() => String, { nullable: true, description: 'Why it ended early; null: it did not.' })
  error!: string | null;
}

@Resolver()
export class EncryptionResolver {
  constructor(
    private readonly rotation: RotationService,
    /** Takes note of who has it begin. */
    private readonly noteBegin: (keyId: string, by: Actor) => void,
  ) {}

  @Query(() => EncryptionStatus, {
    nullable: true,
    description: 'How the encryption of what is stored stands; null: no ENCRYPTION_KEY is set.',
  })
  encryptionStatus(): EncryptionStatus | null {
    return this.rotation.status();
  }

  @Mutation(() => EncryptionStatus, {
    nullable: true,
    description:
      'Begins to bring everything that is stored under the current ENCRYPTION_KEY, in the background, and says how far ' +
      'it is; begun again after an interruption it goes on. What is not encrypted yet is encrypted. null: no ' +
      'ENCRYPTION_KEY is set.',
  })
  rotateEncryption(@Ctx() context: Context): EncryptionStatus | null {
    const status = this.rotation.begin();
    if (status !== null) this.noteBegin(status.keyId, context.requester);
    return status;
  }
}
