import { count } from './count';
import type { Measurement } from './measure';
import { SeededRandom } from './random';

/** What has to be known to read the figures of a measurement, as sentences. */
export function notesOn(measurement: Measurement): string[] {
  const { employees, employeesCompared, templates, skippedTemplates, impostor, genuine, seed } = measurement;
  const notes = [
    `The ${count(impostor.scores.size)} impostor pairs come from ${count(employees)} people. Pairs that share a person are not independent: only ${count(Math.floor(employees / 2))} pairs share nobody. The true uncertainty is larger than the intervals, which treat all pairs as independent.`,
    genuine.scores.size === 0
      ? 'No employee has two templates: the FNMR is unknown.'
      : `The ${count(genuine.scores.size)} genuine pairs come from ${count(measurement.employeesWithSeveralTemplates)} people with two or more templates. Templates from one day are more similar than a punch months later. Expect a higher FNMR in practice.`,
    `FPIR is 1 - (1 - FMR)^${count(templates)} for a search over ${count(templates)} templates, as if each matched independently. Templates of one person do not, so the FPIR is too high if employees have several.`,
    impostor.sampled
      ? `Impostor pairs are a uniform sample, with replacement, of ${count(impostor.population)} (${SeededRandom.title}, seed ${seed}). The closest pairs are those of the sample. The number of templates that match another employee is not counted.`
      : 'Mistaken: the share of templates that match another employee, counted as if their owner were not enrolled. It does not assume independence.',
    genuine.sampled &&
      `Genuine pairs are a uniform sample, with replacement, of ${count(genuine.population)}.`,
    employeesCompared < employees &&
      `Only ${count(employeesCompared)} people, drawn uniformly, were compared, to limit memory.`,
    skippedTemplates > 0 &&
      `${count(skippedTemplates)} templates cannot be compared (zero length, not finite, or another dimension) and are left out.`,
    'The report compares enrolled templates, not punches. It does not show how well photos of photos, masks or invented descriptors are refused.',
  ];
  return notes.filter((note) => note !== false);
}
