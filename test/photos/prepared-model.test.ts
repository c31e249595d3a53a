/** Real: the models of the installed package, their thread, a portrait. Fake: nothing. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DescribedFace } from '@rollcall/face-rules';
import { withoutPrelu } from '../../scripts/onnx/prelu';
import { withoutTinyWeights } from '../../scripts/onnx/tiny-weights';
import { engineWith, manifest, similarity } from '../support/faces';
import { photo } from '../support/photos';

const original = readFileSync(
  join(dirname(require.resolve('faceplugin-face-recognition-js/package.json')), 'model', 'fr_feature.onnx'),
);

/** The face of a portrait, as this recogniser describes it. */
async function describedBy(recogniser: Buffer): Promise<DescribedFace | null> {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  const sha256 = createHash('sha256').update(recogniser).digest('hex');
  writeFileSync(join(folder, manifest().file), recogniser);
  const engine = engineWith({ model: { folder, manifest: { ...manifest(), sha256 } } });
  try {
    return (await engine.analyse(photo('grace-hopper.jpg'))).main;
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}

it('what the build changes of the recogniser leaves its embeddings as they are', async () => {
  const prepared = withoutPrelu(withoutTinyWeights(original));
  expect(original.includes('PRelu')).toBe(true);
  expect(prepared.includes('PRelu')).toBe(false);
  const [before, after] = [await describedBy(original), await describedBy(prepared)];
  if (before === null || after === null) throw new Error('No face was found');
  expect(similarity(before.embedding, after.embedding)).toBeGreaterThan(0.999999);
  expect(after.clarity).toBeCloseTo(before.clarity, 4);
});
