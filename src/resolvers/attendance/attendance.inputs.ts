import { Field, Float, GraphQLISODateTime, ID, InputType } from 'type-graphql';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { AttendanceType } from '../../entities/attendance.entity';
import type { UploadSource } from '../../services/photos/input/upload-reader';
import { PhotoAsUpload, PhotoInBase64, PhotosAsUploads, SentDescriptor } from '../face-fields';
import { IsAccuracy, IsEmployeeId, IsLatitude, IsLongitude, IsText, IsToken } from '../validators';

@InputType({ description: 'A check of the person in front of the camera.' })
export class CheckAttendanceInput {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: 'The claimed employee. Omit to identify the person by face (one-to-many search).',
  })
  employeeId?: string | null;

  @PhotoInBase64('Give exactly one of `imageBase64` and `image`.')
  imageBase64?: string | null;

  @PhotoAsUpload()
  image?: UploadSource | null;

  @SentDescriptor()
  faceDescriptor?: unknown;

  @IsLatitude()
  @Field(() => Float, {
    nullable: true,
    description: "Degrees, -90 to 90. Required, with `longitude`, if the employee's office has a geofence.",
  })
  latitude?: number | null;

  @IsLongitude()
  @Field(() => Float, { nullable: true, description: 'Degrees, -180 to 180.' })
  longitude?: number | null;

  @IsAccuracy()
  @Field(() => Float, {
    nullable: true,
    description:
      'Accuracy of the position as the device states it: the radius in metres in which it probably is. 0 to 40000000. Where this circle crosses the geofence, a position that is too inaccurate (POSITION_MAX_ACCURACY_METERS) or too old (POSITION_MAX_AGE_SECONDS) ends in POSITION_UNCERTAIN.',
  })
  positionAccuracyMeters?: number | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: "When the device determined the position, by the device's clock.",
  })
  positionTakenAt?: Date | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Search only employees of this office, which makes fewer mistakes. Ignored if `employeeId` is given.',
  })
  officeId?: string | null;

  @Field(() => AttendanceType, {
    nullable: true,
    description: 'Direction. Omit to alternate LOGIN and LOGOUT within the working day.',
  })
  type?: AttendanceType | null;

  @IsText(64)
  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key, 1 to 64 characters. A retry with the same key records nothing new and returns the first answer.',
  })
  requestId?: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      "When the photo was taken, by the device's clock, for a saved check. Needs a `requestId`. What is older than 12 hours or in the future, or older than 10 minutes from a key without `allowOffline`, becomes a review item. So does what the service knows to be wrong: before the key or the employee existed, too close to another punch, or from a device that has got answers since then. Omit for now.",
  })
  capturedAt?: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      "The time of the device's clock when it sends the check. Used with `capturedAt`: if the clock is wrong by a known offset, the time is corrected (TIME_CORRECTED). If the offset is unknown, the check becomes a review item.",
  })
  deviceTime?: Date | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "The service's clock minus the device's, in milliseconds, as the device measured it within 24 hours of the photo. Null if it did not, or restarted since.",
  })
  clockOffsetMs?: number | null;

  // Without bounds: the check is kept even with a wrong value, and a person decides.
  @Field(() => String, {
    nullable: true,
    description:
      'With `capturedAt`: the header X-Time-Beacon of the last answer that the device had got when the photo was taken. It proves that the check was not made before that answer. A beacon of another API key, or one from after `capturedAt`, makes the check a review item. Omit if the device has none.',
  })
  timeBeacon?: string | null;

  @IsToken()
  @Field(() => String, {
    nullable: true,
    description:
      'Token from createChallenge, for the same requester, office and employee. Required if REQUIRE_CHALLENGE or REQUIRE_LIVENESS is set. The check uses up the token, whatever the outcome.',
  })
  challenge?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'One photo for each action of the challenge, in the same order. Data URIs or base64, not mirrored. The photo in `imageBase64` or `image` must show the person from the front.',
  })
  livenessImagesBase64?: string[] | null;

  @PhotosAsUploads()
  livenessImages?: UploadSource[] | null;
}

@InputType({ description: 'Filter for punches. A punch must meet all conditions.' })
export class AttendanceFilter {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: "Only punches of this employee (the company's own id).",
  })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only punches that belong to this office.' })
  officeId?: string | null;

  @Field(() => AttendanceType, { nullable: true, description: 'Only punches in this direction.' })
  type?: AttendanceType | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: only voided punches. Otherwise only punches that count.',
  })
  voided?: boolean | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description:
      'Only punches that count to the working day of this date (`workDate`). Without `employeeId` the day of everybody is derived: one such request at a time runs for a key.',
  })
  workDate?: LocalDate | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Only punches at or after this time.' })
  from?: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Only punches before this time. Must not be before `from`.',
  })
  to?: Date | null;

  @IsText(64)
  @Field(() => ID, {
    nullable: true,
    description: 'Only punches that this API key sent. For ADMIN and HR, otherwise FORBIDDEN.',
  })
  keyId?: string | null;

  @IsText(64)
  @Field(() => String, {
    nullable: true,
    description:
      'Only punches from this network, or from the network of this address: a /24 of IPv4 or a /48 of IPv6. For ADMIN and HR, otherwise FORBIDDEN.',
  })
  network?: string | null;

  @IsText(100)
  @Field(() => String, {
    nullable: true,
    description:
      'Only punches whose program (`origin.client`) begins with this text. For ADMIN and HR, otherwise FORBIDDEN.',
  })
  client?: string | null;
}
