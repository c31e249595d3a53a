import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { generateTypes } from '../codegen';
import type { Logger, Plugin, ViteDevServer } from 'vite';

export interface DevPagesOptions {
  readonly root: string;
  readonly port: number;
  /** Where the service listens. */
  readonly service: string;
  /** Hears of every file of the service that changes, relative to the root. */
  readonly onChange: (file: string) => void;
  /** Hears why the types of the pages cannot be generated. */
  readonly onFault: (message: string) => void;
}

/** The pages from Vite, which reloads them; every other address is the service's. */
export async function servePages({
  root,
  port,
  service,
  onChange,
  onFault,
}: DevPagesOptions): Promise<ViteDevServer> {
  const { createLogger, createServer } = await import('vite');
  const web = join(root, 'web');
  const server = await createServer({
    configFile: join(web, 'vite.config.ts'),
    root: web,
    appType: 'mpa',
    cacheDir: join(root, 'build', 'vite'),
    envDir: false,
    customLogger: withoutProxyErrors(createLogger('warn')),
    plugins: [watchService(root, onChange, onFault)],
    // It imports what the configuration replaces: bundled beforehand it would have a copy of its own.
    optimizeDeps: { exclude: ['@vladmandic/face-api'] },
    server: {
      port,
      // Where things really are: node_modules may be a link, and our own packages are links in it.
      fs: {
        allow: [
          root,
          ...['.', '@rollcall/face-rules'].map((name) => realpathSync(join(root, 'node_modules', name))),
        ],
      },
      proxy: {
        '^/': { target: service, bypass: ({ url = '/' }) => pageOf(web, url) },
      },
    },
  });
  return server.listen();
}

/** While the service starts again nobody answers, which the pages say themselves, and streams break off. */
function withoutProxyErrors(logger: Logger): Logger {
  return {
    ...logger,
    error: (message, options) => {
      if (!message.includes('proxy error')) logger.error(message, options);
    },
  };
}

/** The address of a page, or of a file of theirs, as Vite knows it; undefined: it is the service's. */
function pageOf(web: string, url: string): string | undefined {
  const { pathname } = new URL(url, 'http://localhost');
  if (pathname === '/') return '/home.html';
  const known =
    /^\/(@|src\/|node_modules\/|assets\/)/.test(pathname) ||
    [pathname, `${pathname}.html`, `public${pathname}`].some((file) => existsSync(join(web, file)));
  return known ? url : undefined;
}

/** Operations and schema: what the types of the pages are generated from. */
const TYPED = /^(web\/src\/operations\/.*|src\/schema)\.graphql$/;

/** By Vite's own watcher, which is there anyway and knows how editors save. */
function watchService(
  root: string,
  onChange: (file: string) => void,
  onFault: (message: string) => void,
): Plugin {
  const sources = [join(root, 'src'), join(root, 'packages')];
  const others = [join(root, 'ormconfig.ts'), join(root, '.env')];
  return {
    name: 'rollcall-watch-service',
    configureServer({ watcher }) {
      watcher.add([...sources, ...others]);
      watcher.on('all', (event, file) => {
        const ours =
          others.includes(file) ||
          (sources.some((folder) => file.startsWith(folder)) && file.endsWith('.ts'));
        if (event === 'addDir' || event === 'unlinkDir') return;
        const name = file.slice(root.length + 1);
        // Vite sees the generated file change and reloads the pages; a fault in an operation is said, and dev goes on.
        if (TYPED.test(name)) generateTypes(['web']).catch((error: unknown) => onFault(String(error)));
        else if (ours) onChange(name);
      });
    },
  };
}
