import type { DerivedRate, Rate } from './intervals';
import type { CalibrationReport, Distribution, NamedEmployee } from './report';

const count = (n: number): string => n.toLocaleString('en-US');
const cosine = (x: number): string => x.toFixed(4);

/** A share: three digits after the point, or as a power of ten where that would show nothing. */
const share = (x: number): string => (x === 0 ? '0' : x >= 0.01 ? x.toFixed(3) : x.toExponential(1));

const interval = ({ low, high }: DerivedRate): string => `${share(low)} .. ${share(high)}`;

/** A name could hold what moves a terminal's cursor or turns its direction around. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');

/** Columns as wide as their widest cell; those named to the left, numbers to the right. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [],
): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells
      .map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')}`.trimEnd();
  return [line(head), ...rows.map(line)];
}

function distributionRow(name: string, { compared, population, sampled, summary }: Distribution): string[] {
  const of = sampled ? `${count(compared)} of ${count(population)}` : count(compared);
  if (summary === null) return [name, of, ...Array.from({ length: 7 }, () => '-')];
  const { min, p05, median, p95, p999, max, mean } = summary;
  return [name, of, ...[min, p05, median, p95, p999, max, mean].map(cosine)];
}

const rateCells = (rate: Rate | null): string[] =>
  rate === null
    ? ['-', '-', '-']
    : [share(rate.rate), interval(rate), `${count(rate.errors)}/${count(rate.comparisons)}`];

const person = ({ employeeId, name }: NamedEmployee): string =>
  employeeId === '' ? '(removed meanwhile)' : `${printable(employeeId)} ${printable(name)}`;

/** The report as text for a terminal. Shares are fractions of 1; intervals are of 95 %. */
export function renderText(report: CalibrationReport): string {
  const { impostor, genuine, advice, closestPairs } = report;
  const lines = [
    `Matching report of model ${printable(report.modelId)}, ${report.generatedAt.toISOString()}`,
    '',
    'Data',
    ...table(
      ['', ''],
      [
        ['employees', count(report.employees)],
        ['with two or more templates', count(report.employeesWithSeveralTemplates)],
        ['templates', count(report.templates)],
        ['templates left out', count(report.skippedTemplates)],
      ],
      [0],
    ).slice(1),
    '',
    'Similarity (cosine)',
    ...table(
      ['pairs', 'compared', 'min', '5 %', 'median', '95 %', '99.9 %', 'max', 'mean'],
      [distributionRow('impostor', impostor), distributionRow('genuine', genuine)],
      [0],
    ),
    '',
    'Errors by threshold (shares of 1, 95 % intervals)',
    ...table(
      ['cosine', 'FMR', 'interval', 'pairs', 'FNMR', 'interval', 'pairs', 'FPIR', 'interval', 'mistaken'],
      report.thresholds.map(({ threshold, fmr, fnmr, fpir, mistaken }) => [
        threshold.toFixed(2),
        ...rateCells(fmr),
        ...rateCells(fnmr),
        ...(fpir === null ? ['-', '-'] : [share(fpir.rate), interval(fpir)]),
        mistaken === null ? '-' : `${count(mistaken.errors)}/${count(mistaken.comparisons)}`,
      ]),
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
  lines.push('', 'Closest pairs of different employees');
  lines.push(
    ...(closestPairs.length === 0
      ? ['  none']
      : table(
          ['cosine', 'employee', 'employee'],
          closestPairs.map(({ similarity, first, second }) => [
            cosine(similarity),
            person(first),
            person(second),
          ]),
          [1, 2],
        )),
  );
  lines.push('', 'Notes', ...report.notes.map((note) => `  - ${note}`));
  return `${lines.join('\n')}\n`;
}
