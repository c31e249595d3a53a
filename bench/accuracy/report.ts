import { equalErrorRate, errorRates, type Scores } from './error-rates';
import type { TemplateTrial } from './trials';

/** Where the thresholds of a model lie whose impostors have similarities around 0. */
const THRESHOLDS = Array.from({ length: 41 }, (_, i) => (30 + i) / 100);

/** Markdown: FMR / FNMR in percent, a row for each threshold, a column for each kind of descriptor. */
export function ratesTable(columns: ReadonlyMap<string, Scores>): string {
  const rates = [...columns.values()].map((scores) => errorRates(scores, THRESHOLDS));
  const cells = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
  return [
    cells(['threshold', ...columns.keys()]),
    `|${' ---: |'.repeat(columns.size + 1)}`,
    ...THRESHOLDS.map((threshold, row) =>
      cells([threshold.toFixed(2), ...rates.map((column) => pair(column[row]?.fmr, column[row]?.fnmr))]),
    ),
    cells(['EER', ...[...columns.values()].map(equalError)]),
    cells(['comparisons', ...[...columns.values()].map(comparisons)]),
  ].join('\n');
}

/** Markdown: how often the first of a search is the right one. */
export function identificationTable(trials: ReadonlyMap<string, TemplateTrial>): string {
  return [
    '| 1:N | gallery | probes | top-1 |',
    '| --- | ---: | ---: | ---: |',
    ...[...trials].map(
      ([name, { gallery, probes, firsts }]) =>
        `| ${name} | ${gallery} | ${probes} | ${percent(firsts / probes)} |`,
    ),
  ].join('\n');
}

const pair = (fmr = NaN, fnmr = NaN): string => `${percent(fmr)} / ${percent(fnmr)}`;

function equalError(scores: Scores): string {
  const { rate, threshold } = equalErrorRate(scores);
  return `${percent(rate)} at ${threshold.toFixed(3)}`;
}

const comparisons = ({ genuine, impostor }: Scores): string =>
  `${impostor.size.toLocaleString('en')} / ${genuine.size.toLocaleString('en')}`;

const percent = (share: number): string =>
  Number.isNaN(share) ? '–' : `${Number((share * 100).toPrecision(3))} %`;
