import type { Base } from '../../base';
import type { Encryption } from '../encryption/create-encryption';
import type { Rewriting } from '../encryption/rotation-progress';
import { loadSecret } from '../encryption/secrets';
import { DescriptorModel } from './engine/descriptor-model';
import { FaceEngine } from './engine/face-engine';
import { FaceReader } from './engine/face-reader';
import { Galleries } from './matching/galleries';
import { GallerySync } from './matching/gallery-sync';
import { MatchingService } from './matching/matching-service';
import { TemplateRotation } from './matching/template-rotation';
import { TemplateVault } from './matching/template-vault';
import { ReplayGuard } from './replay/replay-guard';

export interface Faces {
  /** Of the client's descriptors. */
  readonly model: DescriptorModel;
  readonly vault: TemplateVault;
  readonly galleries: Galleries;
  readonly gallerySync: GallerySync;
  readonly matching: MatchingService;
  /** null where the server is not to look at photos, which saves the memory of the models. */
  readonly engine: FaceEngine | null;
  readonly reader: FaceReader;
  readonly replays: ReplayGuard;
  /** null: nothing is encrypted. */
  readonly rotation: Rewriting | null;
}

/** What knows faces and compares them. */
export async function createFaces(
  { config, dataSource, now, log }: Base,
  { keys }: Encryption,
): Promise<Faces> {
  const { modelId, descriptorDimension, descriptorTrust, identifyMargin } = config.faces;
  const { matchThreshold: plain, serverMatchThreshold: aligned } = config.faces;
  const { workers, queueLimit, timeoutMs } = config.faces;
  const { replayWindowDays: windowDays } = config.checks;
  const vault = new TemplateVault(keys);
  const model = new DescriptorModel(modelId, descriptorDimension);
  const galleries = new Galleries({ dimension: model.dimension, log });
  const engine = workers === 0 ? null : new FaceEngine({ workers, queueLimit, timeoutMs, log });
  const key = windowDays > 0 ? await loadSecret(config.dataDir, 'replay', keys) : null;
  return {
    model,
    vault,
    galleries,
    gallerySync: new GallerySync(dataSource, galleries, model, vault, log),
    matching: new MatchingService(galleries, { plain, aligned }, identifyMargin),
    engine,
    reader: new FaceReader(engine, model, descriptorTrust),
    replays: new ReplayGuard({ dataSource, key, windowDays, now }),
    rotation: keys && new TemplateRotation(dataSource, keys, 'encrypted'),
  };
}
