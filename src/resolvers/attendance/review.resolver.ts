import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { Employee } from '../../entities/employee.entity';
import { Office } from '../../entities/office.entity';
import { DUPLICATE_EMPLOYEE_ID } from '../../entities/review-item.entity';
import type { ReviewService } from '../../services/attendance/reviews/review-service';
import type { Audit } from '../../services/audit/create-audit';
import type { StorageService } from '../../services/photos/storage-service';
import { connectionOf, PageArgs, pageComplexity } from '../connection';
import { LOCAL_URL } from '../image-upload';
import {
  AcceptReviewItemInput,
  DismissReviewItemInput,
  ReviewItemFilter,
  ReviewItemView,
} from './review.types';

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
    @Args(() => PageArgs) request: PageArgs,
    @Ctx() { requester }: Context,
  ): Promise<ReviewItemPage> {
    const { rows, cursorOf, ...page } = await this.service.list(filter ?? {}, request);
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
