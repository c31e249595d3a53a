import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { RollcallError } from '../../errors';
import { prefersHtml } from '../hooks/accept';
import { toClientFault } from '../graphql/format-error';
import { NoticePage } from './notice-page';
import type { NoticeKind } from './notice-texts';
import { WEB_ROOT } from './web-pages';
import { correlationBindings, correlationExtensions, correlationHeaders } from '../correlation-id';

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
const answer = (message: string, code: string, id: string, extensions: object = {}) => ({
  errors: [{ message, extensions: { ...extensions, code, ...correlationExtensions(id) } }],
});

/** What a fault is answered with, before it is known whether a person or a program reads it. */
interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly extensions?: object;
  /** Whether the message says no more than the status, so that a person need not read it. */
  readonly generic?: boolean;
}

interface FaultAnswerOptions {
  /** The folder of the built pages, which have the style. */
  readonly webRoot?: string;
  /** The path of PUBLIC_URL. */
  readonly prefix?: string;
}

/** Answers faults outside of GraphQL's execution: in GraphQL's form, and to a browser as a page. */
export class FaultAnswers {
  private readonly notices: NoticePage;

  constructor({ webRoot = WEB_ROOT, prefix = '' }: FaultAnswerOptions = {}) {
    this.notices = new NoticePage(webRoot, prefix);
  }

  register(app: FastifyInstance, log: Logger): void {
    app.setErrorHandler((error: FastifyError | RollcallError, request, reply) => {
      if (error instanceof RollcallError) {
        const status = reply.statusCode >= 400 ? reply.statusCode : STATUS[error.code];
        const { retryAfterSeconds } = error.details;
        if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
        const { code, message, details: extensions } = error;
        return this.send(request, reply, { status, code, message, extensions });
      }
      const status = error.statusCode ?? (error as { status?: number }).status ?? 500;
      if (status >= 400 && status < 500) {
        const message = plainReason(error, status);
        return this.send(request, reply, { status, code: 'BAD_USER_INPUT', message, generic: true });
      }
      const fault = toClientFault(error);
      const { retryAfterSeconds } = fault.extensions;
      if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
      if (fault.internal) log.error({ ...correlationBindings(request.id), err: error }, 'Internal error');
      return this.send(request, reply, {
        ...fault,
        status: fault.internal ? 500 : 503,
        generic: fault.internal,
      });
    });
    app.setNotFoundHandler((request, reply) =>
      this.send(request, reply, {
        status: 404,
        code: 'NOT_FOUND',
        message: 'Address not found',
        generic: true,
      }),
    );
  }

  /** Answers an address that cannot be decoded: it has no route, so no hooks either. */
  readonly badUrl = (_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const message = 'Malformed address';
    void reply.headers({ ...correlationHeaders(request.id), 'cache-control': 'no-store' });
    void this.send(request, reply, { status: 400, code: 'BAD_USER_INPUT', message, generic: true });
  };

  private send(request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply {
    const { status, code, message, extensions, generic = false } = fault;
    const known = reply.getHeader('vary');
    const vary = [...(known === undefined ? [] : [String(known)]), 'accept', 'accept-language'].join(', ');
    void reply.code(status).header('vary', vary);
    return isNavigation(request)
      ? this.notices.send(request, reply, {
          kind: noticeKind(status, request),
          detail: generic ? null : message,
        })
      : reply.send(answer(message, code, request.id, extensions));
  }
}

/** Browsers open addresses with GET. Requests with another method come from a program, which wants JSON. */
const isNavigation = ({ method, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && prefersHtml(headers.accept);

/** What a refusal at these addresses means is that the link is no longer good. */
const LINKS: Readonly<Record<string, number>> = {
  '/media/*': 403,
  '/exports/:token': 404,
  '/reports/:file': 403,
};

function noticeKind(status: number, { routeOptions }: FastifyRequest): NoticeKind {
  if (LINKS[routeOptions.url ?? ''] === status) return 'expiredLink';
  if (status === 404) return 'notFound';
  if (status === 401 || status === 403) return 'refused';
  if (status === 429) return 'tooMany';
  if (status === 503) return 'unavailable';
  return status < 500 ? 'badRequest' : 'internal';
}

/** Says what is wrong with a request without quoting it: a parser's message may hold a piece of the body. */
function plainReason(error: FastifyError, status: number): string {
  switch (status) {
    case 408:
      return 'The request took too long to arrive';
    case 413:
      return 'Request too large';
    case 415:
      return 'Content type must be application/json or multipart/form-data';
    default:
      return error.code?.startsWith('FST_ERR_CTP') || error instanceof SyntaxError
        ? 'The body must be a JSON object'
        : error.message.slice(0, 200);
  }
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
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'Request headers too large'];
  return [400, 'Not an HTTP request'];
}
