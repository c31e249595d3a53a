import { Field } from 'type-graphql';
import { FaceDescriptorScalar, SEVERAL_PHOTOS, UploadScalar } from './scalars';

/** The fields of every input that brings a face, each with one description for all. */

const ENROLMENT_PHOTO =
  'Data URI or base64 of a JPEG, PNG, WebP or AVIF. Give exactly one of `imageBase64`, `image`, `imagesBase64` and `images`.';

export const PhotoInBase64 = (description = ENROLMENT_PHOTO): PropertyDecorator =>
  Field(() => String, { nullable: true, description });

export const PhotoAsUpload = (): PropertyDecorator =>
  Field(() => UploadScalar, { nullable: true, description: 'The same photo as a multipart upload.' });

export const PhotosInBase64 = (): PropertyDecorator =>
  Field(() => [String], { nullable: true, description: SEVERAL_PHOTOS });

export const PhotosAsUploads = (): PropertyDecorator =>
  Field(() => [UploadScalar], { nullable: true, description: 'The same photos as multipart uploads.' });

export const SentDescriptor = (): PropertyDecorator =>
  Field(() => FaceDescriptorScalar, {
    nullable: true,
    description:
      'Descriptor computed by the client. Omit to let the server compute it from the photo (FACE_WORKERS must not be 0).',
  });

export const AllowDuplicateFace = (): PropertyDecorator =>
  Field(() => Boolean, {
    defaultValue: false,
    description:
      'Enrol the face even if it matches another employee, for example a twin. The audit trail records it.',
  });
