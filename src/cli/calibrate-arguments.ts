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

Measures from the enrolled templates how well faces are told apart: how similar different people are, and templates of
the same person; false match and false non-match rates at the thresholds 0.80 to 0.99 with 95 % intervals; the
threshold that keeps a wanted false match rate; and the closest pairs of different employees.

  --fmr <rate>      the wanted false match rate, ${MIN_FMR} to ${MAX_FMR} (default 1e-4)
  --model <id>      the model whose templates are compared (default: FACE_MODEL_ID,
                    or dlib-resnet-128-aligned where the server's descriptors decide)
  --pairs <n>       compare up to n pairs of each kind; of more, a sample of n
                    (default: all up to 2000000, of more a sample of 1000000)
  --json            print JSON instead of text; with npm run -s nothing else is printed
  --plot <file>     also write both distributions and the DET curve to a .svg or .html file
  --help            this text

Reads DATABASE_URL or DATA_DIR as the service does. With the embedded database the service has to be stopped, or asked
by the query matchingReport instead. Exits with 0, 1 when it failed, 2 when the options are wrong.
`;

/** @throws UsageError that says what is wrong and how to get help */
export function parseArguments(args: readonly string[]): CalibrateArguments | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const targetFmr = Number(values.fmr ?? 1e-4);
  if (values.fmr?.trim() === '' || !(targetFmr >= MIN_FMR && targetFmr <= MAX_FMR)) {
    throw usage(`--fmr must be a number, ${MIN_FMR} to ${MAX_FMR}`);
  }
  if (values.plot !== undefined && !['.svg', '.html'].includes(extname(values.plot).toLowerCase())) {
    throw usage('--plot must name a file that ends in .svg or .html');
  }
  const pairs = values.pairs === undefined ? null : Number(values.pairs);
  if (pairs !== null && !(Number.isInteger(pairs) && pairs >= 1 && pairs <= MAX_PAIRS)) {
    throw usage(`--pairs must be a whole number, 1 to ${MAX_PAIRS}`);
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
