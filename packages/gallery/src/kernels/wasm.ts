import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What assembly/f32.ts exports. */
export interface F32Exports {
  next(group: number, groups: number, probe: number, rows: number, dimension: number, bar: number): number;
}

/** What assembly/i8.ts exports. */
export interface I8Exports {
  next(
    group: number,
    groups: number,
    probe: number,
    probeStep: number,
    rows: number,
    dimension: number,
    bar: number,
  ): number;
}

/** The build puts them beside this file's compiled form. */
const FOLDER = __dirname;

const modules = new Map<string, WebAssembly.Module>();

/**
 * A kernel's compiled WebAssembly, read once per process.
 * @throws Error that says how to build it, if the file is missing
 */
export function kernelModule(name: 'f32' | 'i8', folder = FOLDER): WebAssembly.Module {
  const file = join(folder, `${name}.wasm`);
  let module = modules.get(file);
  if (module === undefined) {
    module = new WebAssembly.Module(read(file));
    modules.set(file, module);
  }
  return module;
}

function read(file: string): Buffer<ArrayBuffer> {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Error(`Could not read the matching kernel ${file}; create it with: npm run build`, { cause });
  }
}

/** @param memory where the kernel finds its rows */
export function instantiate<Exports>(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}
