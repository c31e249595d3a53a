import { extname } from 'node:path';
import { parseArgs } from 'node:util';

/** The command line is at fault. */
export class UsageError extends Error {}

export interface CalibrateArguments {
  readonly json: boolean;
  /** A file that ends in .svg or .html; null: none. */
  readonly plot: string | null;
  /** 1e-9 to 0.5. */
  readonly targetFmr: number;
  /** null: the configured one. */
  readonly modelId: string | null;
  /** Up to how many pairs are compared; null: all up to two million, else a sample of one million. */
  readonly pairs: number | null;
}

const MIN_FMR = 1e-9;
const MAX_FMR = 0.5;
/** An hour or so of one core. */
const MAX_PAIRS = 10_000_000_000;

export const USAGE = `npm run calibrate -- [options]

Measures the error rates of face matching on the enrolled templates. Prints the similarities of genuine and impostor
pairs, false match and false non-match rates at the thresholds 0.80 to 0.99 with 95 % intervals, the recommended
threshold for a target false match rate, and the closest pairs of different employees.

  --fmr <rate>      target false match rate, ${MIN_FMR} to ${MAX_FMR} (default 1e-4)
  --model <id>      model whose templates are compared (default: the model that checks use)
  --pairs <n>       compare at most n pairs of each kind; if there are more, a sample of n
                    (default: all pairs up to 2000000, otherwise a sample of 1000000)
  --json            print JSON instead of text; use npm run -s to print nothing else
  --plot <file>     also write the similarity distributions and the DET curve to a .svg or .html file
  --help            show this text

Reads the environment like the service. With the embedded database, stop the service first or use the query
matchingReport instead. Exit codes: 0 success, 1 failure, 2 wrong options.
`;

/** @throws UsageError that says what is wrong and how to get help */
export function parseArguments(args: readonly string[]): CalibrateArguments | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const targetFmr = Number(values.fmr ?? 1e-4);
  if (values.fmr?.trim() === '' || !(targetFmr >= MIN_FMR && targetFmr <= MAX_FMR)) {
    throw usage(`--fmr must be a number from ${MIN_FMR} to ${MAX_FMR}`);
  }
  if (values.plot !== undefined && !['.svg', '.html'].includes(extname(values.plot).toLowerCase())) {
    throw usage('--plot must name a file that ends in .svg or .html');
  }
  const pairs = values.pairs === undefined ? null : Number(values.pairs);
  if (pairs !== null && !(Number.isInteger(pairs) && pairs >= 1 && pairs <= MAX_PAIRS)) {
    throw usage(`--pairs must be a whole number from 1 to ${MAX_PAIRS}`);
  }
  const modelId = values.model ?? null;
  if (modelId === '') throw usage('--model must not be empty');
  return { json: values.json ?? false, plot: values.plot ?? null, targetFmr, modelId, pairs };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        plot: { type: 'string' },
        fmr: { type: 'string' },
        model: { type: 'string' },
        pairs: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw usage((error as Error).message);
  }
}

const usage = (fault: string): UsageError => new UsageError(`${fault}\n\nSee: npm run calibrate -- --help`);
