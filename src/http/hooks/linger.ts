import type { FastifyInstance } from 'fastify';

/** How long, and how many bytes, a client may go on sending after the answer. A phone's largest photo fits. */
const LINGER_MS = 5000;
const LINGER_BYTES = 100_000_000;
const LOOK_MS = 100;

/**
 * Lets a client read why it was refused. One whose body is refused before it was read is still sending; if its connection is
 * closed at once, the system answers what arrives later with a reset, which takes the answer away from the client, too.
 * So the service closes its own side and throws away what comes, for a while.
 */
export function lingerAfterRefusals(app: FastifyInstance): void {
  app.addHook('onSend', ({ raw }, _reply, payload, done) => {
    const { socket } = raw;
    // Node calls it after an answer that ends the connection.
    if (!raw.complete) {
      socket.destroySoon = () => {
        socket.end();
        const [until, most] = [Date.now() + LINGER_MS, socket.bytesRead + LINGER_BYTES];
        const looks = setInterval(() => {
          if (Date.now() > until || socket.bytesRead > most) socket.destroy();
        }, LOOK_MS);
        socket.once('close', () => clearInterval(looks));
      };
    }
    done(null, payload);
  });
}
