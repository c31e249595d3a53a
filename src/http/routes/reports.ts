import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** A report that is ready to be sent. */
interface OpenedReport {
  readonly type: string;
  readonly fileName: string;
  /** Whether a browser shows it, and does not save it. */
  readonly inline: boolean;
  /** How many people it is about. */
  readonly people: number;
  /** The moment for which its figures hold. */
  readonly at: Date;
  readonly stream: Readable;
}

/** What the route needs of the reports. */
export interface ReportDownloads {
  /** @throws RollcallError FORBIDDEN for an address that was not made here, or has expired */
  open(file: string, query: string, address: string | null): Promise<OpenedReport>;
}

/**
 * Serves the links of createReportLink. The signature of the address is the authorization. The address is never logged: the
 * log has the pattern of the route instead of the path.
 */
export function serveReports(app: FastifyInstance, reports: ReportDownloads): void {
  app.get<{ Params: { file: string } }>(
    '/reports/:file',
    { exposeHeadRoute: false },
    async (request, reply) => {
      const { url } = request.raw;
      const query = url === undefined || !url.includes('?') ? '' : url.slice(url.indexOf('?') + 1);
      const report = await reports.open(request.params.file, query, request.ip);
      return reply
        .type(report.type)
        .header('content-disposition', disposition(report))
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('x-total-people', String(report.people))
        .header('x-derived-at', report.at.toISOString())
        .send(report.stream);
    },
  );
}

/** RFC 6266: a name of ASCII for old clients, and the name itself, in any script. */
function disposition({ fileName, inline }: Pick<OpenedReport, 'fileName' | 'inline'>): string {
  const plain = fileName.replace(/[^ -~]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
