import {
  Arg,
  Args,
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
import { connectionOf, PageArgs, pageComplexity } from './connection';
import { IsEmployeeId } from './validators';

enum ErasureStatus {
  REQUESTED = 'REQUESTED',
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
}

registerEnumType(ErasureStatus, {
  name: 'ErasureStatus',
  description: 'Status of an erasure. The face matches nowhere in any of them.',
  valuesConfig: {
    REQUESTED: { description: 'Requested. The templates are already deleted.' },
    RUNNING: { description: 'Photos and punches are being deleted, with retries until nothing is left.' },
    COMPLETED: { description: 'A check of database, disk and CDN found no data left.' },
  },
});

@InputType({ description: 'The employee to erase.' })
export class EraseEmployeeInput {
  @IsEmployeeId()
  @Field(() => String, {
    description: "The company's own id. It can be used again after the photos are deleted.",
  })
  employeeId!: string;

  @Field(() => Boolean, {
    description:
      'true: keep punches under a pseudonym, without photo, similarity and position. false: delete them.',
  })
  keepAttendance!: boolean;
}

@ObjectType({ description: 'What an erasure still has to delete.' })
export class ErasureRemaining {
  @Field(() => Int, { description: 'Face templates.' })
  templates!: number;

  @Field(() => Int, { description: 'Photos on disk.' })
  photos!: number;

  @Field(() => Int, { description: 'Copies of photos on the CDN, including uploads that were running.' })
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
      'Erases an employee. After the answer the templates are deleted and the face matches on no node. Photos, CDN copies and punches are deleted in the background, even if the CDN fails or the service restarts. Query `erasure` for its status. A second request during an erasure returns the same one. Errors: NOT_FOUND, UNAVAILABLE.',
  })
  eraseEmployee(
    @Arg('input', () => EraseEmployeeInput, {
      description: 'The employee, and whether to keep their punches.',
    })
    input: EraseEmployeeInput,
    @Ctx() context: Context,
  ): Promise<Erasure> {
    return this.service.request(input, context.requester);
  }

  @Query(() => Erasure, {
    nullable: true,
    description: 'An erasure by its id. Null if not found.',
  })
  erasure(@Arg('id', () => ID, { description: 'Id of the erasure.' }) id: string): Promise<Erasure | null> {
    return this.service.find(id);
  }

  @Query(() => ErasureConnection, {
    description: 'Lists erasures, newest first. Errors: BAD_USER_INPUT (`first` or `after`).',
    complexity: pageComplexity,
  })
  async erasures(@Args(() => PageArgs) page: PageArgs): Promise<ErasurePage> {
    return new ErasureConnection(await this.service.list(page));
  }

  @FieldResolver(() => ErasureStatus, { description: 'Current status.' })
  status(@Root() { startedAt, completedAt }: Erasure): ErasureStatus {
    if (completedAt !== null) return ErasureStatus.COMPLETED;
    return startedAt === null ? ErasureStatus.REQUESTED : ErasureStatus.RUNNING;
  }

  @FieldResolver(() => ErasureRemaining, { description: 'What is left to delete.' })
  remaining(@Root() erasure: Erasure): Promise<ErasureRemaining> {
    return this.progress(erasure);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Why the last attempt failed, for example because Cloudinary does not answer. Null if none failed.',
  })
  async lastError(@Root() erasure: Erasure): Promise<string | null> {
    return (await this.progress(erasure)).lastError;
  }
}
