/** The only place that knows the models. It runs in a separate thread: a photo takes some tens of milliseconds. */
import { join } from 'node:path';
import type { Box, DetectedFace, Landmarks } from '@rollcall/face-rules';
import { alignedChip } from './face-chip';
import { BORDER, detectFaces, DETECTOR_SHAPE } from './face-detector';
import { findLandmarks, LANDMARKS_SHAPE } from './face-landmarks';
import { FaceRecognizer } from './face-recognizer';
import { DETECTOR, LANDMARKS, OWN_MODELS } from './model-files';
import { OnnxModel } from './onnx-model';
import type { Picture } from './picture';
import type { RecognizerManifest } from './recognizer-manifest';

export interface FaceModelsOptions {
  /** Folder of the model that describes faces. */
  readonly folder: string;
  readonly manifest: RecognizerManifest;
}

export class FaceModels {
  private constructor(
    private readonly detector: OnnxModel,
    private readonly landmarks: OnnxModel,
    private readonly recognizer: FaceRecognizer,
  ) {}

  /** Reads the models from disk. @throws ModelFault */
  static async load({ folder, manifest }: FaceModelsOptions): Promise<FaceModels> {
    const detector = await OnnxModel.load(join(OWN_MODELS, DETECTOR.file), DETECTOR.sha256, DETECTOR_SHAPE);
    const landmarks = await OnnxModel.load(
      join(OWN_MODELS, LANDMARKS.file),
      LANDMARKS.sha256,
      LANDMARKS_SHAPE,
    );
    return new FaceModels(detector, landmarks, await FaceRecognizer.load(folder, manifest));
  }

  /** Runs each model once: a first run is slow. @throws ModelFault if the recogniser is not what its manifest says */
  async warm(): Promise<void> {
    const blank = {
      rgb: new Uint8Array(64 * 64 * 3),
      width: 64,
      height: 64,
      photoWidth: 64,
      photoHeight: 64,
    };
    await this.find(blank);
    await this.landmarksIn(blank, { x: 0, y: 0, width: 64, height: 64 });
    await this.recognizer.warm();
  }

  /** Length of an embedding below which a face is not clear enough for anything; 0: the model says nothing of it. */
  get minClarity(): number {
    return this.recognizer.manifest.minLength?.check ?? 0;
  }

  /** Finds all faces, largest first; looks once more with a border around the picture if there is none. */
  async find(picture: Picture): Promise<readonly DetectedFace[]> {
    const found = await detectFaces(this.detector, picture, 0);
    return found.length > 0 ? found : detectFaces(this.detector, picture, BORDER);
  }

  landmarksIn(picture: Picture, box: Box): Promise<Landmarks> {
    return findLandmarks(this.landmarks, picture, box);
  }

  /** Describes the face with these landmarks. */
  describe(picture: Picture, landmarks: Landmarks): ReturnType<FaceRecognizer['describe']> {
    return this.recognizer.describe(alignedChip(picture, landmarks, this.recognizer.manifest));
  }
}
