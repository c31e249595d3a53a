import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DETECTOR, LANDMARKS } from '../src/services/faces/engine/model-files';
import { withoutPrelu } from './onnx/prelu';
import { withoutTinyWeights } from './onnx/tiny-weights';
import { unlessCurrent } from './unless-current';

const ROOT = join(__dirname, '..');
const ENGINE = join(ROOT, 'src', 'services', 'faces', 'engine');
const RECOGNIZER = join(ENGINE, 'mobilefacenet-512.json');

interface Model {
  /** Of the package, and what it has to be. */
  readonly source: string;
  readonly sourceSha256: string;
  /** What becomes of it. */
  readonly file: string;
  readonly sha256: string;
}

/** @returns the models to make of the installed package */
function models(): Model[] {
  const recognizer = JSON.parse(readFileSync(RECOGNIZER, 'utf8')) as { file: string; sha256: string };
  return [
    {
      ...DETECTOR,
      source: 'fr_detect.onnx',
      sourceSha256: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
    },
    {
      ...LANDMARKS,
      source: 'fr_landmark.onnx',
      sourceSha256: 'f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258',
    },
    {
      file: recognizer.file,
      sha256: recognizer.sha256,
      source: 'fr_feature.onnx',
      sourceSha256: '87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581',
    },
  ];
}

/**
 * Checks the models of the installed package and prepares them in dist/models, unless they are up to date. Nothing is
 * downloaded: the lock file pins the package.
 */
export async function buildModels(): Promise<void> {
  const folder = join(dirname(require.resolve('faceplugin-face-recognition-js/package.json')), 'model');
  const all = models();
  const sources = [
    ...all.map(({ source }) => join(folder, source)),
    RECOGNIZER,
    join(ENGINE, 'model-files.ts'),
    __filename,
    ...['onnx-file.ts', 'prelu.ts', 'protobuf.ts', 'tiny-weights.ts'].map((name) =>
      join(__dirname, 'onnx', name),
    ),
  ];
  await unlessCurrent({ target: join(ROOT, 'dist', 'models'), sources }, (draft) => {
    mkdirSync(draft);
    for (const { source, sourceSha256, file, sha256 } of all) {
      const original = checked(readFileSync(join(folder, source)), source, sourceSha256);
      writeFileSync(join(draft, file), checked(withoutPrelu(withoutTinyWeights(original)), file, sha256));
    }
    copyFileSync(RECOGNIZER, join(draft, 'model.json'));
  });
}

/** @throws Error if the bytes are others */
function checked(bytes: Buffer, name: string, sha256: string): Buffer {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${name}: SHA-256 is ${found}, must be ${sha256}`);
  return bytes;
}

if (require.main === module) {
  buildModels().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
