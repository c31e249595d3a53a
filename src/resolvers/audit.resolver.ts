import {
  Arg,
  Args,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { AuditEvent } from '../entities/audit-event.entity';
import type { AuditList } from '../services/audit/audit-list';
import { connectionOf, PageArgs, pageComplexity } from './connection';
import { IsEmployeeId, IsText } from './validators';

@InputType({ description: 'Filter for audit events. An event must meet all conditions.' })
export class AuditFilter {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description:
      "Only events about this employee: the company's own id or the internal id (UUID). The internal id also finds events about an erased employee.",
  })
  employeeId?: string | null;

  @IsText(64)
  @Field(() => String, { nullable: true, description: 'Only this action, for example check.refused.' })
  action?: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Only events at or after this time.' })
  from?: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Only events before this time. Must not be before `from`.',
  })
  to?: Date | null;
}

@ObjectType({ description: 'One detail of an audit event.' })
class AuditDetail {
  @Field(() => String, { description: 'Name of the detail, for example templateId.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Value as text. Null if it has none.' })
  value!: string | null;
}

const AuditConnection = connectionOf('Audit', 'audit events', () => AuditEvent);
type AuditPage = InstanceType<typeof AuditConnection>;

@Resolver(() => AuditEvent)
export class AuditResolver {
  constructor(private readonly list: AuditList) {}

  @Query(() => AuditConnection, {
    description:
      'Lists the audit trail, newest first. `npm run audit:verify` detects changes to it. Errors: BAD_USER_INPUT (`first`, `after`, or the time range).',
    complexity: pageComplexity,
  })
  async auditLog(
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Omit for all.' })
    filter: AuditFilter | null,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<AuditPage> {
    return new AuditConnection(await this.list.list(filter ?? {}, page));
  }

  @FieldResolver(() => [AuditDetail], {
    description: 'Details of the event. They contain no biometric data and no names.',
  })
  details(@Root() { details }: AuditEvent): AuditDetail[] {
    return Object.entries(details)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value: value === null ? null : String(value) }));
  }

  @FieldResolver(() => String, {
    description:
      "HMAC-SHA-256 in hex over this event and the previous event's hash; SHA-256 for events from before the trail was signed. Keep the newest hash elsewhere to detect later changes to the trail.",
  })
  hash(@Root() { hash }: AuditEvent): string {
    return hash.toString('hex');
  }
}
