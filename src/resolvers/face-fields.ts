import { Field } from 'type-graphql';
import { FaceDescriptorScalar, UploadScalar } from './scalars';

/** The fields of every input that brings a face. */

export const PhotoInBase64 = (use: string): PropertyDecorator =>
  Field(() => String, {
    nullable: true,
    description: `Data URI or base64 of a JPEG, PNG, WebP or AVIF. ${use}`,
  });

export const PhotoAsUpload = (): PropertyDecorator =>
  Field(() => UploadScalar, { nullable: true, description: 'The same photo as a multipart upload.' });

export const PhotosAsUploads = (): PropertyDecorator =>
  Field(() => [UploadScalar], { nullable: true, description: 'The same photos as multipart uploads.' });

export const SentDescriptor = (): PropertyDecorator =>
  Field(() => FaceDescriptorScalar, {
    nullable: true,
    description:
      'Descriptor computed by the client. Omit to let the server compute it from the photo (FACE_WORKERS must not be 0).',
  });
