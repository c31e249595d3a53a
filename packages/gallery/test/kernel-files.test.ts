import { Gallery } from '#src/gallery';
import type * as wasm from '#src/kernels/wasm';
import { kernelModule } from '#src/kernels/wasm';
import { anyDirection, idOf, probeOf, randomness } from './vectors';

let mockMissing = false;
// Stands for an installation without build/kernels: the files are there whenever tests run.
jest.mock('#src/kernels/wasm', () => {
  const real = jest.requireActual<typeof wasm>('#src/kernels/wasm');
  return {
    ...real,
    kernelModule: (name: 'f32' | 'i8') =>
      mockMissing ? real.kernelModule(name, 'no-such-folder') : real.kernelModule(name),
  };
});
beforeEach(() => (mockMissing = true));

it('the error says how to build a kernel that is missing', () => {
  expect(() => kernelModule('f32')).toThrow(/Could not read .*f32\.wasm.*npm run build/);
});

it('without its WebAssembly a gallery warns and matches in plain TypeScript', async () => {
  const warnings: string[] = [];
  const gallery = new Gallery({ dimension: 128, log: { warn: (_, message) => warnings.push(message) } });
  const template = anyDirection(randomness(1), 128);
  gallery.set(idOf(1), [template]);
  expect(await gallery.identify(probeOf(template))).toMatchObject({ best: { key: idOf(1) } });
  expect(warnings).toEqual([expect.stringMatching(/fast matching kernel is not available/)]);
});

it('without its WebAssembly a kernel that is asked for by name is refused', () => {
  expect(() => new Gallery({ dimension: 128, kernel: 'i8' })).toThrow(/npm run build/);
});

it('with its WebAssembly a gallery does not warn', () => {
  mockMissing = false;
  const warn = jest.fn();
  new Gallery({ dimension: 128, log: { warn } });
  expect(warn).not.toHaveBeenCalled();
});
