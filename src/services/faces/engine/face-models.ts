/** The only place that knows the models. It runs in a thread of its own: an image takes a tenth of a second. */
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
// The package's main entry wants tfjs-node, which downloads a binary; this build takes the backend that is set.
import * as faceApi from '@vladmandic/face-api/dist/face-api.node-wasm.js';
import type { DetectedFace, Landmarks } from '@rollcall/face-rules';
import type { Picture } from './picture';

const { nets } = faceApi;

/**
 * The smaller the input, the larger a face has to be in the photo, and the better are close-ups found: of 200 press
 * close-ups 320 misses 5 and, with a border, none; 416 misses 39 and 608 over 100.
 */
const DETECTOR = new faceApi.TinyFaceDetectorOptions({ inputSize: 320, scoreThreshold: 0.5 });
/** On each side, as a share of width and height, for the second look at a photo that shows no face: close-ups. */
const BORDER = 0.4;
const BORDER_GREY = 128;
/** Pixels a side of what the network describes. */
export const CHIP_SIDE = 150;

/** Coordinates are those of the picture. */
export interface FoundFaces {
  /** Largest first. */
  readonly faces: readonly DetectedFace[];
  readonly main: { readonly landmarks: Landmarks; readonly plain: Float64Array } | null;
}

const NOBODY: FoundFaces = { faces: [], main: null };

export class FaceModels {
  /** Reads the models from the installed package; nothing is downloaded. The first run of each net is slow: warm. */
  static async load(): Promise<FaceModels> {
    setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
    if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly is not available to the face models');
    await tf.ready();
    const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
    await nets.tinyFaceDetector.loadFromDisk(folder);
    await nets.faceLandmark68Net.loadFromDisk(folder);
    await nets.faceRecognitionNet.loadFromDisk(folder);
    const models = new FaceModels();
    await models.warm();
    return models;
  }

  /** Finds all faces; landmarks and the plain descriptor of the largest. */
  async find(picture: Picture): Promise<FoundFaces> {
    const tensor = tf.tensor3d(picture.rgb, [picture.height, picture.width, 3], 'int32');
    try {
      const found = await findIn(tensor, 0, 0);
      return found.main === null ? await this.findBordered(tensor) : found;
    } finally {
      tensor.dispose();
    }
  }

  /** @param chips of CHIP_SIDE pixels a side, red, green, blue, 0 to 255 */
  async describe(chips: readonly Float32Array[]): Promise<Float64Array[]> {
    const tensors = chips.map((chip) => input(tf.tensor3d(chip, [CHIP_SIDE, CHIP_SIDE, 3])));
    try {
      const descriptors = (await nets.faceRecognitionNet.computeFaceDescriptor(tensors)) as Float32Array[];
      return descriptors.map((descriptor) => Float64Array.from(descriptor));
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  }

  /** How many tensors are alive: the same number after every photo, or memory grows. */
  get tensors(): number {
    return tf.memory().numTensors;
  }

  private async findBordered(tensor: tf.Tensor3D): Promise<FoundFaces> {
    const [height, width] = tensor.shape;
    const [x, y] = [Math.round(width * BORDER), Math.round(height * BORDER)];
    const bordered = tf.pad3d(tensor, [[y, y], [x, x], [0, 0]], BORDER_GREY); // prettier-ignore
    try {
      return await findIn(bordered, x, y);
    } finally {
      bordered.dispose();
    }
  }

  private async warm(): Promise<void> {
    const blank = new Float32Array(CHIP_SIDE * CHIP_SIDE * 3);
    const tensor = input(tf.tensor3d(blank, [CHIP_SIDE, CHIP_SIDE, 3], 'int32'));
    try {
      await faceApi.detectAllFaces(tensor, DETECTOR);
      await nets.faceLandmark68Net.detectLandmarks(tensor);
      await this.describe([blank, blank]);
    } finally {
      tensor.dispose();
    }
  }
}

/** The library brings its own copy of the same class's type, in which protected members make the two strangers. */
const input = (tensor: tf.Tensor3D): faceApi.tf.Tensor3D => tensor as unknown as faceApi.tf.Tensor3D;

/** @param left @param top what lies around the picture in the tensor, in pixels */
async function findIn(picture: tf.Tensor3D, left: number, top: number): Promise<FoundFaces> {
  const [height, width] = picture.shape;
  const tensor = input(picture);
  const detections = (await faceApi.detectAllFaces(tensor, DETECTOR))
    .filter(({ box }) => box.clipAtImageBorders(width, height).area > 0)
    .sort((a, b) => b.box.area - a.box.area);
  const [largest] = detections;
  if (largest === undefined) return NOBODY;
  // What the library does for all faces, done for one: a bystander costs no time and is not described.
  const [main] = await new faceApi.DetectAllFaceLandmarksTask(
    Promise.resolve([{ detection: largest }]),
    tensor,
    false,
  ).withFaceDescriptors();
  if (main === undefined) return NOBODY;
  return {
    faces: detections.map(({ box, score }) => ({
      box: { x: box.x - left, y: box.y - top, width: box.width, height: box.height },
      score,
    })),
    main: {
      landmarks: main.landmarks.positions.map(({ x, y }) => ({ x: x - left, y: y - top })),
      plain: Float64Array.from(main.descriptor),
    },
  };
}
