import { randomUUID } from 'node:crypto';
import type { Base } from '../../base';
import type { Encryption } from '../encryption/create-encryption';
import type { Rewriting } from '../encryption/rotation-progress';
import { loadSecret } from '../encryption/secrets';
import type { Photos } from '../photos/create-photos';
import { DescriptorModel } from './engine/descriptor-model';
import { FaceEngine } from './engine/face-engine';
import type { FaceModelPair } from './engine/face-model-ids';
import { FaceReader } from './engine/face-reader';
import { openModel, tryModel } from './engine/open-model';
import { trustOf, type DescriptorTrust } from './engine/trust';
import { Galleries } from './matching/galleries';
import { GallerySync } from './matching/gallery-sync';
import { MatchingService } from './matching/matching-service';
import { TemplateRotation } from './matching/template-rotation';
import { TemplateVault } from './matching/template-vault';
import { type Thresholds, thresholdsOf } from './matching/thresholds';
import { FaceReindex } from './reindex/face-reindex';
import { ModelUse } from './reindex/model-use';
import { enrolledLook } from './replay/enrolled-look';
import { NearCopies } from './replay/near-copies';
import { ReplayGuard } from './replay/replay-guard';

export interface Faces {
  /** Whom the installation trusts. */
  readonly trust: DescriptorTrust;
  readonly models: FaceModelPair;
  readonly thresholds: Thresholds;
  readonly vault: TemplateVault;
  readonly galleries: Galleries;
  readonly gallerySync: GallerySync;
  readonly matching: MatchingService;
  /** null if the server is not to look at photos, which saves the memory of the models. */
  readonly engine: FaceEngine | null;
  readonly reader: FaceReader;
  readonly reindex: FaceReindex;
  /** null: no other process uses the database, or this one does not look at photos. */
  readonly modelUse: ModelUse | null;
  readonly replays: ReplayGuard;
  readonly copies: NearCopies;
  /** null: nothing is encrypted. */
  readonly rotation: Rewriting | null;
}

/** What knows faces and compares them. @throws ConfigError if the model of FACE_MODEL_DIR cannot be used */
export async function createFaces(
  { config, dataSource, now, log }: Base,
  { keys, keyUse }: Encryption,
  { storage }: Pick<Photos, 'storage'>,
): Promise<Faces> {
  const { modelId, descriptorDimension, workers, queueLimit, timeoutMs } = config.faces;
  const { replayWindowDays: windowDays } = config.checks;
  const { folder, manifest } = await openModel(config.faces.modelDir, modelId);
  const vault = new TemplateVault(keys);
  const model = new DescriptorModel(modelId, descriptorDimension);
  const models = { client: model, server: manifest };
  const thresholds = thresholdsOf(config.faces.thresholds, manifest);
  const { trust, note } = await trustOf(config, dataSource, models);
  if (note !== null) log[note.level](note.text);
  const galleries = new Galleries(models, { log });
  const engine =
    workers === 0
      ? null
      : new FaceEngine({
          ...{ workers, queueLimit, timeoutMs, model: { folder, manifest }, log },
          hashPictures: windowDays > 0,
        });
  if (engine !== null && config.faces.modelDir !== null) await tryModel(engine);
  const key = windowDays > 0 ? await loadSecret(config.dataDir, 'replay', keys) : null;
  const reader = new FaceReader({
    engine,
    model,
    trust,
    minLength: manifest.minLength,
    prove: (photo) => storage.proved(photo),
  });
  const modelUse =
    engine === null || config.database.url === null
      ? null
      : new ModelUse(dataSource, manifest.id, keyUse?.nodeId ?? randomUUID(), log);
  await modelUse?.begin();
  return {
    trust,
    models,
    thresholds,
    vault,
    galleries,
    gallerySync: new GallerySync(dataSource, galleries, models, vault, log),
    matching: new MatchingService(galleries, thresholds),
    engine,
    reader,
    reindex: new FaceReindex({
      ...{ dataSource, models, vault, reader, storage, workers, log },
      maxImageBytes: config.photos.maxBytes,
    }),
    modelUse,
    replays: new ReplayGuard({ dataSource, key, windowDays, now }),
    copies: new NearCopies({
      ...{ dataSource, key, windowDays, now, modelId: manifest.id },
      enrolled: (templateId, employeeId) =>
        enrolledLook({ dataSource, storage, reader }, templateId, employeeId),
    }),
    rotation: keys && new TemplateRotation(dataSource, keys, 'encrypted'),
  };
}
