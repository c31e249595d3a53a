import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** As the minifier quotes it. */
const PLACEHOLDER = /["'`]__KIOSK_FILES__["'`]/g;

/** Files that the kiosk does not need at start: it loads (and caches) them on demand. */
const LATER = /^kiosk-sw\.js|tfjs-backend-wasm\.wasm|\.map$/;
/** The HTML of a page, whose scripts and styles have its name as well. */
const PAGE = /^([\w-]+)\.html$/;

/** Of web/public, which is copied as it is. */
const PUBLIC = ['/icon.svg', '/icon-192.png', '/icon-512.png', '/kiosk.webmanifest'];

/** Tells the service worker what to keep for the time without network, and makes it a new one when that changes. */
export function kioskFiles(): Plugin {
  return {
    name: 'rollcall-kiosk-files',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['kiosk-sw.js'];
        if (worker?.type !== 'chunk') throw new Error('There is no service worker in the build');
        const names = Object.keys(bundle);
        // The other pages. One address that the service does not serve would keep the worker from being installed.
        const others = names.flatMap((name) => PAGE.exec(name)?.[1] ?? []).filter((page) => page !== 'kiosk');
        const isOthers = (name: string): boolean =>
          others.some((page) => name === `${page}.html` || name.startsWith(`assets/${page}-`));
        const files = names.filter((name) => !LATER.test(name) && !isOthers(name)).sort();
        const hash = createHash('sha256');
        for (const name of files) {
          const file = bundle[name];
          hash.update(name).update(file?.type === 'asset' ? file.source : (file?.code ?? ''));
        }
        const addresses = files.map((name) => (name === 'kiosk.html' ? '/kiosk' : `/${name}`));
        const version = hash.digest('hex').slice(0, 16);
        const list = JSON.stringify({ version, addresses: [...addresses, ...PUBLIC] });
        const code = worker.code.replace(PLACEHOLDER, () => `(${list})`);
        if (code === worker.code) throw new Error('The service worker has no place for the list');
        worker.code = code;
      },
    },
  };
}
