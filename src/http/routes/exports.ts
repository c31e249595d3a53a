import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { RollcallError } from '../../errors';

/** What the route needs of the exports. */
export interface ExportDownloads {
  /** @returns whose data the token is for; null for one that is unknown, used or expired */
  redeem(
    token: string,
    address: string | null,
  ): Promise<{ readonly id: string; readonly employeeId: string } | null>;
  open(subjectId: string): Promise<Readable>;
}

/**
 * Serves the downloads of exportEmployeeData. The token in the address is the authorization. The first request uses it up.
 * It is never logged: the log has the pattern of the route instead of the path.
 */
export function serveExports(app: FastifyInstance, downloads: ExportDownloads): void {
  // A HEAD request must not use the ticket up.
  app.get<{ Params: { token: string } }>(
    '/exports/:token',
    { exposeHeadRoute: false },
    async ({ params: { token }, ip }, reply) => {
      const employee = await downloads.redeem(token, ip);
      if (employee === null) {
        throw new RollcallError('NOT_FOUND', 'Download not found: it was already used, or it has expired');
      }
      return (
        reply
          .type('application/zip')
          // An employeeId has no character that would need quoting.
          .header('content-disposition', `attachment; filename="rollcall-${employee.employeeId}.zip"`)
          .header('cache-control', 'no-store')
          .header('x-content-type-options', 'nosniff')
          .send(await downloads.open(employee.id))
      );
    },
  );
}
