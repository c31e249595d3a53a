import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger, Plugin, ViteDevServer } from 'vite';

export interface DevPagesOptions {
  readonly root: string;
  readonly port: number;
  /** Where the service listens. */
  readonly service: string;
  /** Hears of every file of the service that changes, relative to the root. */
  readonly onChange: (file: string) => void;
}

/** The pages from Vite, which reloads them; every other address is the service's. */
export async function servePages({ root, port, service, onChange }: DevPagesOptions): Promise<ViteDevServer> {
  const { createLogger, createServer } = await import('vite');
  const web = join(root, 'web');
  const server = await createServer({
    configFile: join(web, 'vite.config.ts'),
    root: web,
    appType: 'mpa',
    cacheDir: join(root, 'build', 'vite'),
    envDir: false,
    customLogger: withoutProxyErrors(createLogger('warn')),
    plugins: [watchService(root, onChange)],
    // It imports what the configuration replaces: bundled beforehand it would have a copy of its own.
    optimizeDeps: { exclude: ['@vladmandic/face-api'] },
    server: {
      port,
      fs: { allow: [root, realpathSync(join(root, 'node_modules'))] },
      proxy: {
        '^/': { target: service, bypass: ({ url = '/' }) => (isPage(web, url) ? url : undefined) },
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

/** Whether an address is one of the pages, or of a file of theirs. */
function isPage(web: string, url: string): boolean {
  const { pathname } = new URL(url, 'http://localhost');
  if (/^\/(@|src\/|node_modules\/|assets\/)/.test(pathname)) return true;
  const name = pathname === '/' ? '/index.html' : pathname;
  return [name, `${name}.html`, `public${name}`].some((file) => existsSync(join(web, file)));
}

/** By Vite's own watcher, which is there anyway and knows how editors save. */
function watchService(root: string, onChange: (file: string) => void): Plugin {
  const src = join(root, 'src');
  const others = [join(root, 'ormconfig.ts'), join(root, '.env')];
  return {
    name: 'rollcall-watch-service',
    configureServer({ watcher }) {
      watcher.add([src, ...others]);
      watcher.on('all', (event, file) => {
        const ours = others.includes(file) || (file.startsWith(src) && file.endsWith('.ts'));
        if (ours && event !== 'addDir' && event !== 'unlinkDir') onChange(file.slice(root.length + 1));
      });
    },
  };
}
