import { Field } from 'type-graphql';
import { FaceDescriptorScalar, SEVERAL_PHOTOS, UploadScalar } from './scalars';

/** The fields of every input that brings a face, each with one description for all. */

const ENROLMENT_PHOTO =
  'A data URI or bare base64 of a JPEG, PNG or WebP. Exactly one of imageBase64, image, imagesBase64 and images is given.';

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
      'Computed by the client. Left out: the server computes it from the photo (where the face engine is on).',
  });

export const AllowDuplicateFace = (): PropertyDecorator =>
  Field(() => Boolean, {
    defaultValue: false,
    description:
      "Enrol the face although it matches another employee's (twins); it is kept in the audit trail.",
  });
