import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Attendance, AttendanceType } from '../../entities/attendance.entity';
import { CorrectionKind } from '../../entities/correction-change.entity';
import { type Correction, CorrectionStatus } from '../../entities/correction.entity';
import { Employee } from '../../entities/employee.entity';
import { Role } from '../../entities/role';
import type { CorrectionService } from '../../services/attendance/corrections/correction-service';
import { IsEmployeeId, IsText } from '../validators';

@InputType({ description: 'A punch to add.' })
class AddPunchInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => AttendanceType, { description: 'Direction.' })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, {
    description: 'When the employee came or left. Within the last 366 days, not in the future.',
  })
  recordedAt!: Date;
}

@InputType({ description: 'A punch to void.' })
class VoidPunchInput {
  @Field(() => ID, { description: 'Id of the punch.' })
  attendanceId!: string;
}

@InputType({ description: 'One change of a correction. Give exactly one of `add` and `void`.' })
class CorrectionChangeInput {
  @Field(() => AddPunchInput, { nullable: true, description: 'Adds a manual punch.' })
  add?: AddPunchInput | null;

  @Field(() => VoidPunchInput, {
    nullable: true,
    description: 'Voids a punch. An added punch can be voided, too.',
  })
  void?: VoidPunchInput | null;
}

@InputType({ description: 'A correction of the punches of one employee.' })
class CorrectAttendanceInput {
  @Field(() => [CorrectionChangeInput], {
    description: 'The changes, 1 to 50, all of one employee. All are made, or none.',
  })
  changes!: CorrectionChangeInput[];

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@InputType({ description: 'A voided punch that is to count again.' })
class RestoreAttendanceInput {
  @Field(() => ID, { description: 'Id of the punch.' })
  attendanceId!: string;

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@ObjectType('CorrectionChange', { description: 'One change of a correction.' })
class CorrectionChangeView {
  @Field(() => CorrectionKind, { description: 'What it does.' })
  kind!: CorrectionKind;

  @Field(() => AttendanceType, { nullable: true, description: 'Direction of an added punch.' })
  type!: AttendanceType | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Time of an added punch (UTC).' })
  recordedAt!: Date | null;

  @Field(() => Attendance, { nullable: true, description: 'The punch that was added or voided.' })
  attendance!: Attendance | null;
}

@ObjectType('Correction', { description: "A correction of one employee's punches: who, when, why and what." })
export class CorrectionView {
  constructor(readonly correction: Correction) {}

  @Field(() => ID, { description: 'Unique id (UUID).' })
  get id(): string {
    return this.correction.id;
  }

  @Field(() => CorrectionStatus, { description: 'How far it is.' })
  get status(): CorrectionStatus {
    return this.correction.status;
  }

  @Field(() => String, { description: 'The requester who asked for it.' })
  get requestedBy(): string {
    return this.correction.requestedBy;
  }

  @Field(() => GraphQLISODateTime, { description: 'When it was asked for (UTC).' })
  get requestedAt(): Date {
    return this.correction.requestedAt;
  }

  @Field(() => String, { nullable: true, description: 'The requester who decided. Null if nobody did yet.' })
  get decidedBy(): string | null {
    return this.correction.decidedBy;
  }

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was decided (UTC).' })
  get decidedAt(): Date | null {
    return this.correction.decidedAt;
  }

  @Field(() => String, { nullable: true, description: 'Note of the requester who decided.' })
  get note(): string | null {
    return this.correction.note;
  }
}

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

/** May mention an illness. */
const told = (reason: string, { requester }: Context): string | null =>
  requester.role === Role.VIEWER ? null : reason;

const viewOf = (correction: Correction | null): CorrectionView | null =>
  correction === null ? null : new CorrectionView(correction);

@Resolver(() => CorrectionView)
export class CorrectionResolver {
  constructor(private readonly service: CorrectionService) {}

  @Mutation(() => CorrectionView, {
    description:
      'Corrects the punches of one employee: voids wrong ones and adds missing ones, at once. A voided punch stays readable (`voided`) and no longer counts anywhere. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (a punch is already voided, or an added one already exists).',
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
    return told(correction.reason, context);
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
      changes.map(async ({ kind, type, recordedAt, attendanceId }) => ({
        ...{ kind, type, recordedAt },
        attendance: attendanceId === null ? null : await loaders.attendance.load(attendanceId),
      })),
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
    return { by, at, reason: told(reason, context), correction: viewOf(correction) };
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
