import type { FastifyInstance } from 'fastify';
import { RollcallError } from '../../errors';

/** Bodies are not decompressed: a few bytes could unfold to gigabytes, and photos are compressed already. */
export function refuseCompressedBodies(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const encodings = request.headers['content-encoding']?.split(',') ?? [];
    if (encodings.every((encoding) => /^(identity)?$/i.test(encoding.trim()))) return done();
    // RFC 9110, 12.5.3: so a client learns what to send instead.
    void reply.code(415).headers({ 'accept-encoding': 'identity', connection: 'close' });
    done(new RollcallError('BAD_USER_INPUT', 'Send the body without Content-Encoding'));
  });
}
