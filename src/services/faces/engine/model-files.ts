import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Where the build puts the models: dist/models, seen from the compiled place of this file. */
export const OWN_MODELS = resolve(__dirname, '../../../../models');

/** The models that find faces. Only the one that describes them can be replaced. */
export const DETECTOR = {
  file: 'detector.onnx',
  sha256: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
} as const;
export const LANDMARKS = {
  file: 'landmarks.onnx',
  sha256: '25666402b5622bc189cb3ce2d131016c7a164e97e2f97e647af54a0dc0e929aa',
} as const;

/** A model cannot be used; the message names the file and the fault. */
export class ModelFault extends Error {
  override readonly name = 'ModelFault';
}

/**
 * The bytes of a model.
 * @param sha256 what they have to be, in hexadecimal
 * @throws ModelFault if the file is missing or another one
 */
export async function readModel(path: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new ModelFault(`${path}: cannot be read`, { cause: error });
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new ModelFault(`${path}: SHA-256 is ${found}, must be ${sha256}`);
  return bytes;
}
