/** The only place of the page that knows the models; it runs in a worker. */
import * as faceApi from '@vladmandic/face-api/dist/face-api.esm-nobundle.js';
import { addressOf } from '../shared/address';
import * as tf from './tensors';

const { nets } = faceApi;

/** The smaller the input, the larger a face has to be in the frame; in front of a kiosk it is. */
const DETECTOR = new faceApi.TinyFaceDetectorOptions({ inputSize: 320, scoreThreshold: 0.5 });

export interface Found {
  /** Largest first, in pixels of the picture. */
  readonly faces: readonly { readonly box: faceApi.Box; readonly score: number }[];
  readonly landmarks: readonly { readonly x: number; readonly y: number }[] | null;
}

/** face-api looks for a browser window or for Node. A worker has neither, so we provide what it needs. */
function introduceWorker(): void {
  class Absent {}
  const unavailable = (): never => {
    throw new Error('There are no elements in a worker');
  };
  (faceApi.env as unknown as { setEnv(env: object): void }).setEnv({
    Canvas: OffscreenCanvas,
    CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D,
    Image: Absent,
    ImageData,
    Video: Absent,
    createCanvasElement: unavailable,
    createImageElement: unavailable,
    createVideoElement: unavailable,
    fetch: fetch.bind(self),
    readFile: unavailable,
  });
}

export class Models {
  private constructor() {}

  /** Fetches what guidance needs from our own server (or the service worker's cache) and runs it once. */
  static async load(): Promise<Models> {
    introduceWorker();
    tf.setWasmPaths(addressOf(__TFJS__));
    if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly is not available');
    await tf.ready();
    await Promise.all([
      nets.tinyFaceDetector.loadFromUri(addressOf(__FACE_MODELS__)),
      nets.faceLandmark68Net.loadFromUri(addressOf(__FACE_MODELS__)),
    ]);
    const models = new Models();
    const blank = tf.zeros<tf.Rank.R3>([150, 150, 3], 'int32');
    await faceApi.detectAllFaces(input(blank), DETECTOR);
    await nets.faceLandmark68Net.detectLandmarks(input(blank));
    blank.dispose();
    return models;
  }

  /** Finds all faces, and the landmarks of the largest. */
  async find(pixels: ImageData): Promise<Found> {
    const tensor = tf.browser.fromPixels(pixels, 3);
    try {
      const faces = await detect(tensor);
      const [largest] = faces;
      if (largest === undefined) return { faces, landmarks: null };
      const [main] = await new faceApi.DetectAllFaceLandmarksTask(
        Promise.resolve([{ detection: largest }]),
        input(tensor),
        false,
      );
      return { faces, landmarks: main?.landmarks.positions ?? null };
    } finally {
      tensor.dispose();
    }
  }

  /** How many tensors are alive: the same number after every frame, or memory grows. */
  get tensors(): number {
    return tf.memory().numTensors;
  }
}

/** The library brings its own copy of the same class's type, in which protected members make the two strangers. */
const input = (tensor: tf.Tensor3D): faceApi.tf.Tensor3D => tensor as unknown as faceApi.tf.Tensor3D;

async function detect(tensor: tf.Tensor3D): Promise<faceApi.FaceDetection[]> {
  const [height, width] = tensor.shape;
  return (await faceApi.detectAllFaces(input(tensor), DETECTOR))
    .filter(({ box }) => box.clipAtImageBorders(width, height).area > 0)
    .sort((a, b) => b.box.area - a.box.area);
}
