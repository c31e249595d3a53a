import { pino } from 'pino';
import type { DescribedFace, FaceAnalysis } from '@rollcall/face-rules';
import { FaceEngine, type FaceEngineOptions } from '../../src/services/faces/engine/face-engine';
import { photo } from './photos';

export const PORTRAITS = [
  'grace-hopper',
  'grace-hopper-2',
  'grace-hopper-3',
  'eileen-collins',
  'eileen-collins-2',
  'eileen-collins-3',
] as const;

/** A real engine; what it logs is dropped. */
export const engineWith = (options: Partial<FaceEngineOptions> = {}): FaceEngine =>
  new FaceEngine({
    workers: 1,
    queueLimit: 100,
    timeoutMs: 30_000,
    log: pino({ level: 'silent' }),
    ...options,
  });

/** One engine for a test file, and what it said of each fixture. */
export class Photos {
  private readonly engine = engineWith();
  private readonly seen = new Map<string, Promise<FaceAnalysis>>();

  /** @param name of a fixture, with its ending */
  analysis(name: string): Promise<FaceAnalysis> {
    const known = this.seen.get(name) ?? this.engine.analyse(photo(name));
    this.seen.set(name, known);
    return known;
  }

  async face(name: string): Promise<DescribedFace> {
    return described(await this.analysis(name));
  }

  /** Of a photo that is no fixture. */
  analysisOf(jpeg: Buffer): Promise<FaceAnalysis> {
    return this.engine.analyse(jpeg);
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
