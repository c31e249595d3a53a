/** Real: the statistics of bench/accuracy, on made-up scores and vectors. Fake: nothing. */
import { equalErrorRate, errorRates, type Scores } from '../../bench/accuracy/error-rates';
import { parsePairs } from '../../bench/accuracy/pairs-file';
import { ratesTable } from '../../bench/accuracy/report';
import { scoreAllPairs, scorePairs, scoreTemplates } from '../../bench/accuracy/trials';
import { ScoreHistogram } from '../../src/services/reports/calibration/score-histogram';

function scores(genuine: readonly number[], impostor: readonly number[]): Scores {
  const result = { genuine: new ScoreHistogram(), impostor: new ScoreHistogram() };
  genuine.forEach((score) => result.genuine.add(score));
  impostor.forEach((score) => result.impostor.add(score));
  return result;
}

const vector = (...numbers: number[]): Float64Array => Float64Array.from(numbers);

describe('error rates', () => {
  it('count a similarity equal to the threshold as a match', () => {
    const rates = errorRates(scores([0.95, 0.9], [0.95, 0.8, 0.7, 0.6]), [0.9, 0.95, 0.96]);
    expect(rates).toEqual([
      { threshold: 0.9, fmr: 0.25, fnmr: 0 },
      { threshold: 0.95, fmr: 0.25, fnmr: 0.5 },
      { threshold: 0.96, fmr: 0, fnmr: 1 },
    ]);
  });

  it('meet where as many strangers pass as owners are refused', () => {
    const overlapping = scores([0.99, 0.98, 0.97, 0.9], [0.95, 0.8, 0.7, 0.6]);
    expect(equalErrorRate(overlapping)).toMatchObject({ rate: 0.25, fmr: 0.25, fnmr: 0.25 });
    expect(equalErrorRate(scores([0.99, 0.98], [0.5, 0.4])).rate).toBe(0);
  });

  it('are unknown, not perfect, if nothing was compared', () => {
    expect(errorRates(scores([], []), [0.9])[0]).toEqual({ threshold: 0.9, fmr: NaN, fnmr: NaN });
    expect(ratesTable(new Map([['plain', scores([], [])]]))).toContain('| 0.60 | – / – |');
  });

  it('are shown for .30 to .70 with the number of comparisons behind them', () => {
    const table = ratesTable(new Map([['plain', scores([0.56, 0.5], [0.55, 0.4, 0.3, 0.2])]]));
    expect(table).toContain('| 0.40 | 50 % / 0 % |');
    expect(table).toContain('| 0.55 | 25 % / 50 % |');
    expect(table).toContain('| 0.59 | 0 % / 100 % |');
    expect(table).toContain('| comparisons | 4 / 2 |');
  });
});

describe('pairs in the form of LFW', () => {
  it('are two photos of one person, or one each of two', () => {
    expect(parsePairs('10\t300\nAnn_A\t1\t4\nAnn_A\t2\tBob_B\t1\n')).toEqual([
      { a: { person: 'Ann_A', number: 1 }, b: { person: 'Ann_A', number: 4 } },
      { a: { person: 'Ann_A', number: 2 }, b: { person: 'Bob_B', number: 1 } },
    ]);
    expect(parsePairs('500\r\nAnn\t1\t2\r\n')).toHaveLength(1);
  });

  it.each(['Ann\t1', 'Ann\t1\t2\t3\t4', 'Ann\tone\ttwo', 'Ann\t0\t1'])(
    'are refused with their line: %j',
    (line) => {
      expect(() => parsePairs(`Ann\t1\t2\n${line}`)).toThrow('Line 2');
    },
  );
});

const PEOPLE = [
  { person: 'Ann', descriptors: [vector(1, 0, 0), vector(0.9, 0.1, 0), vector(0.8, 0.3, 0)] },
  { person: 'Bob', descriptors: [vector(0, 1, 0), null, vector(0.1, 2, 0)] },
  { person: 'Eve', descriptors: [vector(0, 0, 1)] },
];

describe('trials', () => {
  it('compare all pairs of photos that show a face', async () => {
    const { genuine, impostor } = await scoreAllPairs(PEOPLE);
    expect([genuine.size, impostor.size]).toEqual([3 + 1, 3 * 2 + 3 + 2]);
  });

  it('compare the pairs of a protocol, and count those without a face', () => {
    const pairs = parsePairs('Ann\t1\t2\nAnn\t1\tBob\t3\nBob\t1\t2\n');
    const { genuine, impostor, missed } = scorePairs(PEOPLE, pairs);
    expect([genuine.size, impostor.size, missed]).toEqual([1, 1, 1]);
    expect(genuine.mean).toBeCloseTo(0.9939, 3);
    expect(() => scorePairs(PEOPLE, parsePairs('Ann\t1\t9'))).toThrow('no photo');
  });

  it('enrol the first photos and ask with the others', () => {
    const one = scoreTemplates(PEOPLE, 1);
    expect(one).toMatchObject({ gallery: 2, probes: 3, firsts: 3 });
    expect([one.genuine.size, one.impostor.size]).toEqual([3, 3]);
    const two = scoreTemplates(PEOPLE, 2);
    expect(two).toMatchObject({ gallery: 1, probes: 1, firsts: 1 });
  });

  it('do not take a tie for the right answer', () => {
    const twins = ['A', 'B'].map((person) => ({ person, descriptors: [vector(1, 0), vector(1, 0)] }));
    expect(scoreTemplates(twins, 1)).toMatchObject({ probes: 2, firsts: 0 });
  });
});
