import { Ctx, Field, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import type { Actor } from '../services/audit/actor';
import type { RotationService, RotationStatus } from '../services/encryption/rotation-service';

@ObjectType({ description: 'Numbers of templates and photos.' })
class EncryptedCounts {
  @Field(() => Int, { description: 'Face templates.' })
  templates!: number;

  @Field(() => Int, { description: 'Local photos.' })
  photos!: number;
}

@ObjectType({ description: 'Current encryption key and progress of a rotation. It contains no key.' })
class EncryptionStatus implements RotationStatus {
  @Field(() => String, {
    description: 'Id of the current key, 16 hex digits. The key cannot be computed from it.',
  })
  keyId!: string;

  @Field(() => Boolean, { description: 'Whether a rotation is running in this process.' })
  running!: boolean;

  @Field(() => EncryptedCounts, { description: 'What the latest rotation in this process has re-encrypted.' })
  rewritten!: EncryptedCounts;

  @Field(() => Int, { description: 'What the rotation could not decrypt. The log lists each item.' })
  unreadable!: number;

  @Field(() => EncryptedCounts, {
    nullable: true,
    description:
      'What is left to re-encrypt. More than zero only after an interruption. Null while a rotation runs, and before the first one.',
  })
  remaining!: EncryptedCounts | null;

  @Field(() => String, { nullable: true, description: 'Why the rotation stopped early. Null if it did not.' })
  error!: string | null;
}

@Resolver()
export class EncryptionResolver {
  constructor(
    private readonly rotation: RotationService,
    /** Notes who begins it. */
    private readonly noteBegin: (keyId: string, by: Actor) => void,
  ) {}

  @Query(() => EncryptionStatus, {
    nullable: true,
    description:
      'Shows the current encryption key and the progress of a rotation. Null if ENCRYPTION_KEY is not set.',
  })
  encryptionStatus(): EncryptionStatus | null {
    return this.rotation.status();
  }

  @Mutation(() => EncryptionStatus, {
    nullable: true,
    description:
      'Starts to re-encrypt all stored data with the current ENCRYPTION_KEY, in the background. Unencrypted data is encrypted too. Call it again to continue after an interruption. Null if ENCRYPTION_KEY is not set.',
  })
  rotateEncryption(@Ctx() context: Context): EncryptionStatus | null {
    const status = this.rotation.begin();
    if (status !== null) this.noteBegin(status.keyId, context.requester);
    return status;
  }
}
