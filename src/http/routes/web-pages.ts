import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RollcallError } from '../../errors';
import { PAGE_HEADERS } from '../hooks/page-headers';

/** The addresses of the pages; whatever else the build made keeps its own path. */
const PAGES: Readonly<Record<string, string>> = {
  'home.html': '/',
  'kiosk.html': '/kiosk',
  'enrol.html': '/enrol',
  'board.html': '/board',
  'reference.html': '/reference',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
};

interface WebFile {
  readonly path: string;
  readonly type: string;
  readonly etag: string;
  /** The compressed copy that the build put beside it. */
  readonly gzip: string | null;
  readonly caching: string;
}

/** Where `npm run build` puts the pages; seen from the sources it is the same folder. */
export const WEB_ROOT = join(__dirname, '..', '..', '..', 'web');

/**
 * Serves the start page, the kiosk, the enrolment desk and the board with their files. They are the same for everybody
 * and need no key; what they show they ask of /graphql with one. Only what the build made has an address: there are no
 * paths to walk.
 */
export function serveWebPages(app: FastifyInstance, root: string = WEB_ROOT): void {
  if (!existsSync(root)) {
    for (const address of Object.values(PAGES)) {
      app.get(address, () => {
        throw new RollcallError('NOT_FOUND', 'The pages are not built; run: npm run build');
      });
    }
    return;
  }
  for (const [address, file] of filesOf(root)) {
    app.get(address, { helmet: { contentSecurityPolicy: false } }, (request, reply) =>
      send(file, request, reply),
    );
  }
}

function filesOf(root: string): ReadonlyMap<string, WebFile> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
  const all = new Set(names);
  const served = names.filter((name) => extname(name) in TYPES);
  return new Map(
    served.map((name) => [
      PAGES[name] ?? `/${name}`,
      {
        path: join(root, name),
        type: TYPES[extname(name)] as string,
        etag: `"${createHash('sha256')
          .update(readFileSync(join(root, name)))
          .digest('base64url')
          .slice(0, 22)}"`,
        gzip: all.has(`${name}.gz`) ? join(root, `${name}.gz`) : null,
        // The build writes the content's hash, or the package's version, into these addresses.
        caching: name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    ]),
  );
}

function send(file: WebFile, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const compressed = file.gzip !== null && /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  void reply
    .type(file.type)
    .headers(PAGE_HEADERS)
    .header('cache-control', file.caching)
    .header('etag', file.etag)
    .header('vary', 'accept-encoding');
  if (headers['if-none-match'] === file.etag) return reply.code(304).send();
  if (compressed) void reply.header('content-encoding', 'gzip');
  return reply.send(createReadStream(compressed ? file.gzip : file.path));
}
