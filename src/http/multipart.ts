import type { FastifyInstance } from 'fastify';
import { processRequest } from 'graphql-upload-minimal';
import { badInput } from '../errors';

/** Bytes of the `operations` and `map` fields: the query and its variables without the file. */
const MAX_FIELD_BYTES = 1_048_576;
/** What a multipart body has besides the file. */
const OVERHEAD_BYTES = 2 * MAX_FIELD_BYTES;

/** Teaches Fastify multipart GraphQL requests (graphql-multipart-request-spec). */
export function acceptMultipart(app: FastifyInstance, maxImageBytes: number): void {
  const maxBody = maxImageBytes + OVERHEAD_BYTES;
  // The body stays a stream here; it is read below, field by field.
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
  app.addHook('preValidation', async (request, reply) => {
    if (!request.headers['content-type']?.startsWith('multipart/form-data')) return;
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > maxBody) {
      // The rest of such a body is not worth reading.
      void reply.header('connection', 'close').code(413);
      throw badInput(
        'image',
        `the request must be at most ${maxBody} bytes, its photo at most ${maxImageBytes}`,
      );
    }
    request.body = await processRequest(request.raw, reply.raw, {
      // The library truncates at this size; a byte more than is allowed tells a file that is too large.
      maxFileSize: maxImageBytes + 1,
      maxFieldSize: MAX_FIELD_BYTES,
      maxFiles: 1,
    });
  });
}
