import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

const FACE_API = '@vladmandic/face-api';
const WASM = '@tensorflow/tfjs-backend-wasm';

/** Where the page finds them; the versions are in the address, so that it may be cached for ever. */
const MODELS = `assets/face-api-${versionOf(FACE_API)}/`;
const BACKEND = `assets/tfjs-${versionOf(WASM)}/`;

/** Guidance needs the first two, a descriptor all three. */
const NETS = ['tiny_face_detector_model', 'face_landmark_68_model', 'face_recognition_model'];
/** With SIMD, and without for what is old. The one with threads would want isolation from other origins. */
const BINARIES = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

/** Copies the models and the WebAssembly from the installed packages: the page asks no other server for them. */
export function faceFiles(): Plugin {
  return {
    name: 'rollcall-face-files',
    config: () => ({ define: { __FACE_MODELS__: JSON.stringify(`/${MODELS}`), __TFJS__: JSON.stringify(`/${BACKEND}`) } }),
    generateBundle() {
      const emit = (fileName: string, file: string): void => {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(file) });
      };
      for (const net of NETS) {
        const model = join(folderOf(FACE_API), 'model');
        emit(`${MODELS}${net}-weights_manifest.json`, join(model, `${net}-weights_manifest.json`));
        emit(`${MODELS}${net}.bin`, join(model, `${net}.bin`));
      }
      for (const name of BINARIES) emit(BACKEND + name, join(folderOf(WASM), 'dist', name));
    },
  };
}
