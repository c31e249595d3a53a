import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { type Correction, CorrectionStatus } from '../../entities/correction.entity';
import { Employee } from '../../entities/employee.entity';
import { Role } from '../../entities/role';
import type { Audit } from '../../services/audit/create-audit';
import type { CorrectionPreviews } from '../../services/attendance/corrections/correction-preview';
import type { CorrectionRequests } from '../../services/attendance/corrections/correction-requests';
import type { CorrectionService } from '../../services/attendance/corrections/correction-service';
import { connectionOf, PageArgs, pageComplexity } from '../connection';
import { previewOf, WorkDayPreview } from '../working-days/work-day-preview';
import {
  CorrectAttendanceInput,
  CorrectionFilter,
  DecideCorrectionInput,
  RequestCorrectionInput,
  RestoreAttendanceInput,
} from './correction.inputs';
import { CorrectionChangeView, CorrectionView } from './correction.types';

@ObjectType({ description: 'Who voided a punch, when and why.' })
class Voided {
  @Field(() => String, { description: 'The requester.' })
  by!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was voided (UTC).' })
  at!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Why. Null for a VIEWER, because it may mention an illness. "erased" after the employee was erased.',
  })
  reason!: string | null;

  @Field(() => CorrectionView, { nullable: true, description: 'The correction that voided it.' })
  correction!: CorrectionView | null;
}

/** Not for viewers: it may mention an illness. */
const visibleReason = (reason: string, { requester }: Context): string | null =>
  requester.role === Role.VIEWER ? null : reason;

const viewOf = (correction: Correction | null): CorrectionView | null =>
  correction === null ? null : new CorrectionView(correction);

const CorrectionConnection = connectionOf('Correction', 'corrections', () => CorrectionView);
/** As that of two days with their steps. */
const PREVIEW_COMPLEXITY = 60;

@Resolver(() => CorrectionView)
export class CorrectionResolver {
  constructor(
    private readonly service: CorrectionService,
    private readonly requests: CorrectionRequests,
    private readonly previews: CorrectionPreviews,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => CorrectionConnection, {
    description: 'Lists corrections, newest first. Errors: BAD_USER_INPUT (`first`, `after`).',
    complexity: pageComplexity,
  })
  async corrections(
    @Arg('filter', () => CorrectionFilter, { nullable: true, description: 'Omit for all.' })
    filter: CorrectionFilter | null,
    @Args(() => PageArgs) request: PageArgs,
    @Ctx() { requester }: Context,
  ): Promise<InstanceType<typeof CorrectionConnection>> {
    const page = await this.requests.list(filter ?? {}, request);
    this.noteRead('corrections', page.rows.length, requester);
    const views = new Map(page.rows.map((row) => [row, new CorrectionView(row)]));
    return new CorrectionConnection({
      ...page,
      rows: [...views.values()],
      cursorOf: ({ correction }) => page.cursorOf(correction),
    });
  }

  @Mutation(() => CorrectionView, {
    description:
      'Asks for a correction. `preview` shows the days before and after. Nothing changes until decideCorrection approves it. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (a punch is already voided, or an added one already exists).',
  })
  async requestCorrection(
    @Arg('input', () => RequestCorrectionInput, { description: 'The correction.' })
    input: RequestCorrectionInput,
    @Ctx() { requester }: Context,
  ): Promise<CorrectionView> {
    return new CorrectionView(await this.requests.request(input, requester));
  }

  @Mutation(() => CorrectionView, {
    description:
      'Approves or rejects a correction. Errors: NOT_FOUND, FORBIDDEN (your own, if CORRECTION_FOUR_EYES is set), CONFLICT (reason STALE: it is already decided, or punches of its days changed since the request; then `preview` has the new figures, and you can decide again).',
  })
  async decideCorrection(
    @Arg('input', () => DecideCorrectionInput, { description: 'The decision.' })
    { id, approve, note = null }: DecideCorrectionInput,
    @Ctx() { requester }: Context,
  ): Promise<CorrectionView> {
    return new CorrectionView(await this.requests.decide({ id, approve, note }, requester));
  }

  @Mutation(() => CorrectionView, {
    description:
      'Takes back your own request. Errors: NOT_FOUND, FORBIDDEN (of another requester), CONFLICT (reason STALE: it is already decided).',
  })
  async withdrawCorrection(
    @Arg('id', () => ID, { description: 'Id of the correction.' }) id: string,
    @Ctx() { requester }: Context,
  ): Promise<CorrectionView> {
    return new CorrectionView(await this.requests.withdraw(id, requester));
  }

