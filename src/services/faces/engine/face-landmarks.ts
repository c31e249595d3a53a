import { type Box, type Landmarks, type Pixels, luma, warp } from '@rollcall/face-rules';
import type { OnnxModel } from './onnx-model';

/** Pixels a side of the model's input, which is grey. */
const SIDE = 64;
export const LANDMARKS_SHAPE = [1, 1, SIDE, SIDE] as const;
/** The model gets the grey value by this. */
const SCALE = 256;

/** The 68 landmarks of the face in a box, in pixels of the picture. */
export async function findLandmarks(model: OnnxModel, picture: Pixels, box: Box): Promise<Landmarks> {
  const [right, down] = [box.width / SIDE, box.height / SIDE];
  const face = warp(
    picture,
    {
      start: { x: box.x + right / 2, y: box.y + down / 2 },
      right: { x: right, y: 0 },
      down: { x: 0, y: down },
    },
    { width: SIDE, height: SIDE, samples: Math.max(1, Math.ceil(Math.max(right, down))), beyond: 'edge' },
  );
  const grey = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < grey.length; i++) grey[i] = luma(face, i * 3) / SCALE;
  const [points] = (await model.run(grey)) as [Float32Array];
  return Array.from({ length: points.length / 2 }, (_, i) => ({
    x: box.x + (points[2 * i] as number) * box.width,
    y: box.y + (points[2 * i + 1] as number) * box.height,
  }));
}
