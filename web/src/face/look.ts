import {
  type DetectedFace,
  MEASURE_SIDE,
  PAGE_BOUNDS,
  type SeenFace,
  chipFrame,
  cutChip,
  headPose,
  judgeFace,
  meanLuma,
  measureChip,
  mouthOpening,
} from '@rollcall/face-rules';
import type { Found, Models } from './models';
import type { Look } from './protocol';

/**
 * Judges a frame by the rules of the server, so that sent photos are rarely refused.
 * @param pixels the frame, perhaps reduced
 * @param full pixels of the photo that would be sent
 */
export async function lookAt(
  models: Models,
  pixels: ImageData,
  full: { readonly width: number; readonly height: number },
  pose: 'frontal' | 'any',
): Promise<Look> {
  const found = await models.find(pixels);
  const scale = full.width / pixels.width;
  const faces = found.faces.map(({ box, score }) => ({
    box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
    score,
  }));
  const rgb = withoutAlpha(pixels);
  const main = measure(found, faces, pixels, rgb, scale);
  const verdict = judgeFace(
    { width: full.width, height: full.height, brightness: meanLuma(rgb), faces, main },
    { pose, minClarity: 0, bounds: PAGE_BOUNDS },
  );
  return {
    fault: verdict.usable ? null : verdict.fault,
    face: main && {
      box: {
        x: main.box.x / full.width,
        y: main.box.y / full.height,
        width: main.box.width / full.width,
        height: main.box.height / full.height,
      },
      pose: main.pose,
      mouthOpening: main.mouthOpening,
    },
  };
}

function measure(
  { landmarks }: Found,
  [first]: readonly DetectedFace[],
  { width, height }: ImageData,
  rgb: Uint8Array,
  scale: number,
): SeenFace | null {
  if (landmarks === null || first === undefined) return null;
  const frame = chipFrame(landmarks);
  return {
    box: first.box,
    landmarks: landmarks.map(({ x, y }) => ({ x: x * scale, y: y * scale })),
    // Only the server describes faces.
    clarity: null,
    pose: headPose(landmarks),
    mouthOpening: mouthOpening(landmarks),
    ...measureChip(cutChip({ rgb, width, height }, frame, MEASURE_SIDE)),
  };
}

function withoutAlpha({ data }: ImageData): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from] as number;
    rgb[to++] = data[from + 1] as number;
    rgb[to++] = data[from + 2] as number;
  }
  return rgb;
}
