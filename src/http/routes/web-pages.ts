import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { RollcallError } from '../../errors';
import { PAGE_HEADERS } from '../hooks/page-headers';
import { prefixedManifest, prefixedPage } from '../path-prefix';

/** The addresses of the pages. Other files of the build keep their own path. */
const PAGES: Readonly<Record<string, string>> = {
  'home.html': '/',
  'kiosk.html': '/kiosk',
  'enrol.html': '/enrol',
  'board.html': '/board',
  'hours.html': '/hours',
  'reference.html': '/reference',
};

/** What is served of what the build makes: not the compressed copies, for example. */
const TYPES = new Set('.html .js .css .json .svg .png .ico .wasm .bin .webmanifest'.split(' '));

/** Of the files that contain addresses of others. */
const TYPE_OF: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

interface WebPageOptions {
  readonly root?: string;
  /** The path of PUBLIC_URL. */
  readonly prefix?: string;
  /** Whether the start page links to the API explorer. */
  readonly explorer?: boolean;
}

/** Where `npm run build` puts the pages; seen from the sources it is the same folder. */
export const WEB_ROOT = join(__dirname, '..', '..', '..', 'web');

/**
 * Serves the start page, the kiosk, the enrolment desk and the board with their files. They are the same for everybody
 * and need no key; what they show they ask of /graphql with one. Only what the build made has an address: there are no
 * paths to walk.
 */
export async function serveWebPages(
  app: FastifyInstance,
  { root = WEB_ROOT, prefix = '', explorer = true }: WebPageOptions = {},
): Promise<void> {
  if (!existsSync(root)) {
    for (const address of Object.values(PAGES)) {
      app.get(address, () => {
        throw new RollcallError('NOT_FOUND', 'The pages are not built; run: npm run build');
      });
    }
    return;
  }
  await app.register(fastifyStatic, {
    root,
    serve: false,
    // The copies that the build put beside them.
    preCompressed: true,
    cacheControl: false,
    // Ours is of the content: images are built with dates that are all the same, and pages often have the same length.
    etag: false,
    lastModified: false,
    acceptRanges: false,
  });
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  for (const name of names.filter((each) => TYPES.has(extname(each)))) {
    const file = readFileSync(join(root, name));
    const prefixed = prefix === '' ? null : withPrefix(name, file, prefix);
    const rewritten =
      name === 'home.html' && !explorer ? withoutExplorer(prefixed ?? file.toString('utf8')) : prefixed;
    const etag = `"${createHash('sha256')
      .update(rewritten ?? file)
      .digest('base64url')
      .slice(0, 22)}"`;
    // The build writes the content's hash, or the package's version, into these addresses.
    const caching = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    const headers = { ...PAGE_HEADERS, 'cache-control': caching, etag, vary: 'accept-encoding' };
    app.get(PAGES[name] ?? `/${name}`, (request, reply) => {
      void reply.headers(headers);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return rewritten === null
        ? reply.sendFile(name)
        : reply.type(TYPE_OF[extname(name)] ?? '').send(rewritten);
    });
  }
}

/** The start page reads this to decide which links it shows. */
const withoutExplorer = (page: string): string => page.replace('<html', '<html data-explorer="off"');

/** null: the file contains no address that needs the prefix. */
function withPrefix(name: string, file: Buffer, prefix: string): string | null {
  if (name.endsWith('.html')) return prefixedPage(file.toString('utf8'), prefix);
  return name.endsWith('.webmanifest') ? prefixedManifest(file.toString('utf8'), prefix) : null;
}
