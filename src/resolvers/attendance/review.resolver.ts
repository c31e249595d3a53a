import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Attendance, AttendanceType } from '../../entities/attendance.entity';
import { Employee } from '../../entities/employee.entity';
import { Office } from '../../entities/office.entity';
import { DUPLICATE_EMPLOYEE_ID, type ReviewItem, ReviewStatus } from '../../entities/review-item.entity';
import type { ReviewService } from '../../services/attendance/reviews/review-service';
import type { Audit } from '../../services/audit/create-audit';
import type { StorageService } from '../../services/photos/storage-service';
import { AFTER, connectionOf, FIRST, pageComplexity } from '../connection';
import { LOCAL_URL } from '../image-upload';
import { IsEmployeeId, IsText } from '../validators';

@InputType({ description: 'Filter for review items. An item must meet all conditions.' })
class ReviewItemFilter {
  @Field(() => ReviewStatus, { nullable: true, description: 'Only items of this status.' })
  status?: ReviewStatus | null;

  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only items of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only items of this office.' })
  officeId?: string | null;
}

@InputType({ description: 'The punch that a review item becomes.' })
class AcceptReviewItemInput {
  @Field(() => ID, { description: 'Id of the review item.' })
  id!: string;

  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => AttendanceType, { description: 'Direction.' })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, {
    description: 'When the employee came or left. Within the last 366 days, not in the future.',
  })
  recordedAt!: Date;

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@InputType({ description: 'A review item that becomes nothing.' })
class DismissReviewItemInput {
  @Field(() => ID, { description: 'Id of the review item.' })
  id!: string;

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@ObjectType('ReviewItem', {
  description:
    'A saved check that was refused, punches whose times are suspect, or an employeeId that was changed, for a person to decide about.',
})
class ReviewItemView {
  constructor(readonly item: ReviewItem) {
    Object.assign(this, item);
  }

  @Field(() => ID, { description: 'Unique id (UUID). The punch that it becomes has the same id.' })
  id!: string;

  @Field(() => ReviewStatus, { description: 'Whether it is decided.' })
  status!: ReviewStatus;

  @Field(() => String, {
    description:
      'Why it is here: the outcome of the check, TIME_UNEXPLAINED, TOO_OLD, AHEAD, OFFLINE_NOT_ALLOWED, BEFORE_KEY, BEFORE_EMPLOYEE, BEFORE_BEACON, BEACON_INVALID, WAS_ONLINE or TOO_CLOSE for its time, LOCKED_OUT during a lockout of a day, the code of an error, TIME_SUSPECT for punches one millisecond apart, DUPLICATE_EMPLOYEE_ID for an employeeId that got a suffix because another employee had the same one, or PUNCH_LOST for a photo of a check that the database lacks because it was set back.',
  })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The employeeId that was claimed, if nobody has it. With the reason DUPLICATE_EMPLOYEE_ID: the employeeId without the suffix.',
  })
  claimedEmployeeId!: string | null;

  @Field(() => AttendanceType, { nullable: true, description: 'Direction as sent. Null if not sent.' })
  type!: AttendanceType | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: "When the photo was taken, by the device's clock.",
  })
  capturedAt!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: "The device's clock when it sent the check.",
  })
  deviceTime!: Date | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Offset of that clock as the device knows it, in milliseconds.',
  })
  clockOffsetMs!: number | null;

  @Field(() => GraphQLISODateTime, { description: 'When the service received it (UTC).' })
  receivedAt!: Date;

  @Field(() => Float, { nullable: true, description: 'Degrees north, as sent.' })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees east, as sent.' })
  longitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Accuracy of the position in metres, as sent.' })
  positionAccuracyMeters!: number | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the device determined the position.',
  })
  positionTakenAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The requester who decided. Null if nobody did yet.' })
  decidedBy!: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was decided (UTC).' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was decided so.' })
  decisionReason!: string | null;
}

const ReviewItemConnection = connectionOf('ReviewItem', 'review items', () => ReviewItemView);
type ReviewItemPage = InstanceType<typeof ReviewItemConnection>;

