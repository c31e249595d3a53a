import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|html|json|svg|wasm|webmanifest)$/;

/** Compresses each file that becomes smaller, once at build time instead of with every request. */
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
