import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../context';
import { Erasure } from '../entities/erasure.entity';
import type { ErasureProgress } from '../services/privacy/erasure/erasure-progress';
import type { ErasureService } from '../services/privacy/erasure/erasure-service';
import { AFTER, connectionOf, FIRST, pageComplexity } from './connection';
import { IsEmployeeId } from './validators';

enum ErasureStatus {
  REQUESTED = 'REQUESTED',
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
}

registerEnumType(ErasureStatus, {
  name: 'ErasureStatus',
  description: 'How an erasure stands. In each of them the face matches nowhere any more.',
  valuesConfig: {
    REQUESTED: { description: 'Written down; the templates are gone already.' },
    RUNNING: { description: 'Photos and punches are being removed; it goes on until nothing is left.' },
    COMPLETED: { description: 'A check of database, disk and CDN found nothing any more.' },
  },
});

@InputType({ description: 'Whose data is to be removed.' })
export class EraseEmployeeInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id; it is free again once the photos are gone." })
  employeeId!: string;

  @Field(() => Boolean, {
    description:
      'true: the punches stay under a pseudonym, without photo, similarity and position. false: they go, too.',
  })
  keepAttendance!: boolean;
}

@ObjectType({ description: 'What an erasure has still to remove.' })
export class ErasureRemaining {
  @Field(() => Int, { description: 'Face templates.' })
  templates!: number;

  @Field(() => Int, { description: 'Photos on the disk.' })
  photos!: number;

  @Field(() => Int, { description: 'Copies of photos on the CDN, also those whose upload was under way.' })
  assets!: number;
}

const ErasureConnection = connectionOf('Erasure', 'erasures', () => Erasure);
type ErasurePage = InstanceType<typeof ErasureConnection>;

@Resolver(() => Erasure)
export class ErasureResolver {
  constructor(
    private readonly service: ErasureService,
    private readonly progress: (erasure: Erasure) => Promise<ErasureProgress>,
  ) {}

  @Mutation(() => Erasure, {
    description:
      'Removes an employee: once answered the face matches on no node and the templates are gone; photos, CDN copies ' +
      'and punches follow in the background, also if the CDN is down or the service dies. Ask for erasure(id). Repeated ' +
      'while it is under way it answers the same one. Errors: NOT_FOUND, UNAVAILABLE.',
  })
  eraseEmployee(
    @Arg('input', () => EraseEmployeeInput, { description: 'Who, and what of their punches.' })
    input: EraseEmployeeInput,
    @Ctx() context: Context,
  ): Promise<Erasure> {
    return this.service.request(input, context.requester);
  }

  @Query(() => Erasure, {
    nullable: true,
    description: 'How an erasure stands; null: there is none with this id.',
  })
  erasure(@Arg('id', () => ID, { description: 'Which erasure.' }) id: string): Promise<Erasure | null> {
    return this.service.find(id);
  }

  @Query(() => ErasureConnection, {
    description: 'Erasures, newest first. Errors: BAD_USER_INPUT for first and after.',
    complexity: pageComplexity,
  })
  async erasures(
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ErasurePage> {
    return new ErasureConnection(await this.service.list({ first, after }));
  }

  @FieldResolver(() => ErasureStatus, { description: 'How it stands.' })
  status(@Root() { startedAt, completedAt }: Erasure): ErasureStatus {
    if (completedAt !== null) return ErasureStatus.COMPLETED;
    return startedAt === null ? ErasureStatus.REQUESTED : ErasureStatus.RUNNING;
  }

  @FieldResolver(() => ErasureRemaining, { description: 'What is still there.' })
  remaining(@Root() erasure: Erasure): Promise<ErasureRemaining> {
    return this.progress(erasure);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why the last attempt failed, e.g. that Cloudinary does not answer; null: none did.',
  })
  async lastError(@Root() erasure: Erasure): Promise<string | null> {
    return (await this.progress(erasure)).lastError;
  }
}
