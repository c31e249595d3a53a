export interface Case {
  readonly size: number;
  readonly dimension: number;
  readonly rounds: number;
  /** Milliseconds of every round, by contender. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** Of how many probes, and how many were answered with another identity than float64's. */
  readonly probes: number;
  readonly wrong: number;
}

/** The goals, as p50 ratios: who, against whom, at which size (128 numbers), at most. */
const GOALS: readonly (readonly [string, string, number, number])[] = [
  ['i8', 'read', 10_000, 0.7],
  ['i8', 'read', 100_000, 0.5],
  ['i8', 'read', 1_000_000, 0.4],
  ['i8', 'usearch exact', 10_000, 0.35],
  ['i8', 'usearch exact', 100_000, 0.15],
  ['i8', 'usearch exact', 1_000_000, 0.2],
  ['i8', 'naive JS', 10_000, 0.03],
  ['i8', 'naive JS', 100_000, 0.03],
  ['i8', 'naive JS', 1_000_000, 0.03],
  ['f32', 'read', 10_000, 1.1],
  ['f32', 'read', 100_000, 1.1],
  ['f32', 'read', 1_000_000, 1.1],
];

/** Markdown: a table of times for each gallery, and what the goals came to. */
export function report(cases: readonly Case[]): string {
  return [...cases.map(tableOf), goalsOf(cases)].join('\n\n');
}

function tableOf({ size, dimension, rounds, times, probes, wrong }: Case): string {
  const read = quantile(times.get('read') ?? [], 0.5);
  return [
    `**${size.toLocaleString('en')} templates of ${dimension} numbers** (${rounds} rounds; wrong identities in ${probes} probes: ${wrong})`,
    '',
    '| | p50 | p99 | p50, × read |',
    '| --- | ---: | ---: | ---: |',
    ...[...times].map(([name, all]) => {
      const p50 = quantile(all, 0.5);
      return `| ${name} | ${duration(p50)} | ${duration(quantile(all, 0.99))} | ${(p50 / read).toFixed(2)} |`;
    }),
  ].join('\n');
}

function goalsOf(cases: readonly Case[]): string {
  return [
    '| p50 of | against | templates | goal, at most | measured | |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...GOALS.flatMap(([who, whom, size, goal]) => {
      const times = cases.find((one) => one.size === size && one.dimension === 128)?.times;
      const [left, right] = [times?.get(who), times?.get(whom)];
      if (left === undefined || right === undefined) return [];
      const ratio = quantile(left, 0.5) / quantile(right, 0.5);
      return [
        `| ${who} | ${whom} | ${size.toLocaleString('en')} | ${goal} | ${ratio.toFixed(3)} | ${ratio <= goal ? 'reached' : '**missed**'} |`,
      ];
    }),
  ].join('\n');
}

const duration = (ms: number): string => (ms < 1 ? `${(ms * 1000).toFixed(1)} µs` : `${ms.toFixed(2)} ms`);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
