import { Field, ID, InputType } from 'type-graphql';
import type { UploadSource } from '../../services/photos/input/upload-reader';
import { ConsentInput, IsNested } from './consent';
import {
  AllowDuplicateFace,
  PhotoAsUpload,
  PhotoInBase64,
  PhotosAsUploads,
  PhotosInBase64,
  SentDescriptor,
} from '../face-fields';
import { IsEmployeeId, IsSearch, IsText } from '../validators';

@InputType({ description: 'A person to enrol.' })
export class RegisterEmployeeInput {
  @IsText(200)
  @Field(() => String, { description: '1 to 200 characters, not only blanks; kept as given.' })
  name!: string;

  @IsEmployeeId()
  @Field(() => String, {
    description:
      "The company's own id: 1 to 64 of letters, digits, '.', '_' and '-'. Unique, case-insensitively.",
  })
  employeeId!: string;

  @Field(() => ID, { nullable: true, description: 'The office, whose geofence then holds for the employee.' })
  officeId?: string | null;

  @PhotoInBase64()
  imageBase64?: string | null;

  @PhotoAsUpload()
  image?: UploadSource | null;

  @PhotosInBase64()
  imagesBase64?: string[] | null;

  @PhotosAsUploads()
  images?: UploadSource[] | null;

  @SentDescriptor()
  faceDescriptor?: unknown;

  @AllowDuplicateFace()
  allowDuplicateFace!: boolean;

  @IsNested()
  @Field(() => ConsentInput, {
    nullable: true,
    description: "The person's consent to the use of their face; needed with REQUIRE_CONSENT.",
  })
  consent?: ConsentInput | null;
}

@InputType({ description: 'What of an employee is to change; what is left out stays.' })
export class UpdateEmployeeInput {
  @IsEmployeeId()
  @Field(() => String, { description: 'Which employee.' })
  employeeId!: string;

  @IsText(200)
  @Field(() => String, { nullable: true, description: '1 to 200 characters; not null.' })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'The new office; null: none.' })
  officeId?: string | null;
}

@InputType({ description: 'Which employees to list; all conditions hold together.' })
export class EmployeeFilter {
  @Field(() => ID, { nullable: true, description: 'Only those of this office.' })
  officeId?: string | null;

  @IsSearch(200)
  @Field(() => String, {
    nullable: true,
    description:
      'Part of the name or the employeeId, in any case; at most 200 characters, % and _ as they are.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only active ones, or only inactive ones.' })
  active?: boolean | null;
}
