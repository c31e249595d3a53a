import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { DataSource } from 'typeorm';
import { type Config, configFromProcess } from '../config/config';
import { CalibrationService } from '../services/reports/calibration/calibration-service';
import { templateCounts } from '../services/reports/calibration/enrolled-people';
import { OWN_MODELS } from '../services/faces/engine/model-files';
import { readManifest } from '../services/faces/engine/recognizer-manifest';
import { trustOf } from '../services/faces/engine/trust';
import { photoDistances, renderDistances } from '../services/reports/calibration/photo-distances';
import { renderHtml, renderSvg } from '../services/reports/calibration/render-plot';
import { renderText } from '../services/reports/calibration/render-text';
import { KeyRing } from '../services/encryption/key-ring';
import { TemplateVault } from '../services/faces/matching/template-vault';
import { command, runCommand } from './command';
import { withDatabase } from './open-database';
import { OperatorError } from './operator-error';

const MIN_FMR = 1e-9;
const MAX_FMR = 0.5;
/** An hour or so of one core. */
const MAX_PAIRS = 10_000_000_000;

const INSTEAD = `Query the service with the admin key instead:

  { matchingReport(targetFmr: 0.0001) { advice { explanation threshold }
      thresholds { threshold fmr { rate low high } fnmr { rate low high } } notes } }

Or stop the service and run this command again.`;

interface Options {
  readonly fmr: number;
  readonly model?: string;
  readonly pairs?: number;
  readonly json?: true;
  readonly plot?: string;
}

/** @returns a parser of an option. @param bound the message for a value that fails the test */
const checked =
  <T>(parse: (text: string) => T, passes: (value: T) => boolean, bound: string) =>
  (text: string): T => {
    const value = parse(text);
    if (text.trim() === '' || !passes(value)) throw new InvalidArgumentError(bound);
    return value;
  };

const toRate = checked(
  Number,
  (rate) => rate >= MIN_FMR && rate <= MAX_FMR,
  `It must be a number from ${MIN_FMR} to ${MAX_FMR}.`,
);
const toPairs = checked(
  Number,
  (pairs) => Number.isInteger(pairs) && pairs >= 1 && pairs <= MAX_PAIRS,
  `It must be a whole number from 1 to ${MAX_PAIRS}.`,
);
const toModel = checked(String, () => true, 'It must not be empty.');
const toPlot = checked(
  String,
  (file) => ['.svg', '.html'].includes(extname(file).toLowerCase()),
  'It must name a file that ends in .svg or .html.',
);

/** The command with its options; `action` is what it does. */
export const calibrateCommand = (action: (options: Options) => Promise<void> | void) =>
  command(
    'calibrate',
    'Measures the error rates of face matching on the enrolled templates. Prints the similarities of genuine and impostor pairs, false match and false non-match rates at a range of thresholds with 95 % intervals, the recommended threshold for a target false match rate, the closest pairs of different employees, and how far photos of one employee are from being copies.',
    'Reads the environment like the service. With the embedded database, stop the service first or use the query matchingReport instead. Exit codes: 0 success, 1 failure, 2 wrong options.',
  )
    .option('--fmr <rate>', `target false match rate, ${MIN_FMR} to ${MAX_FMR}`, toRate, 1e-4)
    .option(
      '--model <id>',
      'model whose templates are compared (default: the model that checks use)',
      toModel,
    )
    .option(
      '--pairs <n>',
      'compare at most n pairs of each kind; if there are more, a sample of n (default: all pairs up to 2000000, otherwise a sample of 1000000)',
      toPairs,
    )
    .option('--json', 'print JSON instead of text; use npm run -s to print nothing else')
    .option(
      '--plot <file>',
      'also write the similarity distributions and the DET curve to a .svg or .html file',
      toPlot,
    )
    .action(action);

async function calibrate({ fmr, model, pairs, plot, json }: Options): Promise<void> {
  const config = configFromProcess();
  const vault = new TemplateVault(config.encryption && new KeyRing(config.encryption));
  const budget = pairs === undefined ? {} : { budget: { allUpTo: pairs, sample: pairs } };
  await withDatabase(config, INSTEAD, async (dataSource) => {
    const { server, decisive } = await modelsOf(config, dataSource);
    const modelId = model ?? decisive;
    await requireTemplates(dataSource, modelId);
    const service = new CalibrationService(dataSource, vault, modelId, server, undefined, budget);
    const report = await service.report(fmr);
    if (plot !== undefined) {
      const render = extname(plot).toLowerCase() === '.svg' ? renderSvg : renderHtml;
      // The page contains names.
      await writeFile(plot, render(report), { mode: 0o600 });
    }
    const distances = await photoDistances(dataSource, server);
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ ...report, photoDistances: distances }, null, 2)}\n`
        : renderText(report) + renderDistances(distances),
    );
  });
}

/** The server's model and the model that decides in checks. */
async function modelsOf({ faces, access }: Config, dataSource: DataSource) {
  const server = await readManifest(faces.modelDir ?? OWN_MODELS);
  const client = { id: faces.modelId, dimension: faces.descriptorDimension };
  const { trust } = await trustOf({ faces, access }, dataSource, { client, server });
  return { server: server.id, decisive: trust === 'client' ? client.id : server.id };
}

/** @throws OperatorError */
async function requireTemplates(dataSource: DataSource, modelId: string): Promise<void> {
  const models = new Set((await templateCounts(dataSource)).map((each) => each.modelId));
  if (models.has(modelId)) return;
  const others =
    models.size === 0
      ? 'nobody is enrolled.'
      : `other models have templates: ${[...models].join(', ')} (see --model).`;
  throw new OperatorError(`No active employee has a template of model ${modelId}; ${others}`);
}

if (require.main === module) void runCommand(calibrateCommand(calibrate));
