/** Real: the script behind `npm run dev`, in a copy of the sources, with Vite, the service and its embedded database. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/ports';
import { until } from '../support/until';

const ROOT = join(__dirname, '..', '..');
const COPIED = [
  'packages',
  'src',
  'web',
  'scripts',
  'ormconfig.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.swcrc',
];
const LONG_MS = 120_000;
jest.setTimeout(LONG_MS);

let root: string;
let dev: ChildProcess;
let url: string;
let service: string;
const lines: string[] = [];

/** Resolves once it has printed something like this since it was asked. */
const prints = (text: RegExp): Promise<unknown> => {
  const from = lines.length;
  return until(
    () => Promise.resolve(lines.slice(from)),
    (since) => since.some((line) => text.test(line)),
    LONG_MS,
  );
};
/** Changes a file as an editor does. */
function edit(file: string, change: (text: string) => string): void {
  const path = join(root, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
const health = async (): Promise<string> =>
  fetch(`${url}/healthz`).then(
    (answer) => answer.text(),
    () => 'none',
  );

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-dev-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const [port, devPort] = [await freePort(), await freePort()];
  url = `http://localhost:${devPort}`;
  service = `http://localhost:${port}`;
  writeFileSync(join(root, '.env'), `PORT=${port}\nDATA_DIR=data\nFACE_WORKERS=0\nLOG_LEVEL=warn\n`);
  dev = spawn(process.execPath, ['-r', '@swc-node/register', 'scripts/dev.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The environment is stronger than the file.
    env: { PATH: process.env['PATH'] ?? '', DEV_PORT: String(devPort), LOG_LEVEL: 'info', DATABASE_URL: '' },
  });
  for (const stream of [dev.stdout, dev.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  await prints(/Rollcall is listening/);
}, LONG_MS);

afterAll(async () => {
  if (dev.exitCode === null) {
    dev.kill('SIGKILL');
    await once(dev, 'exit');
  }
  rmSync(root, { recursive: true, force: true });
});

it('npm run dev says in one line which address to open', () => {
  expect(lines.filter((line) => line.startsWith('[dev]'))).toEqual([
    `[dev] Open ${url} (/kiosk, /enrol, /board); the API is at ${url}/graphql. Ctrl-C ends both`,
  ]);
});

it('npm run dev serves the pages with hot reload, and everything else from the service', async () => {
  for (const [page, script] of [
    ['/', '/src/home/main.tsx'],
    ['/kiosk', '/src/kiosk/main.tsx'],
    ['/enrol', '/src/enrol/main.tsx'],
    ['/board?office=1', '/src/board/main.tsx'],
  ] as const) {
    const answer = await fetch(url + page);
    expect(answer.headers.get('content-type')).toContain('text/html');
    const html = await answer.text();
    expect(html).toContain('/@vite/client');
    expect(html).toContain(script);
    expect(await (await fetch(url + script)).text()).toContain('import');
  }
  // By which the kiosk knows that it needs no service worker.
  expect(await (await fetch(`${url}/src/kiosk/main.tsx`)).text()).toContain('import.meta.hot = ');
  const { version } = JSON.parse(
    readFileSync(join(ROOT, 'node_modules/@vladmandic/face-api/package.json'), 'utf8'),
  ) as { version: string };
  const model = await fetch(
    `${url}/assets/face-api-${version}/tiny_face_detector_model-weights_manifest.json`,
  );
  expect(model.headers.get('content-type')).toBe('application/json');
  expect(await new ApiClient(url).ask('{ offices { name } }')).toEqual({ offices: [] });
  expect(await health()).toBe('{"status":"ok"}');
  expect((await fetch(`${url}/graphiql`)).status).toBe(200);
});

/** What Vite tells the pages. Its frames to clients are not masked, so that their text can be searched. */
async function hearReloads(): Promise<{ text: () => string; end: () => void }> {
  const client = await (await fetch(`${url}/@vite/client`)).text();
  const [, token = ''] = /wsToken = "([^"]+)"/.exec(client) ?? [];
  const request = get(`${url}/?token=${encodeURIComponent(token)}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': 'vite-hmr',
    },
  });
  const [, socket] = (await once(request, 'upgrade')) as [unknown, Socket];
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  return { text: () => text, end: () => socket.destroy() };
}

it('npm run dev tells the pages to reload when theirs change, and styles to be replaced', async () => {
  for (const script of ['/src/board/main.tsx', '/src/board/board.tsx', '/src/board/board.css']) {
    expect((await fetch(url + script)).status).toBe(200);
  }
  const heard = await hearReloads();
  try {
    edit('web/src/board/board.tsx', (text) => `${text}\n// changed\n`);
    await until(
      () => Promise.resolve(heard.text()),
      (text) => text.includes('"type":"full-reload"'),
      LONG_MS,
    );
    edit('web/src/board/board.css', (text) => `${text}\n/* changed */\n`);
    await until(
      () => Promise.resolve(heard.text()),
      (text) => text.includes('"/src/board/board.css"'),
      LONG_MS,
    );
  } finally {
    heard.end();
  }
});

it('npm run dev passes a stream on as it comes', async () => {
  const stop = new AbortController();
  const answer = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { attendanceRecorded { id } }' }),
    signal: stop.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  // The stream says that it lives, and goes on.
  const { done, value } = await reader.read();
  expect([
    done,
    Buffer.from(value ?? [])
      .toString()
      .startsWith(':'),
  ]).toEqual([false, true]);
  stop.abort();
});

it(
  'npm run dev starts the service again when a source changes, outlives one that does not compile, and ends with Ctrl-C',
  async () => {
    await new ApiClient(service).ask('mutation { createOffice(input: { name: "Kept" }) { id } }');
    const broken = prints(/The service cannot be built; it starts again when a file changes/);
    edit('src/http/routes/health.ts', (text) => `${text}\nconst = ;\n`);
    await broken;
    expect((await fetch(`${url}/kiosk`)).status).toBe(200);
    edit('src/http/routes/health.ts', (text) =>
      text.replace('\nconst = ;\n', '').replace("{ status: 'ok' }", "{ status: 'changed' }"),
    );
    await until(health, (answer) => answer === '{"status":"changed"}', LONG_MS);
    // The database was closed before it was opened again.
    expect(await new ApiClient(url).ask('{ offices { name } }')).toEqual({ offices: [{ name: 'Kept' }] });
    dev.kill('SIGINT');
    const [code] = (await once(dev, 'exit')) as [number | null];
    expect(code).toBe(0);
    await expect(fetch(`${service}/healthz`)).rejects.toThrow();
  },
  3 * LONG_MS,
);