@Resolver(() => ReviewItemView)
export class ReviewResolver {
  constructor(
    private readonly service: ReviewService,
    private readonly storage: StorageService,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => ReviewItemConnection, {
    description: 'Lists review items, newest first. Errors: BAD_USER_INPUT (`first` or `after`).',
    complexity: pageComplexity,
  })
  async reviewItems(
    @Arg('filter', () => ReviewItemFilter, { nullable: true, description: 'Omit for all.' })
    filter: ReviewItemFilter | null,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null,
    @Ctx() { requester }: Context,
  ): Promise<ReviewItemPage> {
    const { rows, cursorOf, ...page } = await this.service.list(filter ?? {}, { first, after });
    this.noteRead('reviewItems', rows.length, requester);
    return new ReviewItemConnection({
      ...page,
      rows: rows.map((row) => new ReviewItemView(row)),
      cursorOf: ({ item }) => cursorOf(item),
    });
  }

  @Mutation(() => ReviewItemView, {
    description:
      'Makes a saved check a punch, with its photo. Errors: BAD_USER_INPUT (`recordedAt`), NOT_FOUND, CONFLICT (already decided, or the punch exists, or the item is not a saved check).',
  })
  async acceptReviewItem(
    @Arg('input', () => AcceptReviewItemInput, { description: 'The punch.' }) input: AcceptReviewItemInput,
    @Ctx() { requester }: Context,
  ): Promise<ReviewItemView> {
    return new ReviewItemView(await this.service.accept(input, requester));
  }

  @Mutation(() => ReviewItemView, {
    description:
      'Decides that nothing comes of a review item. Errors: NOT_FOUND, CONFLICT (already decided).',
  })
  async dismissReviewItem(
    @Arg('input', () => DismissReviewItemInput, { description: 'The item.' }) input: DismissReviewItemInput,
    @Ctx() { requester }: Context,
  ): Promise<ReviewItemView> {
    return new ReviewItemView(await this.service.dismiss(input, requester));
  }

  @FieldResolver(() => Employee, {
    nullable: true,
    description: 'The claimed or found employee. Null if none is known.',
  })
  async employee(@Root() { item }: ReviewItemView, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return item.employeeId === null ? null : loaders.employee.load(item.employeeId);
  }

  @FieldResolver(() => Employee, {
    nullable: true,
    description: 'The employee who keeps the employeeId. Only with the reason DUPLICATE_EMPLOYEE_ID.',
  })
  async otherEmployee(
    @Root() { item }: ReviewItemView,
    @Ctx() { loaders }: Context,
  ): Promise<Employee | null> {
    return item.otherEmployeeId === null ? null : loaders.employee.load(item.otherEmployeeId);
  }

  @FieldResolver(() => String, { nullable: true, description: 'What the service says about it.' })
  async note(@Root() view: ReviewItemView, @Ctx() context: Context): Promise<string | null> {
    const { item } = view;
    if (item.reason !== DUPLICATE_EMPLOYEE_ID) return item.note;
    // Made when it is read: an erasure of either employee then needs no change of it.
    const [later, first] = await Promise.all([
      this.employee(view, context),
      this.otherEmployee(view, context),
    ]);
    return `Two employees had the employeeId ${first?.employeeId ?? ''} and ${item.claimedEmployeeId ?? ''}, which are the same. The later one is now ${later?.employeeId ?? ''}.`;
  }

  @FieldResolver(() => Office, { nullable: true, description: 'Where it was made. Null if not known.' })
  async office(@Root() { item }: ReviewItemView, @Ctx() { loaders }: Context): Promise<Office | null> {
    return item.officeId === null ? null : loaders.office.load(item.officeId);
  }

  @FieldResolver(() => [Attendance], {
    description: 'The punches that it is about, or the one that it became.',
  })
  async attendances(@Root() { item }: ReviewItemView, @Ctx() { loaders }: Context): Promise<Attendance[]> {
    const punches = await Promise.all(item.attendanceIds.map((id) => loaders.attendance.load(id)));
    return punches.filter((punch) => punch !== null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      '`cloudinaryImageUrl` or `localImageUrl`. Null if there is no photo, or the punch has it now.',
  })
  imageUrl(@Root() { item }: ReviewItemView): string | null {
    return this.storage.imageUrl(item);
  }

  @FieldResolver(() => String, { nullable: true, description: `${LOCAL_URL} Null if there is no photo.` })
  localImageUrl(@Root() { item }: ReviewItemView): string | null {
    return this.storage.localUrl(item);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'URL of the copy on Cloudinary. Null until the photo is uploaded.',
  })
  cloudinaryImageUrl(@Root() { item }: ReviewItemView): string | null {
    return this.storage.cloudinaryUrl(item.image);
  }
}
