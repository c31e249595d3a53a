import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { GraphQLUpload } from 'graphql-upload-minimal';
import { parseDescriptor, type Descriptor } from '../services/matching/descriptor';

/** Takes both forms and checks itself: class-validator on 128 list items costs more than the rest of a request. */
export const FaceDescriptorScalar = new GraphQLScalarType<Descriptor, never>({
  name: 'FaceDescriptor',
  description:
    'A face descriptor: a list of 128 finite numbers, or the base64 of 512 bytes (Float32, little-endian). Its ' +
    'Euclidean norm is 0.1 to 100. Only ever an input: descriptors do not leave the service.',
  parseValue: (value) => parseDescriptor(value),
  parseLiteral: (node, variables) => {
    if (node.kind !== Kind.LIST && node.kind !== Kind.STRING) return parseDescriptor(null);
    return parseDescriptor(valueFromASTUntyped(node, variables));
  },
  serialize: () => {
    throw new GraphQLError('Descriptors do not leave the service');
  },
});

/** graphql-upload-minimal's scalar, with a description that says what it is here. */
export const UploadScalar = new GraphQLScalarType({
  ...GraphQLUpload.toConfig(),
  description: 'A file of a multipart request (graphql-multipart-request-spec).',
});
