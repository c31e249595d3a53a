import {
  Arg,
  Ctx,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Config } from '../../config/config';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { Employee } from '../../entities/employee.entity';
import { Office } from '../../entities/office.entity';
import type { AttendanceLists } from '../../services/attendance/punches/attendance-lists';
import type { CheckAttendance } from '../../services/attendance/check/check-attendance';
import type { StorageService } from '../../services/photos/storage-service';
import { AttendanceFilter, CheckAttendanceInput } from './attendance.inputs';
import { CheckAttendanceResult } from './check-attendance-result';
import { resultOf } from './check-result-of';
import { AFTER, connectionOf, FIRST, pageComplexity } from '../connection';
import { NOT_FOR_KIOSKS } from '../access-policy/permissions';
import { ImageUpload, imageUploadOf, LOCAL_URL } from '../image-upload';
import { Proof } from './proof';

const AttendanceConnection = connectionOf('Attendance', 'punches', () => Attendance);
type AttendancePage = InstanceType<typeof AttendanceConnection>;

@Resolver(() => Attendance)
export class AttendanceResolver {
  constructor(
    private readonly service: CheckAttendance,
    private readonly lists: AttendanceLists,
    private readonly storage: StorageService,
    private readonly exposeSimilarity: Config['checks']['exposeSimilarity'],
  ) {}

  @Mutation(() => CheckAttendanceResult, {
    description:
      'Decides whose face it is and whether they stand at their office, and records the punch. Refusals are ' +
      "outcomes. Errors: BAD_USER_INPUT (field and bound), CONFLICT (the requestId is another employee's), FORBIDDEN (a " +
      'kiosk names another office), TOO_MANY_REQUESTS with `retryAfterSeconds` (after refused faces), UNAVAILABLE.',
  })
  async checkAttendance(
    @Arg('input', () => CheckAttendanceInput, { description: 'Who stands in front of the camera.' })
    input: CheckAttendanceInput,
    @Ctx() { requester }: Context,
  ): Promise<CheckAttendanceResult> {
    return resultOf(await this.service.check(input, requester), this.storage, this.exposeSimilarity);
  }

  @Query(() => AttendanceConnection, {
    description: 'Punches, newest first. Errors: BAD_USER_INPUT for first, after and the range.',
    complexity: pageComplexity,
  })
  async attendances(
    @Arg('filter', () => AttendanceFilter, { nullable: true, description: 'Left out: all.' })
    filter: AttendanceFilter | null,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<AttendancePage> {
    return new AttendanceConnection(await this.lists.list(filter ?? {}, { first, after }));
  }

  @FieldResolver(() => Float, {
    description:
      "Cosine similarity, -1 to 1, of the face with the best of the employee's templates; 0 where none was compared " +
      '(proof.manual) or none is kept any more (the employee was erased); in the answer of a check 1 where ' +
      'EXPOSE_SIMILARITY does not tell it.',
  })
  similarity(@Root() { similarity }: Attendance): number {
    return similarity ?? 0;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `cloudinaryImageUrl, else localImageUrl; null: there is no photo (any more), and ${NOT_FOR_KIOSKS}.`,
  })
  imageUrl(@Root() { image }: Attendance): string | null {
    return this.storage.imageUrl(image);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `${LOCAL_URL} Null: there is no photo (any more), and for a KIOSK.`,
  })
  localImageUrl(@Root() { image }: Attendance): string | null {
    return this.storage.localUrl(image);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The Cloudinary copy; null until it is uploaded, and for a KIOSK.',
  })
  cloudinaryImageUrl(@Root() { image }: Attendance): string | null {
    return this.storage.cloudinaryUrl(image);
  }

  @FieldResolver(() => ImageUpload, { description: 'How the copy of the photo to the CDN stands.' })
  imageUpload(@Root() { image }: Attendance): ImageUpload {
    return imageUploadOf(image, this.storage.cdnConfigured);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it was made while the client was offline, which alone says when that was.',
  })
  offline(@Root() { capturedAt }: Attendance): boolean {
    return capturedAt !== null;
  }

  @FieldResolver(() => GraphQLISODateTime, {
    description: 'When the service received it (UTC): later than recordedAt where it was made offline.',
  })
  receivedAt(@Root() { lateArrival, recordedAt }: Attendance): Date {
    return lateArrival ?? recordedAt;
  }

  @FieldResolver(() => Proof, { description: 'How it was shown whose face it is.' })
  proof(@Root() { descriptorSource, challenged, live, manualReason }: Attendance): Proof {
    const manual = manualReason != null;
    return { descriptorSource, challenge: challenged, liveness: live, manual };
  }

  @FieldResolver(() => Employee, { description: 'Whose punch it is.' })
  employee(
    @Root() { employee, employeeId }: Attendance,
    @Ctx() { loaders }: Context,
  ): Promise<Employee | null> {
    return employee === undefined ? loaders.employee.load(employeeId) : Promise.resolve(employee);
  }

  @FieldResolver(() => Office, {
    nullable: true,
    description: "The employee's office at that time; null: none, or since deleted.",
  })
  async office(
    @Root() { office, officeId }: Attendance,
    @Ctx() { loaders }: Context,
  ): Promise<Office | null> {
    if (officeId === null) return null;
    return office ?? loaders.office.load(officeId);
  }
}