  @FieldResolver(() => [WorkDayPreview], {
    description:
      'The days that it changes, before and after. Derived at each read. Empty if it was rejected or withdrawn.',
    complexity: PREVIEW_COMPLEXITY,
  })
  async preview(
    @Root() { correction }: CorrectionView,
    @Ctx() { loaders }: Context,
  ): Promise<WorkDayPreview[]> {
    const { id, employeeId, status } = correction;
    if (status === CorrectionStatus.REJECTED || status === CorrectionStatus.WITHDRAWN) return [];
    const changes = await loaders.correctionChanges.load(id);
    const made = status === CorrectionStatus.APPROVED ? id : null;
    const { days, at } = await this.previews.of({ employeeId, changes, made });
    return days.map((day) => previewOf(employeeId, day, at));
  }

  @Mutation(() => CorrectionView, {
    description:
      'Corrects the punches of one employee: voids wrong ones and adds missing ones, at once. A voided punch stays readable (`voided`) and no longer counts anywhere. Errors: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN (if CORRECTION_FOUR_EYES is set), CONFLICT (a punch is already voided, or an added one already exists).',
  })
  async correctAttendance(
    @Arg('input', () => CorrectAttendanceInput, { description: 'The correction.' })
    input: CorrectAttendanceInput,
    @Ctx() { requester }: Context,
  ): Promise<CorrectionView> {
    return new CorrectionView(await this.service.correct(input, requester));
  }

  @Mutation(() => Attendance, {
    description:
      'Takes a void back: the punch counts again. Errors: NOT_FOUND, CONFLICT (the punch is not voided, or another one has taken its place).',
  })
  restoreAttendance(
    @Arg('input', () => RestoreAttendanceInput, { description: 'The punch.' }) input: RestoreAttendanceInput,
    @Ctx() { requester }: Context,
  ): Promise<Attendance> {
    return this.service.restore(input, requester);
  }

  @FieldResolver(() => Employee, { description: 'Whose punches it corrects.' })
  employee(@Root() { correction }: CorrectionView, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(correction.employeeId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Why. Null for a VIEWER, because it may mention an illness. "erased" after the employee was erased.',
  })
  reason(@Root() { correction }: CorrectionView, @Ctx() context: Context): string | null {
    return visibleReason(correction.reason, context);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Note of the requester who decided. Null for a VIEWER, because it may mention an illness.',
  })
  note(@Root() { correction }: CorrectionView, @Ctx() context: Context): string | null {
    return correction.note === null ? null : visibleReason(correction.note, context);
  }

  @FieldResolver(() => [CorrectionChangeView], {
    description: 'What it changes, in the order of the request.',
  })
  async changes(
    @Root() { correction }: CorrectionView,
    @Ctx() { loaders }: Context,
  ): Promise<CorrectionChangeView[]> {
    const changes = await loaders.correctionChanges.load(correction.id);
    return Promise.all(
      changes.map(
        async ({ kind, type, recordedAt, attendanceId, waiveDate: date, waiveMinutes: minutes }) => ({
          ...{ kind, type, recordedAt, date, minutes },
          attendance: attendanceId === null ? null : await loaders.attendance.load(attendanceId),
        }),
      ),
    );
  }
}

/** What corrections add to a punch. */
@Resolver(() => Attendance)
export class CorrectedAttendanceResolver {
  @FieldResolver(() => Voided, {
    nullable: true,
    description: 'Who voided the punch. Null if it counts.',
  })
  async voided(@Root() { id }: Attendance, @Ctx() context: Context): Promise<Voided | null> {
    const voided = await context.loaders.attendanceVoid.load(id);
    if (voided === null) return null;
    const { voidedBy: by, voidedAt: at, reason, correctionId } = voided;
    const correction = correctionId === null ? null : await context.loaders.correction.load(correctionId);
    return { by, at, reason: visibleReason(reason, context), correction: viewOf(correction) };
  }

  @FieldResolver(() => CorrectionView, {
    nullable: true,
    description: 'The correction that added the punch. Null if none did.',
  })
  async correction(
    @Root() { correctionId }: Attendance,
    @Ctx() { loaders }: Context,
  ): Promise<CorrectionView | null> {
    return correctionId == null ? null : viewOf(await loaders.correction.load(correctionId));
  }
}
