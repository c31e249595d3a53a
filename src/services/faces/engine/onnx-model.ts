import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelFault, readModel } from './model-files';

/**
 * One thread a model: the workers are what runs in parallel, and more threads for one photo cost more in total. The
 * arena would keep what the largest run took.
 */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
};

/** A model with one input. */
export class OnnxModel {
  private constructor(
    private readonly session: InferenceSession,
    private readonly input: string,
    private readonly shape: readonly number[],
  ) {}

  /**
   * @param shape of the input
   * @throws ModelFault if the file is missing, another one, or no model with one input
   */
  static async load(path: string, sha256: string, shape: readonly number[]): Promise<OnnxModel> {
    const bytes = await readModel(path, sha256);
    const session = await InferenceSession.create(bytes, OPTIONS).catch((error: unknown) => {
      throw new ModelFault(`${path}: is not a model that ONNX Runtime can run`, { cause: error });
    });
    const [input, ...others] = session.inputNames;
    if (input === undefined || others.length > 0)
      throw new ModelFault(`${path}: must have exactly one input`);
    return new OnnxModel(session, input, shape);
  }

  /** @returns the outputs, in the model's order; each is a copy */
  async run(values: Float32Array): Promise<Float32Array[]> {
    const outputs = await this.session.run({ [this.input]: new Tensor('float32', values, this.shape) });
    return this.session.outputNames.map((name) => outputs[name]?.data as Float32Array);
  }
}
