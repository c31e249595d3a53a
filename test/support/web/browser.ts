import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { LONG_MS } from './patience';
import { type Scene, writeFilm } from './scenes';

/** The first is the same engine without windows, menus and extensions, and takes half the processor time to start. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The one that is asked for, and no other. */
const wanted = process.env['CHROMIUM_PATH'] ?? '';

/** null: none is installed; .ci/run installs Debian's. */
export const chromiumPath = (wanted === '' ? PLACES : [wanted]).find((path) => existsSync(path)) ?? null;

/**
 * Chromium goes by the last list that it is given, and playwright gives one, too: its features that matter to tests, and
 * the two menus of the address bar, pages of their own that take half of a start's CPU time (Chromium 156, 1.6 s to .8).
 */
const FEATURES_OFF = [
  'AvoidCorsURLLoaderRestartOnRedirect',
  'BlockOriginHeaderModificationOnRedirect',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'Translate',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
];

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_OFF.join(',')}`,
];

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** The folder of its own that the browser was started with. */
  readonly profile: string;
  /** Every request of the context, pages and workers. */
  readonly requests: readonly string[];
  /** What the pages said to the console, errors only. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  /** null: there is no camera. */
  readonly film?: readonly Scene[] | null;
  readonly position?: { readonly latitude: number; readonly longitude: number; readonly accuracy?: number };
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly reducedMotion?: boolean;
  readonly colorScheme?: 'light' | 'dark';
}

/** Chromium with a profile of its own, whose camera shows the film. */
export async function visit({
  film = [{ show: null, seconds: 1 }],
  position,
  locale = 'en-GB',
  viewport = { width: 960, height: 600 },
  reducedMotion = false,
  colorScheme = 'light',
}: VisitOptions = {}): Promise<Visit> {
  const profile = mkdtempSync(join(tmpdir(), 'rollcall-chromium-'));
  const reel = film === null ? null : await writeFilm(film);
  const camera =
    reel === null
      ? []
      : [
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          `--use-file-for-fake-video-capture=${reel.path}`,
        ];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath as string,
    headless: true,
    args: [...QUIET, ...camera],
    viewport,
    locale,
    timezoneId: 'Asia/Tokyo',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    colorScheme,
    permissions: ['camera', ...(position === undefined ? [] : ['geolocation'])],
    ...(position === undefined ? {} : { geolocation: position }),
  });
  context.setDefaultTimeout(LONG_MS);
  const requests: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    profile,
    requests,
    errors,
    async close() {
      await context.close();
      reel?.remove();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
