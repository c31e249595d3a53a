import { Field, Float, GraphQLISODateTime, ID, InputType } from 'type-graphql';
import { AttendanceType } from '../../entities/attendance.entity';
import type { UploadSource } from '../../services/photos/input/upload-reader';
import { PhotoAsUpload, PhotoInBase64, PhotosAsUploads, SentDescriptor } from '../face-fields';
import { IsEmployeeId, IsLatitude, IsLongitude, IsText, IsToken } from '../validators';

@InputType({ description: 'A person in front of the camera.' })
export class CheckAttendanceInput {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: 'Left out: the face alone decides who it is (one-to-many identification).',
  })
  employeeId?: string | null;

  @PhotoInBase64(
    'A data URI or bare base64 of a JPEG, PNG or WebP. Exactly one of imageBase64 and image is given.',
  )
  imageBase64?: string | null;

  @PhotoAsUpload()
  image?: UploadSource | null;

  @SentDescriptor()
  faceDescriptor?: unknown;

  @IsLatitude()
  @Field(() => Float, {
    nullable: true,
    description: "Degrees, -90 to 90. Needed, with longitude, where the employee's office has a geofence.",
  })
  latitude?: number | null;

  @IsLongitude()
  @Field(() => Float, { nullable: true, description: 'Degrees, -180 to 180.' })
  longitude?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Looks for the face among the employees of this office only, which makes fewer mistakes. Without effect where ' +
      'an employeeId is given.',
  })
  officeId?: string | null;

  @Field(() => AttendanceType, {
    nullable: true,
    description: 'Left out: LOGIN and LOGOUT alternate within the working day.',
  })
  type?: AttendanceType | null;

  @IsText(64)
  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key, 1 to 64 characters: a retry with the same key records nothing new and returns the first answer.',
  })
  requestId?: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'When the photo was taken, for a punch that was made offline: at most 12 hours ago, and not in the future (by more ' +
      'than 60 seconds). Only from keys with allowOffline, and only with a requestId. Left out: now.',
  })
  capturedAt?: Date | null;

  @IsToken()
  @Field(() => String, {
    nullable: true,
    description:
      'The token of a challenge (createChallenge) of the same caller, office and employee. Needed where ' +
      'REQUIRE_CHALLENGE or REQUIRE_LIVENESS is set. It is used up, whatever comes of the check.',
  })
  challenge?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "One photo for each of the challenge's actions, in their order, as data URIs or bare base64; not mirrored. " +
      'The photo in imageBase64 or image shows the person from the front.',
  })
  livenessImagesBase64?: string[] | null;

  @PhotosAsUploads()
  livenessImages?: UploadSource[] | null;
}

@InputType({ description: 'Which punches to list; all conditions hold together.' })
export class AttendanceFilter {
  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only those of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those that were made for this office.' })
  officeId?: string | null;

  @Field(() => AttendanceType, { nullable: true, description: 'Only this direction.' })
  type?: AttendanceType | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Only punches from this moment on.' })
  from?: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Only punches before this moment (which is not included); not before `from`.',
  })
  to?: Date | null;
}
