import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkJsonShape } from './bounds/json-text';

/** Bytes from which the steps of reading a body leave room for other requests in between. */
const LARGE = 4_194_304;

/** Largest body of plain text. */
const MAX_PLAIN_BYTES = 65_536;

/**
 * Replaces Fastify's JSON parser: the shape is checked before anything is parsed. The result is
 * checked for names such as __proto__ together with the variables (bounds/sent-values.ts).
 */
export function acceptJson(app: FastifyInstance): void {
  // Apollo refuses GraphQL as plain text, which a page of another site can send; a large body is read for nothing.
  const plain = { parseAs: 'string', bodyLimit: MAX_PLAIN_BYTES } as const;
  app.addContentTypeParser('text/plain', plain, (_request, body, done) => done(null, body));
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, readBody);
}

async function readBody(_request: FastifyRequest, body: Buffer): Promise<unknown> {
  const pause = (): unknown => (body.length >= LARGE ? setImmediate() : undefined);
  checkJsonShape(body);
  await pause();
  const text = withoutMark(body).toString('utf8');
  await pause();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // A syntax error is the client's. Its message quotes the body, and is replaced (fault-answers.ts).
    throw Object.assign(error as Error, { statusCode: 400 });
  }
}

/** Some clients begin a text with a byte order mark. */
const withoutMark = (body: Buffer): Buffer =>
  body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
