import { advise, MIN_PEOPLE } from '../../../src/services/reports/calibration/advice';
import { rateOf } from '../../../src/services/reports/calibration/intervals';
import { measure } from '../../../src/services/reports/calibration/measure';
import { bruteForce, crowd } from '../../support/calibration-people';

describe('the advised threshold', () => {
  const people = crowd({ people: 70, templates: (p) => 1 + (p % 2) });
  const { impostor, genuine } = bruteForce(people);

  // 3 / 0.0013 = 2308 pairs are within the 2415 pairs of 70 people.
  test.each([0.3, 0.05, 0.01, 0.003, 0.0013])('is the smallest one that keeps an FMR of %d', async (fmr) => {
    const scores = impostor.map(({ score }) => score);
    const upper = (threshold: number): number =>
      rateOf(scores.filter((score) => score >= threshold).length, scores.length)?.high as number;
    const advice = advise(await measure(people), fmr);
    expect(advice.status).toBe('ADVISED');
    const threshold = advice.threshold as number;
    expect(upper(threshold)).toBeLessThanOrEqual(fmr);
    // One step lower would not do.
    expect(upper(Math.round(threshold * 10_000 - 1) / 10_000)).toBeGreaterThan(fmr);
    expect(advice.fmr).toEqual(rateOf(scores.filter((score) => score >= threshold).length, scores.length));
    expect(advice.fnmr?.errors).toBe(genuine.filter((score) => score < threshold).length);
  });

  test('is refused if there are too few pairs of people, and says how many it takes', async () => {
    const advice = advise(await measure(people), 1e-4);
    expect(advice).toMatchObject({
      status: 'NOT_ENOUGH_DATA',
      threshold: null,
      fmr: null,
      fnmr: null,
      neededImpostorPairs: 30_000,
      // 246 people make 30,135 pairs, 245 only 29,890.
      neededPeople: 246,
    });
    expect(advice.explanation).toContain('at least 30,000 impostor pairs (rule of three: 3/FMR)');
    expect(advice.explanation).toContain('70 people make 2,415');
  });

  test('is not had by giving few people many templates', async () => {
    const many = crowd({ people: MIN_PEOPLE, templates: () => 10 });
    const measurement = await measure(many);
    expect(measurement.impostor.scores.size).toBeGreaterThan(30_000);
    expect(advise(measurement, 1e-4).status).toBe('NOT_ENOUGH_DATA');
  });

  test('is refused below the fewest people, whatever the rate', async () => {
    const few = crowd({ people: MIN_PEOPLE - 1, templates: () => 10 });
    expect(advise(await measure(few), 0.5)).toMatchObject({
      status: 'NOT_ENOUGH_DATA',
      neededPeople: MIN_PEOPLE,
    });
    const enough = crowd({ people: MIN_PEOPLE, templates: () => 1 });
    expect(advise(await measure(enough), 0.5).status).toBe('ADVISED');
  });

  test('is refused if the sample is too small although there are people enough', async () => {
    const measurement = await measure(people, { budget: { allUpTo: 0, sample: 500 } });
    const advice = advise(measurement, 0.003);
    expect(advice.status).toBe('NOT_ENOUGH_DATA');
    expect(advice.explanation).toContain('the sample has 500');
  });

  test('is refused if people are enrolled twice, with a hint at the cause', async () => {
    const twice = people.flatMap(({ employee, templates }) => [
      { employee, templates },
      { employee: `${employee}-again`, templates },
    ]);
    const advice = advise(await measure(twice), 0.001);
    expect(advice).toMatchObject({ status: 'OUT_OF_REACH', threshold: null });
    expect(advice.explanation).toContain('enrolled twice');
  });

  test('does without an FNMR if nobody has two templates', async () => {
    const single = crowd({ people: 40, templates: () => 1 });
    expect(advise(await measure(single), 0.1)).toMatchObject({ status: 'ADVISED', fnmr: null });
  });
});
