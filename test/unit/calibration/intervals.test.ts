import {
  comparisonsFor,
  falsePositiveIdentification,
  rateOf,
} from '../../../src/services/reports/calibration/intervals';

describe('exact binomial intervals', () => {
  // R's binom.test(x, n)$conf.int, and scipy.stats.beta.ppf, agree on these.
  test.each([
    [1, 10, 0.0025285785, 0.445016117],
    [5, 10, 0.1870860284, 0.8129139716],
    [9, 10, 0.554983883, 0.9974714215],
    [3, 20, 0.0320709372, 0.3789268265],
    [7, 100, 0.0286052889, 0.1389197285],
    [1, 1_000_000, 2.53178077e-8, 5.57163066e-6],
    // @stdlib/stats-base-dists-beta-quantile, for what large galleries have.
    [1000000, 2000000, 0.499306799, 0.500693201],
    [1999999, 2000000, 0.999997214, 0.999999987],
    [217, 435, 0.450860723, 0.546856159],
    [12345, 1000000, 0.0121294938, 0.0125633377],
    [50000000, 100000000, 0.499901997, 0.500098003],
  ])('are those of Clopper and Pearson for %d of %d', (errors, comparisons, low, high) => {
    const rate = rateOf(errors, comparisons);
    expect(rate?.rate).toBe(errors / comparisons);
    expect((rate?.low ?? NaN) / low).toBeCloseTo(1, 7);
    expect((rate?.high ?? NaN) / high).toBeCloseTo(1, 7);
  });

  test('follow the rule of three without errors, and with nothing but errors', () => {
    expect(rateOf(0, 300)).toMatchObject({ rate: 0, low: 0, high: 0.01 });
    expect(rateOf(300, 300)).toMatchObject({ rate: 1, low: 0.99, high: 1 });
    expect(rateOf(0, 2)).toMatchObject({ low: 0, high: 1 });
  });

  test('do not exist without comparisons', () => {
    expect(rateOf(0, 0)).toBeNull();
  });

  test('need three times the reciprocal of a rate to vouch for it', () => {
    expect([1e-4, 1e-6, 3e-5, 0.01].map(comparisonsFor)).toEqual([30_000, 3_000_000, 100_000, 300]);
    expect(comparisonsFor(7e-4)).toBe(4286);
    for (const rate of [0.5, 0.3, 1e-3, 1 / 7, 1e-9, 2.5e-7]) {
      expect(rateOf(0, comparisonsFor(rate))?.high).toBeLessThanOrEqual(rate);
    }
  });
});

describe('the rate of false identifications', () => {
  const rate = (fmr: number) => ({ errors: 0, comparisons: 0, rate: fmr, low: fmr / 2, high: fmr * 2 });

  test('is one minus the chance that no comparison matches, with the ends of the interval taken over', () => {
    const fpir = falsePositiveIdentification(rate(0.01), 50);
    expect(fpir.rate).toBeCloseTo(1 - 0.99 ** 50, 12);
    expect(fpir.low).toBeCloseTo(1 - 0.995 ** 50, 12);
    expect(fpir.high).toBeCloseTo(1 - 0.98 ** 50, 12);
  });

  test('keeps its digits if rates are tiny, and does not pass 1', () => {
    expect(falsePositiveIdentification(rate(1e-18), 1000).rate / 1e-15).toBeCloseTo(1, 9);
    expect(falsePositiveIdentification(rate(1), 1000)).toMatchObject({ rate: 1, high: 1 });
    expect(falsePositiveIdentification(rate(0), 1000)).toEqual({ rate: 0, low: 0, high: 0 });
  });
});
