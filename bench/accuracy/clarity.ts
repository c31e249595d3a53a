import type { TestPair } from './pairs-file';
import { type DescribedPerson, similarity } from './trials';

const BOUNDS = [0, 2.2, 2.4, 2.6, 2.8, 3, 3.2];

/** Markdown: how many photos a minimum clarity refuses, and the false non-matches of the pairs that stay. */
export function clarityTable(
  people: readonly DescribedPerson[],
  pairs: readonly TestPair[],
  threshold: number,
): string {
  const byName = new Map(people.map((person) => [person.person, person]));
  const clarities = people.flatMap((person) => person.clarities.filter((clarity) => clarity !== null));
  const genuine = pairs.flatMap(({ a, b }) => {
    const person = a.person === b.person ? byName.get(a.person) : undefined;
    const [first, second] = [person?.descriptors[a.number - 1], person?.descriptors[b.number - 1]];
    if (first == null || second == null || person === undefined) return [];
    const clarity = Math.min(person.clarities[a.number - 1] ?? 0, person.clarities[b.number - 1] ?? 0);
    return [{ clarity, score: similarity(first, second) }];
  });
  const rows = BOUNDS.map((bound) => {
    const kept = genuine.filter(({ clarity }) => clarity >= bound);
    const refused = clarities.filter((clarity) => clarity < bound).length / clarities.length;
    const missed = kept.filter(({ score }) => !(score >= threshold)).length / kept.length;
    return `| ${bound.toFixed(1)} | ${(100 * refused).toFixed(1)} % | ${(100 * missed).toFixed(1)} % |`;
  });
  return [
    `| minimum clarity | photos refused | false non-matches at ${threshold} |`,
    '| ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}
