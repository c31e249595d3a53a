import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { Employee } from '../../entities/employee.entity';
import { Office } from '../../entities/office.entity';
import { HIDDEN, type VisibleScores } from '../../services/access/visible-scores';
import type { AttendanceLists } from '../../services/attendance/punches/attendance-lists';
import type { CheckAttendance } from '../../services/attendance/check/check-attendance';
import type { Audit } from '../../services/audit/create-audit';
import type { StorageService } from '../../services/photos/storage-service';
import { AttendanceFilter, CheckAttendanceInput } from './attendance.inputs';
import { CheckAttendanceResult, SCORE_ROUNDING } from './check-attendance-result';
import { resultOf } from './check-result-of';
import { connectionOf, PageArgs, pageComplexity } from '../connection';
import { NOT_FOR_KIOSKS, refuseOrigins } from '../access-policy/permissions';
import { ImageUpload, imageUploadOf, LOCAL_URL } from '../image-upload';
import { placeProofOf, Proof } from './proof';
import { SEARCH_COMPLEXITY } from '../working-days/search-complexity';
import { originView, PunchOriginView, requesterOfKey } from './punch-origin';

const AttendanceConnection = connectionOf('Attendance', 'punches', () => Attendance);

const isSearch = ({ filter }: { readonly filter?: AttendanceFilter | null }): boolean =>
  filter?.workDate != null && filter.employeeId == null;

type AttendancePage = InstanceType<typeof AttendanceConnection>;

@Resolver(() => Attendance)
export class AttendanceResolver {
  constructor(
    private readonly service: CheckAttendance,
    private readonly lists: AttendanceLists,
    private readonly storage: StorageService,
    private readonly scores: VisibleScores,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Mutation(() => CheckAttendanceResult, {
    description:
      'Identifies or verifies a person, checks the geofence, and records a punch. A refused check is an outcome, not an error. Errors: BAD_USER_INPUT (with `field`), CONFLICT (the requestId belongs to another employee), FORBIDDEN (a kiosk names another office), TOO_MANY_REQUESTS (after failed matches, with `retryAfterSeconds`), UNAVAILABLE.',
  })
  async checkAttendance(
    @Arg('input', () => CheckAttendanceInput, { description: 'The check.' })
    input: CheckAttendanceInput,
    @Ctx() { requester }: Context,
  ): Promise<CheckAttendanceResult> {
    return resultOf(await this.service.check(input, requester), this.storage, this.scores, requester);
  }

  @Query(() => AttendanceConnection, {
    description: 'Lists punches, newest first. Errors: BAD_USER_INPUT (`first`, `after`, or the time range).',
    complexity: (options) => (isSearch(options.args) ? SEARCH_COMPLEXITY : 0) + pageComplexity(options),
  })
  async attendances(
    @Arg('filter', () => AttendanceFilter, { nullable: true, description: 'Omit for all.' })
    filter: AttendanceFilter | null,
    @Args(() => PageArgs) request: PageArgs,
    @Ctx() { requester }: Context,
  ): Promise<AttendancePage> {
    const { keyId, ...rest } = filter ?? {};
    if (keyId != null || rest.network != null || rest.client != null) refuseOrigins(requester.role);
    const sentBy = keyId == null ? null : requesterOfKey(keyId);
    const page = await this.lists.list({ ...rest, sentBy }, request);
    this.noteRead('attendances', page.rows.length, requester);
    return new AttendanceConnection(page);
  }

  @FieldResolver(() => Float, {
    description: `Highest cosine similarity of the face to the employee's templates, -1 to 1. ${SCORE_ROUNDING} 0 for a manual punch, and after the employee was erased. 1 if it is hidden: EXPOSE_SIMILARITY is never, or a KIOSK asks and the client's descriptor decided.`,
  })
  similarity(@Root() { similarity, descriptorSource }: Attendance, @Ctx() { requester }: Context): number {
    if (similarity === null) return 0;
    return this.scores.of({ similarity, matched: true, sources: [descriptorSource] }, requester) ?? HIDDEN;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `\`cloudinaryImageUrl\` if available, otherwise \`localImageUrl\`. Null if there is no photo or it was deleted. ${NOT_FOR_KIOSKS}`,
  })
  imageUrl(@Root() attendance: Attendance): string | null {
    return this.storage.imageUrl(attendance);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `${LOCAL_URL} Null if there is no photo or it was deleted, and for a KIOSK.`,
  })
  localImageUrl(@Root() attendance: Attendance): string | null {
    return this.storage.localUrl(attendance);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'URL of the copy on Cloudinary. Null until the photo is uploaded, and for a KIOSK.',
  })
  cloudinaryImageUrl(@Root() { image }: Attendance): string | null {
    return this.storage.cloudinaryUrl(image);
  }

  @FieldResolver(() => ImageUpload, { description: "Status of the photo's upload to the CDN." })
  imageUpload(@Root() { image }: Attendance): ImageUpload {
    return imageUploadOf(image, this.storage.cdnConfigured);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether this is an offline punch. Its time comes from the client alone.',
  })
  offline(@Root() { capturedAt }: Attendance): boolean {
    return capturedAt !== null;
  }

  @FieldResolver(() => GraphQLISODateTime, {
    description:
      "When the service received the punch (UTC), by the service's clock. Later than `recordedAt` for an offline or a manual punch.",
  })
  receivedAt(@Root() { receivedAt, recordedAt }: Attendance): Date {
    return receivedAt ?? recordedAt;
  }

  @FieldResolver(() => PunchOriginView, {
    nullable: true,
    description:
      'Who sent the punch, from where, and with which program. Null for punches from before this was kept, and after the employee was erased. For ADMIN and HR.',
  })
  origin(@Root() { origin }: Attendance): PunchOriginView | null {
    return originView(origin);
  }

  @FieldResolver(() => Proof, { description: 'How the employee was identified.' })
  proof(@Root() punch: Attendance): Proof {
    const { descriptorSource, challenged, live, manualReason } = punch;
    const manual = manualReason != null;
    return { descriptorSource, challenge: challenged, liveness: live, manual, place: placeProofOf(punch) };
  }

  @FieldResolver(() => Employee, { description: 'The employee who punched.' })
  employee(
    @Root() { employee, employeeId }: Attendance,
    @Ctx() { loaders }: Context,
  ): Promise<Employee | null> {
    return employee === undefined ? loaders.employee.load(employeeId) : Promise.resolve(employee);
  }

  @FieldResolver(() => Office, {
    nullable: true,
    description: "The employee's office at that time. Null if there was none, or if it was deleted since.",
  })
  async office(
    @Root() { office, officeId }: Attendance,
    @Ctx() { loaders }: Context,
  ): Promise<Office | null> {
    if (officeId === null) return null;
    return office ?? loaders.office.load(officeId);
  }
}
