import { count } from './count';
import type { DerivedRate, Rate } from './intervals';
import type { CalibrationReport, Distribution, NamedEmployee } from './report';

/** A share: three digits after the point, or as a power of ten if that would show nothing. */
const share = (x: number): string => (x === 0 ? '0' : x >= 0.01 ? x.toFixed(3) : x.toExponential(1));

const interval = ({ low, high }: DerivedRate): string => `${share(low)} .. ${share(high)}`;

/** A name could hold what moves a terminal's cursor or turns its direction around. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');

/** Columns as wide as their widest cell; those named to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const aligned = (cell: string, i: number): string =>
    left.includes(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => `  ${row.map(aligned).join('  ')}`.trimEnd());
}

function distributionRow(name: string, { compared, population, sampled, summary }: Distribution): string[] {
  const { min, p05, median, p95, p999, max, mean } = summary ?? {};
  return [
    name,
    sampled ? `${count(compared)} of ${count(population)}` : count(compared),
    ...[min, p05, median, p95, p999, max, mean].map((x) => x?.toFixed(4) ?? '-'),
  ];
}

/** How many of how many. */
const errorsOf = (rate: Rate | null): string =>
  rate === null ? '-' : `${count(rate.errors)}/${count(rate.comparisons)}`;

const rateCells = (rate: DerivedRate | null): string[] =>
  rate === null ? ['-', '-'] : [share(rate.rate), interval(rate)];

const person = ({ employeeId, name }: NamedEmployee): string =>
  employeeId === '' ? '(removed meanwhile)' : `${printable(employeeId)} ${printable(name)}`;

/** The report as text for a terminal. Shares are fractions of 1; intervals are of 95 %. */
export function renderText(report: CalibrationReport): string {
  const { impostor, genuine, advice, closestPairs } = report;
  const lines = [
    `Matching report of model ${printable(report.modelId)}, ${report.generatedAt.toISOString()}`,
    '',
    'Data',
    ...table([
      ['employees', count(report.employees)],
      ['with two or more templates', count(report.employeesWithSeveralTemplates)],
      ['templates', count(report.templates)],
      ['templates left out', count(report.skippedTemplates)],
    ]),
    '',
    'Similarity (cosine)',
    ...table([
      ['pairs', 'compared', 'min', '5 %', 'median', '95 %', '99.9 %', 'max', 'mean'],
      distributionRow('impostor', impostor),
      distributionRow('genuine', genuine),
    ]),
    '',
    'Errors by threshold (shares of 1, 95 % intervals)',
    ...table(
      [
        ['cosine', 'FMR', 'interval', 'pairs', 'FNMR', 'interval', 'pairs', 'FPIR', 'interval', 'mistaken'],
        ...report.thresholds.map(({ threshold, fmr, fnmr, fpir, mistaken }) => [
          threshold.toFixed(2),
          ...[...rateCells(fmr), errorsOf(fmr)],
          ...[...rateCells(fnmr), errorsOf(fnmr)],
          ...[...rateCells(fpir), errorsOf(mistaken)],
        ]),
      ],
      [],
    ),
    '',
    `Recommendation for an FMR of ${advice.targetFmr}`,
    `  ${advice.explanation}`,
  ];
  if (advice.threshold !== null) {
    lines.push(`  FACE_MATCH_THRESHOLD=${advice.threshold}`);
    lines.push(
      advice.fnmr === null
        ? '  FNMR at this threshold: unknown, because no employee has two templates.'
        : `  FNMR at this threshold: ${share(advice.fnmr.rate)} (${interval(advice.fnmr)}).`,
    );
  }
  const pairs = closestPairs.map(({ similarity, first, second }) => [
    similarity.toFixed(4),
    person(first),
    person(second),
  ]);
  lines.push('', 'Closest pairs of different employees');
  lines.push(
    ...(pairs.length === 0 ? ['  none'] : table([['cosine', 'employee', 'employee'], ...pairs], [1, 2])),
  );
  lines.push('', 'Notes', ...report.notes.map((note) => `  - ${note}`));
  return `${lines.join('\n')}\n`;
}
