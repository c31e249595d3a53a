import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { type DescribedFace, type FaceAnalysis, SERVER_BOUNDS } from '@rollcall/face-rules';
import { FaceEngine, type FaceEngineOptions } from '../../src/services/faces/engine/face-engine';
import type { RecognizerManifest } from '../../src/services/faces/engine/recognizer-manifest';
import { compiled } from './compiled';
import { photo } from './photos';

export const PORTRAITS = [
  'grace-hopper',
  'grace-hopper-2',
  'grace-hopper-3',
  'eileen-collins',
  'eileen-collins-2',
  'eileen-collins-3',
] as const;

/** What the service asks of the photo of a check. */
export const CHECK_PHOTO = { pose: 'frontal', minClarity: 2.6, bounds: SERVER_BOUNDS } as const;
/** And of that of an enrolment, and of an action. */
export const ENROLMENT_PHOTO = { ...CHECK_PHOTO, minClarity: 3 } as const;
export const ACTION_PHOTO = { pose: 'any', minClarity: 0, bounds: SERVER_BOUNDS } as const;

/** Where the build puts the models. */
export const MODELS = compiled('models');

/** The manifest of the model that comes with the service. */
export const manifest = (): RecognizerManifest =>
  JSON.parse(readFileSync(join(MODELS, 'model.json'), 'utf8')) as RecognizerManifest;

/** A real engine; what it logs is dropped. */
export const engineWith = (options: Partial<FaceEngineOptions> = {}): FaceEngine =>
  new FaceEngine({
    workers: 1,
    queueLimit: 100,
    timeoutMs: 30_000,
    model: { folder: MODELS, manifest: manifest() },
    log: pino({ level: 'silent' }),
    ...options,
  });

/** One engine for a test file, and what it said of each fixture. */
export class Photos {
  private readonly engine: FaceEngine;
  private readonly seen = new Map<string, Promise<FaceAnalysis>>();

  /** @param input of the model, where it is to be told another one than is right */
  constructor(input: Partial<RecognizerManifest['input']> = {}) {
    const own = manifest();
    this.engine = engineWith({
      model: { folder: MODELS, manifest: { ...own, input: { ...own.input, ...input } } },
    });
  }

  /** @param name of a fixture, with its ending */
  analysis(name: string): Promise<FaceAnalysis> {
    const known = this.seen.get(name) ?? this.engine.analyse(photo(name), { surroundings: true });
    this.seen.set(name, known);
    return known;
  }

  async face(name: string): Promise<DescribedFace> {
    return described(await this.analysis(name));
  }

  /** Of a photo that is no fixture. */
  analysisOf(jpeg: Buffer): Promise<FaceAnalysis> {
    return this.engine.analyse(jpeg, { surroundings: true });
  }

  async faceIn(jpeg: Buffer): Promise<DescribedFace> {
    return described(await this.analysisOf(jpeg));
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

function described({ main }: FaceAnalysis): DescribedFace {
  if (main === null) throw new Error('no face was found');
  return main;
}

export const similarity = (a: Float64Array, b: Float64Array): number => {
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};
