const { cos, imul, log, PI, sqrt } = Math;

/** Numbers from 0 to 1 (mulberry32), the same in every run. */
function randomness(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = imul(state ^ (state >>> 15), state | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Descriptors that lie as those of real faces do: around a common mean, so that two strangers have a cosine of about
 * 0.8 (face-api's measure 0.75 to 0.9), and two photos of one person one of about 0.97.
 */
export class Faces {
  private readonly mean: Float64Array;
  private readonly random: () => number;

  constructor(
    readonly dimension: number,
    seed = 1,
  ) {
    this.random = randomness(seed);
    this.mean = Float64Array.from({ length: dimension }, () => this.gaussian());
  }

  stranger(): Float32Array {
    return Float32Array.from(this.mean, (x) => (2 * x + this.gaussian()) / (1.6 * sqrt(this.dimension)));
  }

  /** Another photo of the same person. */
  again(template: Float32Array): Float64Array {
    return Float64Array.from(template, (x) => x + (0.35 * this.gaussian()) / (1.6 * sqrt(this.dimension)));
  }

  private gaussian(): number {
    return sqrt(-2 * log(1 - this.random())) * cos(2 * PI * this.random());
  }
}
