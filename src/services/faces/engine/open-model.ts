import { join } from 'node:path';
import { ConfigError } from '../../../config/config';
import { RESERVED_MODELS } from '../../../config/config-faces';
import type { FaceEngine } from './face-engine';
import type { FaceModelsOptions } from './face-models';
import { DETECTOR, LANDMARKS, ModelFault, OWN_MODELS, readModel } from './model-files';
import { readManifest, type RecognizerManifest } from './recognizer-manifest';

/**
 * Checks the models before anything depends on them.
 * @param modelDir FACE_MODEL_DIR; null: the service's own model
 * @param clientModel id of the model of clients' descriptors
 * @throws ConfigError that names the file and what is wrong with it
 */
export async function openModel(modelDir: string | null, clientModel: string): Promise<FaceModelsOptions> {
  const folder = modelDir ?? OWN_MODELS;
  try {
    for (const { file, sha256 } of [DETECTOR, LANDMARKS]) await readModel(join(OWN_MODELS, file), sha256);
    const manifest = await readManifest(folder);
    if (manifest.id === clientModel) {
      throw new ModelFault(`${folder}: id ${manifest.id} is the one of client descriptors (FACE_MODEL_ID)`);
    }
    // Templates of another model with this id would be compared with those of this one.
    if (
      RESERVED_MODELS.includes(manifest.id) &&
      vectorsOf(manifest) !== vectorsOf(await readManifest(OWN_MODELS))
    ) {
      throw new ModelFault(
        `${folder}: id ${manifest.id} is the one of a model of the service; choose another id`,
      );
    }
    return { folder, manifest };
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    throw new ConfigError([
      modelDir === null ? `Face model: ${error.message}. Build again` : `FACE_MODEL_DIR: ${error.message}`,
    ]);
  }
}

/** What vectors of a model depend on. */
const vectorsOf = ({ id, sha256, input, alignment, dimension }: RecognizerManifest): string =>
  JSON.stringify([id, sha256, input, alignment, dimension]);

/** Starts the workers, which run a model of FACE_MODEL_DIR once. @throws ConfigError if that fails */
export async function tryModel(engine: FaceEngine): Promise<void> {
  try {
    await engine.warm();
  } catch (error) {
    await engine.close();
    throw new ConfigError([`FACE_MODEL_DIR: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
