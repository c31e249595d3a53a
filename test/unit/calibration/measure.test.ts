import { genuinePairs, impostorPairs } from '../../../src/services/reports/calibration/pairs';
import { measure, type Measurement } from '../../../src/services/reports/calibration/measure';
import { SeededRandom } from '../../../src/services/reports/calibration/random';
import { buildReport } from '../../../src/services/reports/calibration/report';
import {
  collectTemplates,
  type EnrolledPerson,
} from '../../../src/services/reports/calibration/template-set';
import { cosine } from '../../support/photos';
import { bruteForce, crowd } from '../../support/calibration-people';

const report = (measurement: Measurement, targetFmr = 1e-4) =>
  buildReport(measurement, {
    modelId: 'test',
    ofServer: false,
    generatedAt: new Date(0),
    targetFmr,
    employee: (id) => ({ employeeId: id, name: id.toUpperCase() }),
  });

/** All pairs, whatever there are. */
const everything = { allUpTo: Infinity, sample: 0 };

describe('a comparison of all pairs', () => {
  const people = crowd({ people: 40, templates: (p) => 1 + (p % 3) });
  const expected = bruteForce(people);

  test('counts false matches and false non-matches per threshold as one by one', async () => {
    const { thresholds } = report(await measure(people));
    expect(thresholds.map(({ threshold }) => threshold)).toEqual(
      Array.from({ length: 20 }, (_, i) => (80 + i) / 100),
    );
    for (const { threshold, fmr, fnmr } of thresholds) {
      expect(fmr).toMatchObject({
        errors: expected.impostor.filter(({ score }) => score >= threshold).length,
        comparisons: expected.impostor.length,
      });
      expect(fnmr).toMatchObject({
        errors: expected.genuine.filter((score) => score < threshold).length,
        comparisons: expected.genuine.length,
      });
    }
    // The crowd makes both kinds of error, so that the above compares something.
    expect(thresholds.some(({ fmr, fnmr }) => (fmr?.errors ?? 0) > 0 && (fnmr?.errors ?? 0) > 0)).toBe(true);
  });

  test('counts the templates that resemble somebody else', async () => {
    const { thresholds } = report(await measure(people));
    const rows = people.flatMap(({ employee, templates }) =>
      templates.map((template) => ({ employee, numbers: [...template] })),
    );
    const nearest = rows.map((probe) =>
      Math.max(
        ...rows
          .filter(({ employee }) => employee !== probe.employee)
          .map(({ numbers }) => cosine(probe.numbers, numbers)),
      ),
    );
    for (const { threshold, mistaken } of thresholds) {
      expect(mistaken).toMatchObject({
        errors: nearest.filter((score) => score >= threshold).length,
        comparisons: rows.length,
      });
    }
  });

  test('says where the similarities lie', async () => {
    const { impostor, genuine } = report(await measure(people));
    const scores = expected.impostor.map(({ score }) => score).sort((a, b) => a - b);
    expect(impostor).toMatchObject({ population: scores.length, compared: scores.length, sampled: false });
    expect(impostor.summary?.min).toBeCloseTo(scores[0] as number, 12);
    expect(impostor.summary?.max).toBeCloseTo(scores.at(-1) as number, 12);
    expect(impostor.summary?.mean).toBeCloseTo(scores.reduce((a, b) => a + b) / scores.length, 12);
    expect(Math.abs((impostor.summary?.median ?? 0) - (scores[scores.length >> 1] as number))).toBeLessThan(
      1e-4,
    );
    expect(impostor.bins.reduce((sum, { count }) => sum + count, 0)).toBe(scores.length);
    expect(genuine.bins.reduce((sum, { count }) => sum + count, 0)).toBe(expected.genuine.length);
  });

  test('names the ten closest pairs of people, each once', async () => {
    const { closestPairs } = report(await measure(people));
    const best = new Map<string, number>();
    for (const { first, second, score } of expected.impostor) {
      const key = `${first} ${second}`;
      best.set(key, Math.max(score, best.get(key) ?? -1));
    }
    const top = [...best].sort(([, a], [, b]) => b - a).slice(0, 10);
    expect(closestPairs.map(({ first, second }) => `${first.id} ${second.id}`)).toEqual(
      top.map(([key]) => key),
    );
    closestPairs.forEach(({ similarity, first }, i) => {
      expect(similarity).toBeCloseTo(top[i]?.[1] as number, 12);
      expect(first.name).toBe(first.id.toUpperCase());
    });
  });

  test('gives the rate of false identifications for the templates of today', async () => {
    const { thresholds, templates } = report(await measure(people));
    const { fmr, fpir } = thresholds[4] as (typeof thresholds)[number];
    expect(fmr?.errors).toBeGreaterThan(0);
    expect(fpir?.rate).toBeCloseTo(1 - (1 - (fmr?.rate as number)) ** templates, 12);
    expect(fpir?.high).toBeCloseTo(1 - (1 - (fmr?.high as number)) ** templates, 12);
  });

  test('a similarity that equals the threshold matches', async () => {
    // Its cosine with the x axis is 0.8, exactly: 4/5 of a 3-4-5 triangle.
    const pair = [
      { employee: 'a', templates: [Float32Array.of(1, 0)] },
      { employee: 'b', templates: [Float32Array.of(4, 3)] },
    ];
    const { thresholds } = report(await measure(pair));
    expect(thresholds.map(({ fmr }) => fmr?.errors)).toEqual([1, ...Array<number>(19).fill(0)]);
  });
});

