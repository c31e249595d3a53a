import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { unavailable } from '../../errors';

/**
 * When the service stops: connections without a request in flight are closed at once, the others with their answer,
 * and what is asked on one all the same is refused. Node by itself keeps a connection that has not asked anything yet
 * (browsers open such ones ahead) and one that was busy when the stop began: each would hold the stop for a minute.
 */
export function drainOnStop(app: FastifyInstance): void {
  /** Requests in flight, by connection. */
  const inFlight = new Map<Socket, number>();
  let stopping = false;
  const change = (socket: Socket, by: number): void => {
    const requests = inFlight.get(socket);
    // Not there: the connection is closed.
    if (requests === undefined) return;
    inFlight.set(socket, requests + by);
    if (stopping && requests + by === 0) socket.end();
  };

  app.server.on('connection', (socket) => {
    if (stopping) return void socket.destroy();
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    change(raw.socket, 1);
    done(stopping ? unavailable('The service is stopping; try again shortly') : undefined);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) void reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    change(raw.socket, -1);
    done();
  });
  app.addHook('preClose', (done) => {
    stopping = true;
    for (const [socket, requests] of inFlight) if (requests === 0) socket.destroy();
    done();
  });
}
