import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from '../../config/config';
import { FaceEngine } from './engine/face-engine';
import { FaceReader } from './engine/face-reader';
import { DescriptorModel } from './engine/descriptor-model';
import { Galleries } from './matching/galleries';
import { GallerySync } from './matching/gallery-sync';
import { MatchingService } from './matching/matching-service';
import type { TemplateVault } from './matching/template-vault';

export interface Faces {
  /** Of the client's descriptors. */
  readonly model: DescriptorModel;
  readonly galleries: Galleries;
  readonly gallerySync: GallerySync;
  readonly matching: MatchingService;
  /** null where the server is not to look at photos, which saves the memory of the models. */
  readonly engine: FaceEngine | null;
  readonly reader: FaceReader;
}

/** What knows faces and compares them. */
export function createFaces(
  config: Config,
  dataSource: DataSource,
  vault: TemplateVault,
  log: Logger,
): Faces {
  const model = new DescriptorModel(config.faces.modelId, config.faces.descriptorDimension);
  const galleries = new Galleries({ dimension: model.dimension, log });
  const gallerySync = new GallerySync(dataSource, galleries, model, vault, log);
  const thresholds = { plain: config.faces.matchThreshold, aligned: config.faces.serverMatchThreshold };
  const matching = new MatchingService(galleries, thresholds, config.faces.identifyMargin);
  const { workers, queueLimit, timeoutMs } = config.faces;
  const engine = workers === 0 ? null : new FaceEngine({ workers, queueLimit, timeoutMs, log });
  const reader = new FaceReader(engine, model, config.faces.descriptorTrust);
  return { model, galleries, gallerySync, matching, engine, reader };
}
