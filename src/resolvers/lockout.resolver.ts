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
import type { LockInForce } from '../services/access/locked';
import type { LockoutService } from '../services/access/lockout-service';

@ObjectType('Lockout', {
  description: 'A temporary block of checks after too many failed matches.',
})
class LockoutView {
  constructor(readonly lock: LockInForce) {}

  @Field(() => LockoutKind, { description: 'Whether an employee or a key is blocked.' })
  get kind(): LockoutKind {
    return this.lock.kind;
  }

  @Field(() => ID, {
    nullable: true,
    description: 'The API key, or the user of the identity provider (jwt:…). Null if an employee is blocked.',
  })
  get keyId(): string | null {
    const { kind, subject } = this.lock;
    return kind === LockoutKind.KEY ? subject.replace(/^key:/, '') : null;
  }

  @Field(() => Boolean, {
    description:
      'Whether the limit of a day was reached (LOCKOUT_EMPLOYEE_FAILURES_PER_DAY, LOCKOUT_KEY_FAILURES_PER_DAY). The lockout then lasts a day, unless `liftLockout` ends it.',
  })
  get daily(): boolean {
    return this.lock.daily;
  }

  @Field(() => Int, { description: 'Number of failed matches.' })
  get failures(): number {
    return this.lock.failures;
  }

  @Field(() => GraphQLISODateTime, {
    description: 'When the lockout ends (UTC). After a short one, another failed match starts a longer one.',
  })
  get lockedUntil(): Date {
    return this.lock.lockedUntil;
  }
}

@Resolver(() => LockoutView)
export class LockoutResolver {
  constructor(private readonly service: LockoutService) {}

  @Query(() => [LockoutView], { description: 'Current lockouts, the longest first. At most 1000.' })
  async lockouts(): Promise<LockoutView[]> {
    return (await this.service.list()).map((lock) => new LockoutView(lock));
  }

  @Mutation(() => Boolean, {
    description:
      'Ends the lockouts of an employee or key and resets the failed-match counters. Give either `employeeId` or `keyId`. Returns whether there was a lockout. Errors: BAD_USER_INPUT, NOT_FOUND (employee).',
  })
  liftLockout(
    @Arg('employeeId', () => String, { nullable: true, description: "The employee (the company's own id)." })
    employeeId: string | null,
    @Arg('keyId', () => ID, { nullable: true, description: 'The `keyId` that `lockouts` returns.' })
    keyId: string | null,
    @Ctx() context: Context,
  ): Promise<boolean> {
    return this.service.lift({ employeeId: employeeId ?? null, keyId: keyId ?? null }, context.requester);
  }

  @FieldResolver(() => Employee, { nullable: true, description: 'The employee. Null if a key is blocked.' })
  async employee(@Root() { lock }: LockoutView, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return lock.kind === LockoutKind.EMPLOYEE ? loaders.employee.load(lock.subject) : null;
  }
}
