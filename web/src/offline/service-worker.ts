/** Keeps the kiosk's own files, so that the page opens without network. It never touches what the API answers. */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;

export interface Build {
  readonly version: string;
  readonly addresses: readonly string[];
}

/** Written in by build/kiosk-files.ts. */
const BUILD = '__KIOSK_FILES__' as unknown as Build;
const CACHE = `rollcall-${BUILD.version}`;
/** What the service's addresses begin with: the path of PUBLIC_URL. */
const ROOT = worker.location.pathname.replace(/\/kiosk-sw\.js$/, '');
const ADDRESSES = BUILD.addresses.map((address) => ROOT + address);
/** Their addresses change with their content. */
const UNCHANGING = `${ROOT}/assets/`;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // Past the browser's own cache: a page of yesterday would name files that are gone.
      await cache.addAll(ADDRESSES.map((address) => new Request(address, { cache: 'no-cache' })));
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith('rollcall-') && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === `${ROOT}/kiosk`) event.respondWith(page(request));
  } else if (url.pathname.startsWith(UNCHANGING) || ADDRESSES.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});

/** The server's page if it answers in time, else the kept one. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(3000) });
    // A proxy's page that says the service is away is no kiosk.
    if (response.ok) return response;
  } catch {
    // Without network, or one that does not answer.
  }
  return (await cache.match(`${ROOT}/kiosk`)) ?? Response.error();
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
