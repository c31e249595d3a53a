import type { EnrolledPerson } from '../../src/services/reports/calibration/template-set';
import { cosine, strangerDescriptor } from './photos';

interface CrowdOptions {
  readonly people: number;
  /** How many templates person p has. */
  readonly templates: (p: number) => number;
  /** How much of a face is everybody's: real descriptors are not centred, so strangers are far from orthogonal. */
  readonly common?: number;
  /** How much two templates of one person differ. */
  readonly noise?: number;
}

/** Fictitious people whose templates resemble each other as real ones do: strangers at .8 to .9, their own somewhat higher. */
export function crowd({ people, templates, common = 3, noise = 1.2 }: CrowdOptions): EnrolledPerson[] {
  const everybody = strangerDescriptor(999_999);
  return Array.from({ length: people }, (_, p) => {
    const own = strangerDescriptor(1 + p);
    return {
      employee: `person-${p}`,
      templates: Array.from({ length: templates(p) }, (_unused, t) => {
        const jitter = strangerDescriptor(1_000_000 + p * 100 + t);
        return Float32Array.from(
          own,
          (x, i) => x + common * (everybody[i] as number) + noise * (jitter[i] as number),
        );
      }),
    };
  });
}

/** Every pair of templates, computed one by one and independently of the service. */
export function bruteForce(people: readonly EnrolledPerson[]) {
  const rows = people.flatMap(({ employee, templates }) =>
    templates.map((template) => ({ employee, numbers: [...template] })),
  );
  const impostor: { first: string; second: string; score: number }[] = [];
  const genuine: number[] = [];
  rows.forEach((a, i) => {
    for (const b of rows.slice(i + 1)) {
      const score = cosine(a.numbers, b.numbers);
      if (a.employee === b.employee) genuine.push(score);
      else impostor.push({ first: a.employee, second: b.employee, score });
    }
  });
  return { impostor, genuine };
}