describe('a sample of pairs', () => {
  const people = crowd({ people: 60, templates: (p) => (p === 0 ? 25 : 1 + (p % 4)) });
  const budget = { allUpTo: 100, sample: 6000 };

  test('agrees with all pairs within the intervals', async () => {
    const all = report(await measure(people, { budget: everything }));
    // Of 40 intervals of 95 % two miss on average, so not every seed will do.
    const some = report(await measure(people, { budget, seed: 3 }));
    expect(some.impostor).toMatchObject({
      sampled: true,
      compared: 6000,
      population: all.impostor.population,
    });
    expect(some.genuine).toMatchObject({ sampled: true, population: all.genuine.population });
    some.thresholds.forEach(({ fmr, fnmr, mistaken }, i) => {
      const truth = all.thresholds[i];
      expect(truth?.fmr?.rate).toBeGreaterThanOrEqual(fmr?.low as number);
      expect(truth?.fmr?.rate).toBeLessThanOrEqual(fmr?.high as number);
      expect(truth?.fnmr?.rate).toBeGreaterThanOrEqual(fnmr?.low as number);
      expect(truth?.fnmr?.rate).toBeLessThanOrEqual(fnmr?.high as number);
      expect(mistaken).toBeNull();
    });
  });

  test('is the same for the same seed, and another one for another', async () => {
    const bins = async (seed: number) => report(await measure(people, { budget, seed })).impostor.bins;
    expect(await bins(5)).toEqual(await bins(5));
    expect(await bins(5)).not.toEqual(await bins(6));
  });

  test.each([
    ['impostor', impostorPairs],
    ['genuine', genuinePairs],
  ] as const)('every %s pair is equally likely, however unequal people are', async (_kind, plan) => {
    const few = crowd({ people: 4, templates: (p) => [1, 2, 3, 6][p] as number });
    const set = await collectTemplates(few, new SeededRandom(1));
    const key = (a: number, b: number) => `${Math.min(a, b)}-${Math.max(a, b)}`;
    const counts = new Map<string, number>();
    for (const { a, b } of plan(set, new SeededRandom(1), everything).pairs) counts.set(key(a, b), 0);
    const cells = counts.size;
    const each = 2000;
    for (const { a, b } of plan(set, new SeededRandom(3), { allUpTo: 0, sample: cells * each }).pairs) {
      counts.set(key(a, b), (counts.get(key(a, b)) as number) + 1);
    }
    // No pair that is none, and chi-squared within four standard deviations of its mean; the seed is fixed.
    expect(counts.size).toBe(cells);
    const chi = [...counts.values()].reduce((sum, c) => sum + (c - each) ** 2 / each, 0);
    expect(chi).toBeLessThan(cells - 1 + 4 * Math.sqrt(2 * (cells - 1)));
  });
});

