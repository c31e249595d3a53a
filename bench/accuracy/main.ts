/** How well faces are told apart, on photos of one's own. bench/README.md says how to run and how to read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { FaceEngine } from '../../src/services/faces/engine/face-engine';
import { describePeople } from './describe';
import type { Scores } from './error-rates';
import { parsePairs, type TestPair } from './pairs-file';
import { readPhotoFolder } from './photo-folder';
import { identificationTable, ratesTable } from './report';
import { type Person, scoreAllPairs, scorePairs, scoreTemplates, type TemplateTrial } from './trials';

const USAGE =
  'usage: main.ts [--mean <n>] [--workers <n>] <folder with a folder for each person> [pairs file]';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { mean: { type: 'string', default: '3' }, workers: { type: 'string', default: '2' } },
  });
  const [folder, pairsFile] = positionals;
  const [mean, workers] = [Number(values.mean), Number(values.workers)];
  if (folder === undefined || !(mean > 0) || !(workers > 0)) throw new Error(USAGE);
  // Before an hour of work rather than after it.
  const pairs = pairsFile === undefined ? null : parsePairs(readFileSync(pairsFile, 'utf8'));

  const people = readPhotoFolder(folder);
  const engine = new FaceEngine({
    workers,
    queueLimit: 0,
    timeoutMs: 60_000,
    script: join(__dirname, '../../dist/src/services/faces/engine/face-worker.js'),
    log: pino({ level: 'warn' }, pino.destination(2)),
  });
  const described = await describePeople(people, engine, workers);
  await engine.close();

  const columns = new Map<string, Scores>();
  const searches = new Map<string, TemplateTrial>();
  for (const model of ['plain', 'aligned'] as const) {
    columns.set(model, await scorePhotos(described[model], pairs));
    for (const n of new Set([1, mean])) {
      const name = n === 1 ? `${model}, first photo` : `${model}, mean of ${n}`;
      const trial = scoreTemplates(described[model], n);
      searches.set(name, trial);
      if (n > 1) columns.set(name, trial);
    }
  }
  process.stdout
    .write(`${people.length} people, ${described.photos} photos; no face in ${described.withoutFace}.
False matches / false non-matches by the similarity from which two photos are taken for one person's:

${ratesTable(columns)}

${identificationTable(searches)}
`);
}

async function scorePhotos(people: readonly Person[], pairs: readonly TestPair[] | null): Promise<Scores> {
  if (pairs === null) return await scoreAllPairs(people);
  const scores = scorePairs(people, pairs);
  if (scores.missed > 0) process.stderr.write(`${scores.missed} pairs without a face in a photo\n`);
  return scores;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
