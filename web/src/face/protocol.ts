/** What the page and its face worker say to each other. */

/** Shares of the frame's width and height, of the frame as the camera gives it (not mirrored). */
import type { FaceFault, HeadPose } from '@rollcall/face-rules';
export interface RelativeBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What one frame shows, judged by the server's own rules. */
export interface Look {
  /** Why the frame does not serve; null: it does. */
  readonly fault: FaceFault | null;
  /** The largest face; null: none. */
  readonly face: {
    readonly box: RelativeBox;
    readonly pose: HeadPose;
    readonly mouthOpening: number;
  } | null;
}

export type FaceRequest =
  /** Judges a frame, and keeps it: the photo that is sent is the one that was judged. */
  | { readonly type: 'look'; readonly frame: ImageBitmap; readonly pose: 'frontal' | 'any' }
  /** The frame of the last look as JPEG. */
  | { readonly type: 'photo' };

export interface FaceAnswers {
  readonly look: Look;
  readonly photo: Blob;
}

export type FaceRequestMessage = FaceRequest & { readonly id: number };
export type FaceAnswerMessage =
  | { readonly id: number; readonly answer: FaceAnswers[keyof FaceAnswers] }
  | { readonly id: number; readonly error: string };
