import { Gallery } from '#src/gallery';
import { anyDirection, idOf, probeOf, randomness } from './vectors';

const KERNELS = ['js', 'f32', 'i8', 'auto'] as const;
const DIMENSION = 128;
const [HONEST, HOSTILE] = [idOf(1), idOf(2)];
const filled = (value: number): Float32Array => new Float32Array(DIMENSION).fill(value);
const good = anyDirection(randomness(1), DIMENSION);
const withOne = (value: number): Float32Array => Float32Array.from(good, (x, i) => (i === 5 ? value : x));

const VECTORS: readonly (readonly [string, Float32Array])[] = [
  ['nothing but NaN', filled(NaN)],
  ['one NaN', withOne(NaN)],
  ['nothing but Infinity', filled(Infinity)],
  ['one -Infinity', withOne(-Infinity)],
  ['zeros', filled(0)],
  ['denormal numbers', filled(1e-40)],
  ['numbers whose squares are denormal', filled(1e-22)],
  ['numbers whose squares exceed float32', filled(3e38)],
];

describe.each(KERNELS)('%s', (kernel) => {
  it.each(VECTORS)('a template of %s is left out and matches nobody', async (_, hostile) => {
    const gallery = new Gallery({ dimension: DIMENSION, kernel });
    expect(gallery.set(HOSTILE, [hostile])).toBe(0);
    expect(gallery.set(HONEST, [hostile, good])).toBe(1);
    expect(gallery.size).toBe(1);
    for (const probe of [probeOf(good), probeOf(hostile)]) {
      expect(gallery.verify(HOSTILE, probe)).toBeNull();
    }
    expect(await gallery.identify(probeOf(good))).toEqual({
      best: { key: HONEST, similarity: 1 },
      runnerUp: null,
    });
  });

  it.each(VECTORS)('a probe of %s matches nobody', async (_, hostile) => {
    const gallery = new Gallery({ dimension: DIMENSION, kernel });
    gallery.set(HONEST, [good]);
    expect(gallery.verify(HONEST, probeOf(hostile))).toBeNull();
    expect(await gallery.identify(probeOf(hostile))).toBeNull();
    expect(await gallery.search(probeOf(hostile), 3)).toEqual([]);
  });

  it('vectors of another dimension match nobody, and cannot be enrolled', async () => {
    const gallery = new Gallery({ dimension: DIMENSION, kernel });
    gallery.set(HONEST, [good]);
    const short = new Float64Array(64).fill(1);
    expect(gallery.verify(HONEST, short)).toBeNull();
    expect(await gallery.identify(short)).toBeNull();
    expect(() => gallery.set(HONEST, [good, new Float32Array(64).fill(1)])).toThrow(RangeError);
    expect(gallery.verify(HONEST, probeOf(good))).toBe(1);
  });

  it('denormal numbers among usual ones neither change a score nor hide a row', async () => {
    const gallery = new Gallery({ dimension: DIMENSION, kernel });
    const tinged = Float32Array.from(good, (x, i) => (i % 2 === 0 ? 1e-40 : x));
    const plain = Float32Array.from(good, (x, i) => (i % 2 === 0 ? 0 : x));
    gallery.set(HONEST, [tinged]);
    gallery.set(HOSTILE, [plain]);
    const { best, runnerUp } = (await gallery.identify(probeOf(tinged))) ?? {};
    expect(best?.key).toBe(HONEST);
    expect(runnerUp).toEqual({ key: HOSTILE, similarity: best?.similarity });
  });
});

it.each([0, 4, 12, 1032, NaN])('a gallery of dimension %p cannot be made', (dimension) => {
  expect(() => new Gallery({ dimension })).toThrow(RangeError);
});
