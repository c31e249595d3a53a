import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../context';
import { Employee } from '../entities/employee.entity';
import { LockoutKind } from '../entities/lockout.entity';
import type { LockInForce, LockoutService } from '../services/access/lockout-service';

@ObjectType('Lockout', {
  description: 'Checks that are not taken for a while, after too many refused faces.',
})
class LockoutView {
  constructor(readonly lock: LockInForce) {}

  @Field(() => LockoutKind, { description: 'Whose checks.' })
  get kind(): LockoutKind {
    return this.lock.kind;
  }

  @Field(() => ID, {
    nullable: true,
    description: 'Of which API key, or of whom at the identity provider (jwt:…); null: an employee.',
  })
  get keyId(): string | null {
    const { kind, subject } = this.lock;
    return kind === LockoutKind.KEY ? subject.replace(/^key:/, '') : null;
  }

  @Field(() => Int, { description: 'Refused faces so far.' })
  get failures(): number {
    return this.lock.failures;
  }

  @Field(() => GraphQLISODateTime, {
    description: 'Until when (UTC); a further refused face then locks for longer.',
  })
  get lockedUntil(): Date {
    return this.lock.lockedUntil;
  }
}

@Resolver(() => LockoutView)
export class LockoutResolver {
  constructor(private readonly service: LockoutService) {}

  @Query(() => [LockoutView], { description: 'Locks in force, those that last longest first; at most 1000.' })
  async lockouts(): Promise<LockoutView[]> {
    return (await this.service.list()).map((lock) => new LockoutView(lock));
  }

  @Mutation(() => Boolean, {
    description:
      'Lifts a lock and forgets the refused faces. Exactly one of the two is given. Answers whether there was a lock. ' +
      'Errors: BAD_USER_INPUT, NOT_FOUND (employee).',
  })
  liftLockout(
    @Arg('employeeId', () => String, { nullable: true, description: "The company's own id of an employee." })
    employeeId: string | null,
    @Arg('keyId', () => ID, { nullable: true, description: 'A key, as `lockouts` names it.' })
    keyId: string | null,
    @Ctx() context: Context,
  ): Promise<boolean> {
    return this.service.lift({ employeeId: employeeId ?? null, keyId: keyId ?? null }, context.requester);
  }

  @FieldResolver(() => Employee, { nullable: true, description: 'Of which employee; null: a key.' })
  async employee(@Root() { lock }: LockoutView, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return lock.kind === LockoutKind.EMPLOYEE ? loaders.employee.load(lock.subject) : null;
  }
}
