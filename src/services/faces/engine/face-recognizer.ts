import { join } from 'node:path';
import { ModelFault } from './model-files';
import { OnnxModel } from './onnx-model';
import type { RecognizerManifest } from './recognizer-manifest';

/** What a face looks like, as numbers. */
interface Embedding {
  /** Of a face and its mirror image together: the sum of both unit vectors. */
  readonly vector: Float64Array;
  /** Mean length of the two as the model gave them: the best measure of how clear the face is. */
  readonly length: number;
}

/** The model that describes faces. */
export class FaceRecognizer {
  private constructor(
    private readonly model: OnnxModel,
    readonly manifest: RecognizerManifest,
    private readonly path: string,
  ) {}

  /** @throws ModelFault */
  static async load(folder: string, manifest: RecognizerManifest): Promise<FaceRecognizer> {
    const { file, sha256, input } = manifest;
    const path = join(folder, file);
    const model = await OnnxModel.load(path, sha256, [1, 3, input.size, input.size]);
    return new FaceRecognizer(model, manifest, path);
  }

  /** Describes a blank picture: a first run is slow. @throws ModelFault if the model is not what the manifest says */
  async warm(): Promise<void> {
    const { input, dimension } = this.manifest;
    const blank = new Float32Array(input.size * input.size * 3);
    const [output] = await this.model.run(this.inputOf(blank, false)).catch((error: unknown) => {
      throw new ModelFault(`${this.path}: does not take a picture of ${input.size} pixels a side`, {
        cause: error,
      });
    });
    if (output?.length !== dimension) {
      throw new ModelFault(`${this.path}: gives ${output?.length ?? 0} numbers, not ${dimension}`);
    }
    if (!output.every(Number.isFinite) || output.every((value) => value === 0)) {
      throw new ModelFault(`${this.path}: gives no usable numbers; check mean and scale`);
    }
  }

  /** @param chip as `alignedChip` cuts it */
  async describe(chip: Float32Array): Promise<Embedding> {
    const own = await this.embed(chip, false);
    const mirror = await this.embed(chip, true);
    return {
      vector: own.unit.map((x, i) => x + (mirror.unit[i] as number)),
      length: (own.length + mirror.length) / 2,
    };
  }

  private async embed(
    chip: Float32Array,
    mirrored: boolean,
  ): Promise<{ unit: Float64Array; length: number }> {
    const [output] = (await this.model.run(this.inputOf(chip, mirrored))) as [Float32Array];
    const vector = Float64Array.from(output);
    const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
    return { unit: vector.map((x) => x / length), length };
  }

  /** Channel by channel, as the model takes it. */
  private inputOf(chip: Float32Array, mirrored: boolean): Float32Array {
    const { size, channels, mean, scale } = this.manifest.input;
    const plane = size * size;
    const input = new Float32Array(3 * plane);
    for (let row = 0, to = 0; row < size; row++) {
      for (let column = 0; column < size; column++, to++) {
        const from = (row * size + (mirrored ? size - 1 - column : column)) * 3;
        for (let channel = 0; channel < 3; channel++) {
          const source = channels === 'RGB' ? channel : 2 - channel;
          input[channel * plane + to] = ((chip[from + source] as number) - mean) / scale;
        }
      }
    }
    return input;
  }
}
