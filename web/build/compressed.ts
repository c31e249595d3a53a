import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|html|json|svg|wasm|webmanifest)$/;

/** A compressed copy beside every file that shrinks: made once here in place of at every request. */
export function compressed(): Plugin {
  return {
    name: 'rollcall-compressed',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!TEXT.test(name)) continue;
          const source = gzipSync(file.type === 'asset' ? file.source : file.code, { level: 9 });
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source });
        }
      },
    },
  };
}
