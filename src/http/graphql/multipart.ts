import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { processRequest } from 'graphql-upload-minimal';
import { badInput, RollcallError } from '../../errors';
import { boundaryOf, PartNames } from './part-names';
import { MAX_PHOTOS } from '../../services/photos/input/photo-input';

/** Bytes of the `operations` and `map` fields: the query and its variables without the files. */
const MAX_FIELD_BYTES = 1_048_576;
/** The parts are to come in the specification's order: operations, map, then the files. */
const MALFORMED = `The multipart body must have these parts in this order: "operations" (JSON, at most ${MAX_FIELD_BYTES} bytes), "map" (JSON that names a variable for each file), and 1 to ${MAX_PHOTOS} files`;
/** The fields of a multipart body in addition to the files. */
const OVERHEAD_BYTES = 2 * MAX_FIELD_BYTES;

/** Teaches Fastify multipart GraphQL requests (graphql-multipart-request-spec). */
export function acceptMultipart(app: FastifyInstance, maxImageBytes: number): void {
  const maxBody = MAX_PHOTOS * maxImageBytes + OVERHEAD_BYTES;
  // The body stays a stream here; it is read below, field by field.
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
  app.addHook('preValidation', async (request, reply) => {
    if (!isMultipart(request.headers)) return;
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > maxBody) {
      // The rest of such a body is not worth reading.
      void reply.header('connection', 'close').code(413);
      throw badInput(
        'image',
        `the request must have at most ${maxBody} bytes, a photo at most ${maxImageBytes}`,
      );
    }
    try {
      request.body = await processRequest(guarded(request.raw), reply.raw, {
        // The library truncates at this size. One byte more than the limit reveals a file that is too large.
        maxFileSize: maxImageBytes + 1,
        maxFieldSize: MAX_FIELD_BYTES,
        maxFiles: MAX_PHOTOS,
      });
    } catch (error) {
      // Its messages quote the request, and some of its errors have no status or claim to be ours.
      void reply.code((error as { status?: number }).status === 413 ? 413 : 400);
      throw new RollcallError('BAD_USER_INPUT', MALFORMED, {}, { cause: error });
    }
  });
  // The parser waits for somebody to read each file. Where nobody does, because the request was refused, the rest of
  // the body would stay in the connection, and the next request behind it would never be seen.
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (!raw.readableEnded && isMultipart(raw.headers)) raw.unpipe().resume();
    done();
  });
}

/**
 * The parser reports a broken part twice: when it sees it, and when it is destroyed for it. The library listens once,
 * and the second report would end the process. Between the request and the parser, parts get file names.
 */
function guarded(raw: IncomingMessage): IncomingMessage {
  const pipe = raw.pipe.bind(raw);
  const unpipe = raw.unpipe.bind(raw);
  const boundary = boundaryOf(raw.headers['content-type'] ?? '');
  if (boundary === null) return raw;
  const names = new PartNames(boundary);
  raw.pipe = (parser, options) => {
    pipe(names).pipe(
      parser.on('error', () => undefined),
      options,
    );
    return parser;
  };
  raw.unpipe = (parser) => unpipe(parser === undefined ? undefined : names);
  return raw;
}

const isMultipart = (headers: IncomingHttpHeaders): boolean =>
  headers['content-type']?.startsWith('multipart/form-data') === true;
