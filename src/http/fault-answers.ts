import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { RollcallError } from '../errors';
import { toClientFault } from './format-error';

export const STATUS = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FACE_ALREADY_ENROLLED: 409,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
} as const;

/** A fault in GraphQL's form. */
const answer = (message: string, code: string, requestId: string, extensions: object = {}) => ({
  errors: [{ message, extensions: { ...extensions, code, requestId } }],
});

/** Every fault outside of GraphQL's execution is answered in GraphQL's form too. */
export function answerFaultsAsJson(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error: FastifyError | RollcallError, request, reply) => {
    if (error instanceof RollcallError) {
      const status = reply.statusCode >= 400 ? reply.statusCode : STATUS[error.code];
      const { retryAfterSeconds } = error.details;
      if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
      return reply.code(status).send(answer(error.message, error.code, request.id, error.details));
    }
    const status = error.statusCode ?? (error as { status?: number }).status ?? 500;
    if (status >= 400 && status < 500) {
      return reply.code(status).send(answer(plainReason(error, status), 'BAD_USER_INPUT', request.id));
    }
    const fault = toClientFault(error);
    if (fault.internal) log.error({ reqId: request.id, err: error }, 'Internal error');
    return reply
      .code(fault.internal ? 500 : 503)
      .send(answer(fault.message, fault.code, request.id, fault.extensions));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(answer('There is nothing at this address', 'NOT_FOUND', request.id)),
  );
}

/** Says what is wrong with a request without quoting it: a parser's message may hold a piece of the body. */
function plainReason(error: FastifyError, status: number): string {
  switch (status) {
    case 408:
      return 'The request took too long to arrive';
    case 413:
      return 'The request is too large';
    case 415:
      return 'The content type must be application/json or multipart/form-data';
    default:
      return error.code?.startsWith('FST_ERR_CTP') || error instanceof SyntaxError
        ? 'The body must be a JSON object'
        : error.message.slice(0, 200);
  }
}

/** Answers an address that cannot be decoded: it has no route, so no hooks either. */
export function answerBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(400)
    .header('x-request-id', request.id)
    .send(answer('The address is malformed', 'BAD_USER_INPUT', request.id));
}

/** Answers what does not become a request: bytes that are no HTTP, headers that do not fit, a body that never comes. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, message] = clientFault(error.code);
  if (socket.writable) {
    const body = JSON.stringify(answer(message, 'BAD_USER_INPUT', randomUUID()));
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
        `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

function clientFault(code: string | undefined): readonly [status: number, message: string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'The request took too long to arrive'];
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'The headers of the request are too large'];
  return [400, 'This is not an HTTP request'];
}
