import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { GraphQLUpload } from 'graphql-upload-minimal';

/**
 * Carries a descriptor in either form; what it has to be is the model's to say, whose dimension is configured.
 * class-validator on each of the list's items would cost more than the rest of a request.
 */
export const FaceDescriptorScalar = new GraphQLScalarType<unknown, never>({
  name: 'FaceDescriptor',
  description:
    'A face descriptor: a list of 128 finite numbers, or base64 of 512 bytes (Float32, little-endian). A configured model can have another dimension. The Euclidean norm must be 0.1 to 100. Input only: the API never returns descriptors.',
  parseValue: (value) => value,
  parseLiteral: (node, variables) =>
    node.kind === Kind.LIST || node.kind === Kind.STRING ? valueFromASTUntyped(node, variables) : {},
  serialize: () => {
    throw new GraphQLError('The API never returns descriptors');
  },
});

/** graphql-upload-minimal's scalar with our own description. */
export const UploadScalar = new GraphQLScalarType({
  ...GraphQLUpload.toConfig(),
  description: 'A file in a multipart request (graphql-multipart-request-spec).',
});

/** What a field with several photos of an enrolment is. */
export const SEVERAL_PHOTOS =
  "One to five photos of the same person, as data URIs or base64. The server computes a descriptor from each. More photos make recognition more reliable. At the first enrolment, the first photo becomes the employee's photo.";
