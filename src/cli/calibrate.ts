import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { DataSource } from 'typeorm';
import { configFromProcess } from '../config/config';
import { CalibrationService } from '../services/reports/calibration/calibration-service';
import { templateCounts } from '../services/reports/calibration/enrolled-people';
import { decisiveModel } from '../services/faces/engine/face-model-ids';
import { renderHtml, renderSvg } from '../services/reports/calibration/render-plot';
import { renderText } from '../services/reports/calibration/render-text';
import { OperatorError, openDatabase } from './open-database';
import { KeyRing } from '../services/encryption/key-ring';
import { TemplateVault } from '../services/faces/matching/template-vault';
import { parseArguments, USAGE, UsageError, type CalibrateArguments } from './calibrate-arguments';

const INSTEAD = `Query the service with the admin key instead:

  { matchingReport(targetFmr: 0.0001) { advice { explanation threshold }
      thresholds { threshold fmr { rate low high } fnmr { rate low high } } notes } }

Or stop the service and run this command again.`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const parsed = parseArguments(process.argv.slice(2));
  if (parsed === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const config = configFromProcess();
  const dataSource = await openDatabase(config, INSTEAD);
  const keys = config.encryption === null ? null : new KeyRing(config.encryption);
  try {
    await report(dataSource, new TemplateVault(keys), {
      ...parsed,
      modelId: parsed.modelId ?? decisiveModel(config.faceDescriptorTrust, config.faceModelId),
    });
  } finally {
    await dataSource.destroy();
  }
}

async function report(
  dataSource: DataSource,
  vault: TemplateVault,
  options: CalibrateArguments & { readonly modelId: string },
): Promise<void> {
  const { modelId, targetFmr, plot, json, pairs } = options;
  const counts = await templateCounts(dataSource).catch((error: unknown) => {
    // 42P01: there is no such table.
    if ((error as { code?: unknown }).code !== '42P01') throw error;
    throw new OperatorError('The database has no tables. Start the service once and enrol employees.');
  });
  if (!counts.some((each) => each.modelId === modelId)) {
    const others = [...new Set(counts.map((each) => each.modelId))].join(', ');
    throw new OperatorError(
      `No active employee has a template of model ${modelId}` +
        (others === '' ? '; nobody is enrolled.' : `; other models have templates: ${others} (see --model).`),
    );
  }
  const service = new CalibrationService(
    dataSource,
    vault,
    modelId,
    undefined,
    pairs === null ? {} : { budget: { allUpTo: pairs, sample: pairs } },
  );
  const result = await service.report(targetFmr);
  if (plot !== null) {
    const render = extname(plot).toLowerCase() === '.svg' ? renderSvg : renderHtml;
    // The page has names in it.
    await writeFile(plot, render(result), { mode: 0o600 });
  }
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : renderText(result));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
});
