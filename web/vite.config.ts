import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { faceFiles } from './build/face-files.ts';
import { kioskFiles } from './build/kiosk-files.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** face-api's build for bundlers imports three packages whole; what a kiosk needs of them is in one file of ours. */
const tensors = here('src/face/tensors.ts');

const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

export default defineConfig({
  define: { __ROLLCALL_VERSION__: JSON.stringify(version) },
  root: here('.'),
  base: '/',
  publicDir: here('public'),
  // Scripts and styles find each other wherever the service is; the service writes a path into the pages.
  experimental: {
    renderBuiltUrl: (name, { hostType }) => (hostType === 'html' ? `/${name}` : { relative: true }),
  },
  plugins: [faceFiles(), kioskFiles(), compressed()],
  resolve: {
    alias: [
      { find: '@tensorflow/tfjs/dist/index.js', replacement: tensors },
      { find: '@tensorflow/tfjs-backend-webgl/dist/index.js', replacement: here('src/face/nothing.ts') },
      { find: '@tensorflow/tfjs-backend-wasm/dist/index.js', replacement: here('src/face/nothing.ts') },
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The policy allows files only, no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // Nobody who starts the service waits for this advice.
      checks: { pluginTimings: false },
      input: {
        home: here('home.html'),
        kiosk: here('kiosk.html'),
        enrol: here('enrol.html'),
        board: here('board.html'),
        hours: here('hours.html'),
        'kiosk-sw': here('src/offline/service-worker.ts'),
      },
      output: {
        // The service worker's address has to stay, or browsers would keep the old one for ever.
        entryFileNames: ({ name }) => (name === 'kiosk-sw' ? 'kiosk-sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
