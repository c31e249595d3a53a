import {
  Arg,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { AuditEvent } from '../entities/audit-event.entity';
import type { AuditList } from '../services/audit/audit-list';
import { AFTER, connectionOf, FIRST, pageComplexity } from './connection';
import { IsEmployeeId, IsText } from './validators';

@InputType({ description: 'Which events to list; all conditions hold together.' })
export class AuditFilter {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description:
      "Only those on this employee: the company's own id, or the service's (UUID), which still finds who was erased.",
  })
  employeeId?: string | null;

  @IsText(64)
  @Field(() => String, { nullable: true, description: 'Only this action, e.g. check.refused.' })
  action?: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Only events from this moment on.' })
  from?: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Only events before this moment (which is not included); not before `from`.',
  })
  to?: Date | null;
}

@ObjectType({ description: 'One particular of an event.' })
class AuditDetail {
  @Field(() => String, { description: 'What it is, e.g. templateId.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its value as text; null: none.' })
  value!: string | null;
}

const AuditConnection = connectionOf('Audit', 'audit events', () => AuditEvent);
type AuditPage = InstanceType<typeof AuditConnection>;

@Resolver(() => AuditEvent)
export class AuditResolver {
  constructor(private readonly list: AuditList) {}

  @Query(() => AuditConnection, {
    description:
      'The audit trail, newest first; npm run audit:verify proves that it is whole. Errors: BAD_USER_INPUT for first, ' +
      'after and the range.',
    complexity: pageComplexity,
  })
  async auditLog(
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Left out: all.' })
    filter: AuditFilter | null,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<AuditPage> {
    return new AuditConnection(await this.list.list(filter ?? {}, { first, after }));
  }

  @FieldResolver(() => [AuditDetail], { description: 'Particulars; never a biometric, nor a name.' })
  details(@Root() { details }: AuditEvent): AuditDetail[] {
    return Object.entries(details)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value: value === null ? null : String(value) }));
  }

  @FieldResolver(() => String, {
    description:
      'SHA-256 in hex over the event and the hash before it. That of the newest, noted elsewhere, shows later that ' +
      'nothing before it was rewritten.',
  })
  hash(@Root() { hash }: AuditEvent): string {
    return hash.toString('hex');
  }
}
