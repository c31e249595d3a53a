import type { Measurement } from './measure';
import { Xoshiro128 } from './random';

const count = (n: number): string => n.toLocaleString('en-US');

/** What has to be known to read the figures of a measurement, as sentences. */
export function notesOn(measurement: Measurement): string[] {
  const { people, peopleHeld, peopleWithSeveral, templates, skipped, impostor, genuine, seed } = measurement;
  const notes = [
    `Behind the ${count(impostor.scores.size)} impostor pairs stand ${count(people)} people. Pairs that share a ` +
      'person are not independent, so the true uncertainty is larger than the intervals, which count every pair ' +
      `as evidence of its own; only ${count(Math.floor(people / 2))} pairs share nobody.`,
    genuine.scores.size === 0
      ? 'No employee has two templates: nothing is known about false non-matches (FNMR).'
      : `Behind the ${count(genuine.scores.size)} genuine pairs stand ${count(peopleWithSeveral)} people with two ` +
        'or more templates. Templates that were enrolled on one day resemble each other more than a punch does ' +
        'months later: expect a higher FNMR at the door.',
    `FPIR is 1 - (1 - FMR)^${count(templates)}, for a search over today's ${count(templates)} templates, as if each ` +
      'matched independently. Templates of one person do not, so where employees have several it is too high ' +
      'rather than too low.',
  ];
  if (measurement.nearestOther === null) {
    notes.push(
      `Impostor pairs are a uniform sample, with replacement, of ${count(impostor.population)} ` +
        `(${Xoshiro128.title}, seed ${seed}): closest pairs are the closest of the sample, and how many templates ` +
        'would be taken for somebody else is not counted.',
    );
  } else {
    notes.push(
      'Mistaken: templates that resemble somebody else this much, counted and not computed, as if their owner were ' +
        'not enrolled. It assumes no independence.',
    );
  }
  if (genuine.sampled) {
    notes.push(`Genuine pairs are a uniform sample, with replacement, of ${count(genuine.population)}.`);
  }
  if (peopleHeld < people) {
    notes.push(
      `Only ${count(peopleHeld)} people, drawn uniformly, were compared, to bound the memory that it takes.`,
    );
  }
  if (skipped > 0) {
    notes.push(
      `${count(skipped)} templates cannot be compared (no length, not finite, another dimension) and are left out.`,
    );
  }
  notes.push(
    'Enrolled templates stand in for punches. Nothing here says how well a photo of a photo, a mask or a vector ' +
      'made up by a client is refused.',
  );
  return notes;
}