describe('what cannot be compared', () => {
  const good = crowd({ people: 5, templates: () => 2 });

  test('is left out and counted', async () => {
    const broken = (change: (vector: Float32Array) => void): Float32Array => {
      const vector = Float32Array.from(good[0]?.templates[0] as Float32Array);
      change(vector);
      return vector;
    };
    const hostile: EnrolledPerson = {
      employee: 'hostile',
      templates: [
        broken((v) => v.fill(0)),
        broken((v) => (v[3] = NaN)),
        broken((v) => (v[3] = Infinity)),
        new Float32Array(64).fill(1),
        new Float32Array(0),
      ],
    };
    const clean = await measure(good);
    const measurement = await measure([good[0] as EnrolledPerson, hostile, ...good.slice(1)]);
    expect(measurement.skippedTemplates).toBe(5);
    expect({ ...measurement, skippedTemplates: 0 }).toEqual(clean);
  });

  test('leaves a report without figures if nobody is enrolled', async () => {
    const { thresholds, impostor, advice, closestPairs } = report(await measure([]));
    expect(thresholds[0]).toMatchObject({ fmr: null, fnmr: null, fpir: null, mistaken: null });
    expect(impostor).toMatchObject({ population: 0, compared: 0, summary: null });
    expect(advice.status).toBe('NOT_ENOUGH_DATA');
    expect(closestPairs).toEqual([]);
  });

  test('one person alone has genuine pairs only', async () => {
    const { thresholds, genuine } = report(await measure(good.slice(0, 1)));
    expect(genuine.compared).toBe(1);
    expect(thresholds[0]).toMatchObject({ fmr: null, fnmr: { comparisons: 1 }, mistaken: null });
  });
});

describe('a large gallery', () => {
  test('leaves the event loop free while it is measured', async () => {
    const people = crowd({ people: 1500, templates: () => 1 });
    let longest = 0;
    let turns = 0;
    // Of this process: a machine that does something else meanwhile is no pause of ours.
    const cpuMs = (): number => process.cpuUsage().user / 1000;
    const began = cpuMs();
    let last = began;
    const timer = setInterval(() => {
      const now = cpuMs();
      longest = Math.max(longest, now - last);
      last = now;
      turns += 1;
    }, 1);
    try {
      const { impostor } = await measure(people);
      expect(impostor.scores.size).toBe((1500 * 1499) / 2);
    } finally {
      clearInterval(timer);
    }
    // Slices of 8 ms. Compared with the whole and not with a time: a busy machine makes both longer.
    expect(turns).toBeGreaterThan(5);
    expect(longest).toBeLessThan((cpuMs() - began) / 2);
  });

  test('is measured on a uniform sample of people if it does not fit into memory', async () => {
    const people = crowd({ people: 50, templates: () => 2 });
    const measurement = await measure(people, { maxPeople: 20 });
    expect(measurement).toMatchObject({ employees: 50, employeesCompared: 20, templates: 100 });
    expect(measurement.genuine.population).toBe(20);
    expect(report(measurement).notes.join()).toContain('Only 20 people');
  });

  test('can be given up in the middle', async () => {
    const people = crowd({ people: 1500, templates: () => 1 });
    const controller = new AbortController();
    const measuring = measure(people, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(measuring).rejects.toThrow('enough');
  });
});

test('a measurement holds no vector', async () => {
  const people = crowd({ people: 10, templates: () => 2 });
  const text = JSON.stringify(report(await measure(people)));
  for (const x of people[0]?.templates[0] as Float32Array) {
    expect(text).not.toContain(String(x).slice(0, 8));
  }
});
