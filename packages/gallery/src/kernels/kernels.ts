import type { TemplateRows } from '../template-rows';
import { f32Kernel } from './f32-kernel';
import { i8Kernel } from './i8-kernel';
import { jsKernel } from './js-kernel';
import type { Kernel, KernelName } from './kernel';
import { QuantisedRows } from './quantised-rows';
import { instantiate, kernelModule, type F32Exports, type I8Exports } from './wasm';

/** Up to here `auto` takes f32: the rows fit into the processor's caches, and the exact bound costs i8 more. */
const F32_MOST = 10_000;

/** The first calls run unoptimised code, and are counted until V8 compiles them properly: a few milliseconds. */
const WARM_UP_CALLS = 2000;
const WARM_UP_ROWS = 8;
const warmed = new Set<KernelName>();

function warm(kernel: Kernel, dimension: number): Kernel {
  if (warmed.has(kernel.name)) return kernel;
  warmed.add(kernel.name);
  const next = kernel.begin({ vector: new Float64Array(dimension).fill(1), norm: 1 }, WARM_UP_ROWS);
  for (let call = 0; call < WARM_UP_CALLS; call++) next(0, 2);
  return kernel;
}

/** The kernels of a gallery, and the copies of the rows that they need. */
export class Kernels {
  /** null if no kernel needs it. */
  readonly quantised: QuantisedRows | null;
  private readonly small: Kernel;
  private readonly large: Kernel;

  /** @throws Error that says how to build it, if a kernel's file is missing */
  constructor(
    choice: KernelName | 'auto',
    private readonly rows: TemplateRows,
  ) {
    const quantised = choice === 'auto' || choice === 'i8' ? new QuantisedRows(rows.dimension) : null;
    const make = (name: KernelName): Kernel => this.make(name, quantised as QuantisedRows);
    this.quantised = quantised;
    this.small = make(choice === 'auto' ? 'f32' : choice);
    this.large = choice === 'auto' ? make('i8') : this.small;
  }

  /** The kernel for a pass over this many rows. */
  of(size: number): Kernel {
    return size > F32_MOST ? this.large : this.small;
  }

  /** To be called after a row was written. */
  wrote(row: number): void {
    this.quantised?.write(row, this.rows);
  }

  /** To be called after a row was moved. */
  moved(from: number, to: number): void {
    this.quantised?.memory.move(from, to);
  }

  /** To be called after a row was cleared. */
  cleared(row: number): void {
    this.quantised?.memory.clear(row);
  }

  private make(name: KernelName, quantised: QuantisedRows): Kernel {
    const { rows } = this;
    switch (name) {
      case 'js':
        return jsKernel(rows);
      case 'f32':
        return warm(
          f32Kernel(rows, instantiate<F32Exports>(kernelModule('f32'), rows.memory.memory)),
          rows.dimension,
        );
      case 'i8':
        return warm(
          i8Kernel(quantised, instantiate<I8Exports>(kernelModule('i8'), quantised.memory.memory)),
          rows.dimension,
        );
    }
  }
}

/**
 * The kernels for a choice; for `auto` the slow one if the fast ones are not there.
 * @throws Error as `Kernels`, for another choice
 */
export function kernelsFor(
  choice: KernelName | 'auto',
  rows: TemplateRows,
  log?: { warn(details: object, message: string): void },
): Kernels {
  try {
    return new Kernels(choice, rows);
  } catch (err) {
    if (choice !== 'auto') throw err;
    // Slower, but the answers are the same.
    log?.warn(
      { err },
      'The fast matching kernel is not available; matching runs at a tenth of the speed or less',
    );
    return new Kernels('js', rows);
  }
}
