/** What the face engine reports of a photo: plain data, since it crosses from one thread to another. */

import type { Landmarks } from './landmarks';

/** In pixels of the photo as it was given, turned upright by its EXIF orientation. May reach beyond its borders. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DetectedFace {
  readonly box: Box;
  /** The detector's confidence, 0.5 to 1 (the page) or 0.65 to 1 (the server). */
  readonly score: number;
}

/** Degrees, as far as landmarks tell; `head-pose.ts` says how, and how well. Unmirrored photo. */
export interface HeadPose {
  /** Above 0: the person turns to their own left, which is the right of the photo. */
  readonly yaw: number;
  /** Above 0: the person looks up. */
  readonly pitch: number;
  /** Above 0: the head leans towards the person's own left shoulder (clockwise in the photo). */
  readonly roll: number;
}

/** What is measured of a face. */
export interface SeenFace {
  readonly box: Box;
  /** The 68 landmarks, in pixels of the photo as it was given. */
  readonly landmarks: Landmarks;
  readonly pose: HeadPose;
  /** Gap between the inner lips by the width of the mouth: about 0 closed, 0.3 and more clearly open. */
  readonly mouthOpening: number;
  /** Mean luma of the face, 0 (black) to 255. */
  readonly brightness: number;
  /** Share of the face's pixels that are burnt out to white, 0 to 1. */
  readonly burntOut: number;
  /** How much fine detail there is; `chip-measures.ts`. Does not depend on the photo's resolution or contrast. */
  readonly sharpness: number;
  /** A tiny grey picture of the face, by which two frames are compared. As private as the photo. */
  readonly thumbprint: Uint8Array;
  /** Length of the embedding, which is short if a model cannot make out the face; null: nobody described it. */
  readonly clarity: number | null;
}

/** A face with what the server's model makes of it. */
export interface DescribedFace extends SeenFace {
  /** Not normalised: the sum of two unit vectors. */
  readonly embedding: Float64Array;
  readonly clarity: number;
  /**
   * A small grey picture of the head and what surrounds it; `surroundings.ts`. As private as the photo. null: nobody asked
   * for it.
   */
  readonly surroundings: Uint8Array | null;
}

export interface FaceAnalysis<F extends SeenFace = DescribedFace> {
  /** Pixels of the photo as it was given, upright. */
  readonly width: number;
  readonly height: number;
  /** Mean luma of the whole photo, 0 (black) to 255. */
  readonly brightness: number;
  /** Largest first. */
  readonly faces: readonly DetectedFace[];
  /** The largest face; null if there is none. Nobody else in the photo is described. */
  readonly main: F | null;
  /** Of the decoded photo, similar if the photo is; as private as the photo. Left out: nobody asked for it. */
  readonly pictureHash?: Uint8Array;
}
