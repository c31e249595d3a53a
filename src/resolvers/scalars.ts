import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { GraphQLUpload } from 'graphql-upload-minimal';

/**
 * Carries a descriptor in either form; what it has to be is the model's to say, whose dimension is configured.
 * class-validator on each of the list's items would cost more than the rest of a request.
 */
export const FaceDescriptorScalar = new GraphQLScalarType<unknown, never>({
  name: 'FaceDescriptor',
  description:
    'A face descriptor: a list of 128 finite numbers, or the base64 of 512 bytes (Float32, little-endian); another ' +
    'dimension where another model is configured. Its Euclidean norm is 0.1 to 100. Only ever an input: descriptors ' +
    'do not leave the service.',
  parseValue: (value) => value,
  parseLiteral: (node, variables) =>
    node.kind === Kind.LIST || node.kind === Kind.STRING ? valueFromASTUntyped(node, variables) : {},
  serialize: () => {
    throw new GraphQLError('Descriptors do not leave the service');
  },
});

/** graphql-upload-minimal's scalar, with a description that says what it is here. */
export const UploadScalar = new GraphQLScalarType({
  ...GraphQLUpload.toConfig(),
  description: 'A file of a multipart request (graphql-multipart-request-spec).',
});

/** What a field with several photos of an enrolment is. */
export const SEVERAL_PHOTOS =
  'One to five photos of the same person, as data URIs or bare base64, of which the server computes the descriptors: ' +
  'the more, the surer the person is recognised. The first one becomes the photo of the employee where it is their ' +
  'first enrolment.';
