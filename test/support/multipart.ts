import { CHECK, hopper } from './operations';

/** Requests by the GraphQL multipart request specification, and against it. */

const BOUNDARY = 'rollcall-test';

export const operations = (input: object = {}, query: string = CHECK): string =>
  JSON.stringify({
    query,
    variables: {
      input: { employeeId: 'EMP-1', faceDescriptor: hopper.faceDescriptor, image: null, ...input },
    },
  });
export const MAP = '{"0":["variables.input.image"]}';

export interface Part {
  readonly name: string;
  readonly body: string | Buffer;
  readonly file?: string;
  readonly type?: string;
}

export const file = (body: Buffer, name = 'face.jpg', type = 'image/jpeg'): Part => ({
  name: '0',
  body,
  file: name,
  type,
});
export const usual = (...more: Part[]): Part[] => [
  { name: 'operations', body: operations() },
  { name: 'map', body: MAP },
  ...more,
];

export const multipart = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, body, file: filename, type }) => [
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"` +
          (filename === undefined ? '' : `; filename="${filename}"`) +
          (type === undefined ? '' : `\r\nContent-Type: ${type}`) +
          '\r\n\r\n',
      ),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);

export const multipartHeaders = {
  'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  'apollo-require-preflight': '1',
};
