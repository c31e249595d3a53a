import type { IncomingMessage } from 'node:http';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import { BodyMemory } from './bounds/body-memory';
import { checkJsonShape } from './bounds/json-text';
import { parseWithLongTexts } from './bounds/long-texts';

/** Largest body of plain text. */
const MAX_PLAIN_BYTES = 65_536;

/**
 * Replaces Fastify's JSON parser: the shape is checked before anything is parsed, and a photo is held as few times as
 * possible. The result is checked for names such as __proto__ together with the variables (bounds/sent-values.ts).
 */
export function acceptJson(app: FastifyInstance, bodyLimit: number): void {
  // Apollo refuses GraphQL as plain text, which a page of another site can send; a large body is read for nothing.
  const plain = { parseAs: 'string', bodyLimit: MAX_PLAIN_BYTES } as const;
  app.addContentTypeParser('text/plain', plain, (_request, body, done) => done(null, body));
  app.addContentTypeParser(
    'application/json',
    async ({ headers }: FastifyRequest, payload: IncomingMessage) => {
      const body = await readBody(payload, Number(headers['content-length'] ?? NaN), bodyLimit);
      try {
        return await parseWithLongTexts(body.bytes, checkJsonShape(body.bytes));
      } catch (error) {
        // A syntax error is the client's. Its message quotes the body, and is replaced (fault-answers.ts).
        if (error instanceof SyntaxError) throw Object.assign(error, { statusCode: 400 });
        throw error;
      } finally {
        body.release();
      }
    },
  );
}

/**
 * Reads a body. Fastify would collect the pieces and then copy them into one, which takes twice the memory.
 * @param length that the client names; NaN: none
 * @throws Fastify's own errors: 413 beyond the limit, 400 for another length than the client named
 */
function readBody(payload: IncomingMessage, length: number, limit: number): Promise<BodyMemory> {
  const body = new BodyMemory(Number.isNaN(length) || length > limit ? 0 : length);
  return new Promise((resolve, reject) => {
    const end = (error: Error | null): void => {
      payload.off('data', take).off('end', finish).off('error', fail);
      if (error === null) return resolve(body);
      body.release();
      reject(error);
    };
    const fail = (error: Error): void => end(Object.assign(error, { statusCode: 400 }));
    const finish = (): void => {
      const whole = Number.isNaN(length) || body.length === length;
      end(whole ? null : new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH());
    };
    const take = (piece: Buffer): void => {
      if (body.length + piece.length > limit) end(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      else body.add(piece);
    };
    if (length > limit) return end(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    payload.on('data', take).on('end', finish).on('error', fail).resume();
  });
}
