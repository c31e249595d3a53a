import { Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';
import { Attendance, AttendanceType } from '../../entities/attendance.entity';
import { CorrectionKind } from '../../entities/correction-change.entity';
import { type Correction, CorrectionStatus } from '../../entities/correction.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';

@ObjectType('CorrectionChange', { description: 'One change of a correction.' })
export class CorrectionChangeView {
  @Field(() => CorrectionKind, { description: 'What it does.' })
  kind!: CorrectionKind;

  @Field(() => AttendanceType, { nullable: true, description: 'Direction of an added punch.' })
  type!: AttendanceType | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Time of an added punch (UTC).' })
  recordedAt!: Date | null;

  @Field(() => LocalDateScalar, { nullable: true, description: 'WAIVE_BREAK: the day.' })
  date!: LocalDate | null;

  @Field(() => Int, { nullable: true, description: 'WAIVE_BREAK: how many minutes.' })
  minutes!: number | null;

  @Field(() => Attendance, {
    nullable: true,
    description: 'The punch that was added or voided. Null if it is not added yet.',
  })
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
}
