import sharp from 'sharp';
import type { Box, DetectedFace } from '@rollcall/face-rules';
import type { OnnxModel } from './onnx-model';
import type { Picture } from './picture';

/** Pixels of the model's input. */
const WIDTH = 320;
const HEIGHT = 240;
export const DETECTOR_SHAPE = [1, 3, HEIGHT, WIDTH] as const;
/** The model gets (value - 127) / 128; around the picture is grey, which is 0. */
const MEAN = 127;
const SCALE = 128;
/** At .65 no face of 7,701 press photos was missed. */
const MIN_SCORE = 0.65;
/** Two boxes that share this much of their union are one face. */
const MAX_OVERLAP = 0.4;
/** On each side, as a share of width and height, for the second look at a photo that shows no face: close-ups. */
export const BORDER = 0.4;

/**
 * Finds the faces of a picture.
 * @param border what is added on each side, as a share of width and height
 * @returns largest first, in pixels of the picture
 */
export async function detectFaces(
  model: OnnxModel,
  picture: Picture,
  border: number,
): Promise<readonly DetectedFace[]> {
  const around = 1 + 2 * border;
  const scale = Math.min(WIDTH / (picture.width * around), HEIGHT / (picture.height * around));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const [left, top] = [Math.floor((WIDTH - width) / 2), Math.floor((HEIGHT - height) / 2)];
  const small = await sharp(picture.rgb, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const [scores, boxes] = await model.run(inputOf(small, { left, top, width, height }));
  const toPicture = ({ box, score }: DetectedFace): DetectedFace => ({
    box: {
      x: ((box.x - left) * picture.width) / width,
      y: ((box.y - top) * picture.height) / height,
      width: (box.width * picture.width) / width,
      height: (box.height * picture.height) / height,
    },
    score,
  });
  return distinct(candidates(scores as Float32Array, boxes as Float32Array))
    .map(toPicture)
    .filter(({ box }) => isWithin(box, picture))
    .sort((a, b) => areaOf(b.box) - areaOf(a.box));
}

const PLANE = HEIGHT * WIDTH;

/** Channel by channel. @param small fills the place, red, green and blue of each pixel; around it is grey */
function inputOf(
  small: Uint8Array,
  { left, top, width, height }: Record<'left' | 'top' | 'width' | 'height', number>,
): Float32Array {
  const input = new Float32Array(3 * PLANE);
  for (let row = 0, from = 0; row < height; row++) {
    let to = (row + top) * WIDTH + left;
    for (let column = 0; column < width; column++, from += 3, to++) {
      input[to] = ((small[from] as number) - MEAN) / SCALE;
      input[to + PLANE] = ((small[from + 1] as number) - MEAN) / SCALE;
      input[to + 2 * PLANE] = ((small[from + 2] as number) - MEAN) / SCALE;
    }
  }
  return input;
}

/** In pixels of the model's input. */
function candidates(scores: Float32Array, boxes: Float32Array): DetectedFace[] {
  const found: DetectedFace[] = [];
  for (let i = 0; i < scores.length / 2; i++) {
    const score = scores[2 * i + 1] as number;
    if (!(score > MIN_SCORE)) continue;
    const [x0, y0, x1, y1] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    const box = { x: x0 * WIDTH, y: y0 * HEIGHT, width: (x1 - x0) * WIDTH, height: (y1 - y0) * HEIGHT };
    found.push({ box, score });
  }
  return found;
}

/** Of the boxes of one face the surest. */
function distinct(found: DetectedFace[]): DetectedFace[] {
  const kept: DetectedFace[] = [];
  for (const face of found.sort((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => overlap(box, face.box) <= MAX_OVERLAP)) kept.push(face);
  }
  return kept;
}

const areaOf = ({ width, height }: Box): number => width * height;

/** Intersection over union. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (areaOf(a) + areaOf(b) - width * height);
}

const isWithin = ({ x, y, width, height }: Box, picture: Picture): boolean =>
  width > 0 && height > 0 && x + width > 0 && y + height > 0 && x < picture.width && y < picture.height;
