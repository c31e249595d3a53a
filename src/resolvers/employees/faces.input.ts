import { Field, InputType } from 'type-graphql';
import type { UploadSource } from '../../services/photos/input/upload-reader';
import { PhotoAsUpload, PhotoInBase64, PhotosAsUploads, SentDescriptor } from '../face-fields';
import { SEVERAL_PHOTOS } from '../scalars';

/** The faces that an input enrols. */
@InputType()
export abstract class FacesInput {
  @PhotoInBase64('Give exactly one of `imageBase64`, `image`, `imagesBase64` and `images`.')
  imageBase64?: string | null;

  @PhotoAsUpload()
  image?: UploadSource | null;

  @Field(() => [String], { nullable: true, description: SEVERAL_PHOTOS })
  imagesBase64?: string[] | null;

  @PhotosAsUploads()
  images?: UploadSource[] | null;

  @SentDescriptor()
  faceDescriptor?: unknown;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Enrol the face even if it matches another employee, for example a twin. The audit trail records it.',
  })
  allowDuplicateFace!: boolean;
}
