import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

const FACE_API = '@vladmandic/face-api';
const WASM = '@tensorflow/tfjs-backend-wasm';

/** Where the page finds them; the versions are in the address, so that it may be cached for ever. */
const MODELS = `assets/face-api-${versionOf(FACE_API)}/`;
const BACKEND = `assets/tfjs-${versionOf(WASM)}/`;

/** WebAssembly is compiled while it arrives only where its type says so. */
const TYPES: Readonly<Record<string, string>> = { '.wasm': 'application/wasm', '.json': 'application/json' };

/** What guidance needs. The page describes nobody: the photo is enough for the server. */
const NETS = ['tiny_face_detector_model', 'face_landmark_68_model'];
/** With SIMD, and without for old browsers. The version with threads would need cross-origin isolation. */
const BINARIES = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

/** The files by their address, without the slash at its beginning. */
function faceFileMap(): ReadonlyMap<string, string> {
  const model = join(folderOf(FACE_API), 'model');
  return new Map([
    ...NETS.flatMap((net) => [`${net}-weights_manifest.json`, `${net}.bin`]).map(
      (name) => [MODELS + name, join(model, name)] as const,
    ),
    ...BINARIES.map((name) => [BACKEND + name, join(folderOf(WASM), 'dist', name)] as const),
  ]);
}

/** Copies the models and the WebAssembly from the installed packages: the page asks no other server for them. */
export function faceFiles(): Plugin {
  return {
    name: 'rollcall-face-files',
    config: () => ({ define: { __FACE_MODELS__: JSON.stringify(`/${MODELS}`), __TFJS__: JSON.stringify(`/${BACKEND}`) } }),
    generateBundle() {
      for (const [fileName, file] of faceFileMap()) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(file) });
      }
    },
    /** In development they are read where they are. */
    configureServer({ middlewares }) {
      const files = faceFileMap();
      middlewares.use((request, response, next) => {
        const file = files.get((request.url ?? '').slice(1));
        if (file === undefined) return next();
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
        createReadStream(file).pipe(response);
      });
    },
  };
}
