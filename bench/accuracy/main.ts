/** How well faces are told apart, on photos of one's own. bench/README.md says how to run and how to read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { FaceEngine } from '../../src/services/faces/engine/face-engine';
import { readManifest } from '../../src/services/faces/engine/recognizer-manifest';
import { clarityTable } from './clarity';
import { describePeople } from './describe';
import type { Scores } from './error-rates';
import { parsePairs, type TestPair } from './pairs-file';
import { readPhotoFolder } from './photo-folder';
import { identificationTable, ratesTable } from './report';
import { type Person, scoreAllPairs, scorePairs, scoreTemplates, type TemplateTrial } from './trials';

const USAGE =
  'usage: main.ts [--mean <n>] [--workers <n>] [--face largest|central] [--model <folder with model.json>] <folder with a folder for each person> [pairs file]';
const BUILT = join(__dirname, '../../dist');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mean: { type: 'string', default: '3' },
      workers: { type: 'string', default: '2' },
      face: { type: 'string', default: 'largest' },
      model: { type: 'string', default: join(BUILT, 'models') },
    },
  });
  const { face: choice, model: modelFolder } = values;
  const [folder, pairsFile] = positionals;
  const [mean, workers] = [Number(values.mean), Number(values.workers)];
  const known = choice === 'largest' || choice === 'central';
  if (folder === undefined || !(mean > 0) || !(workers > 0) || !known) throw new Error(USAGE);
  // Before an hour of work rather than after it.
  const pairs = pairsFile === undefined ? null : parsePairs(readFileSync(pairsFile, 'utf8'));

  const people = readPhotoFolder(folder);
  const manifest = await readManifest(modelFolder);
  const engine = new FaceEngine({
    workers,
    queueLimit: 0,
    timeoutMs: 60_000,
    model: { folder: modelFolder, manifest },
    script: join(BUILT, 'src/services/faces/engine/face-worker.js'),
    log: pino({ level: 'warn' }, pino.destination(2)),
  });
  const described = await describePeople(people, engine, { workers, choice, pairs });
  await engine.close();

  const columns = new Map([['photo to photo', await scorePhotos(described.people, pairs)]]);
  const searches = new Map<string, TemplateTrial>();
  for (const n of new Set([1, mean])) {
    const name = n === 1 ? 'first photo' : `mean of ${n}`;
    const trial = scoreTemplates(described.people, n);
    searches.set(name, trial);
    if (n > 1) columns.set(name, trial);
  }
  process.stdout
    .write(`${manifest.id}: ${people.length} people, ${described.photos} photos; no face in ${described.withoutFace}.
False matches / false non-matches by the similarity from which two photos are taken for one person's:

${ratesTable(columns)}

${identificationTable(searches)}

${pairs === null ? '' : clarityTable(described.people, pairs, manifest.thresholds.match)}
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
