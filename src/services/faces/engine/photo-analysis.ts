import {
  type Box,
  type DescribedFace,
  type FaceAnalysis,
  MEASURE_SIDE,
  type Point,
  chipFrame,
  cutChip,
  cutSurroundings,
  headPose,
  meanLuma,
  measureChip,
  mouthOpening,
} from '@rollcall/face-rules';
import type { FaceModels } from './face-models';
import { type Picture, turnPicture } from './picture';

/** What only some photos need, because it takes time. */
export interface WantedDetails {
  /** What surrounds the face, by which the photos of a challenge are compared. */
  readonly surroundings: boolean;
}

/** Quarter turns that a photo without an orientation may need. */
const QUARTERS = [1, 3, 2];

/** What the engine says of a picture, and the picture as it says it of: turned if its face lies on its side. */
interface Analysed {
  readonly analysis: FaceAnalysis;
  readonly upright: Picture;
}

/**
 * Everything the engine says about a picture. One without a clear face may lie on its side: then it is turned, and if a
 * face is clear that way, widths and positions are those of the turned photo.
 */
export async function analysePicture(
  models: FaceModels,
  picture: Picture,
  wanted: WantedDetails,
): Promise<Analysed> {
  const first = { analysis: await analyseUpright(models, picture, wanted), upright: picture };
  if (isClear(models, first.analysis)) return first;
  for (const quarters of QUARTERS) {
    const upright = await turnPicture(picture, quarters);
    const analysis = await analyseUpright(models, upright, wanted);
    if (isClear(models, analysis)) return { analysis, upright };
  }
  return first;
}

/** A face that lies on its side may be found, and is never clear. */
const isClear = ({ minClarity }: FaceModels, { main }: FaceAnalysis): boolean =>
  main !== null && main.clarity >= minClarity;

async function analyseUpright(
  models: FaceModels,
  picture: Picture,
  wanted: WantedDetails,
): Promise<FaceAnalysis> {
  const faces = await models.find(picture);
  const scale = picture.photoWidth / picture.width;
  const [first] = faces;
  return {
    width: picture.photoWidth,
    height: picture.photoHeight,
    brightness: meanLuma(picture.rgb),
    faces: faces.map(({ box, score }) => ({ box: scaledBox(box, scale), score })),
    main: first === undefined ? null : await describe(models, picture, { box: first.box, scale, ...wanted }),
  };
}

async function describe(
  models: FaceModels,
  picture: Picture,
  { box, scale, surroundings }: WantedDetails & { readonly box: Box; readonly scale: number },
): Promise<DescribedFace> {
  const landmarks = await models.landmarksIn(picture, box);
  const { vector, length } = await models.describe(picture, landmarks);
  return {
    box: scaledBox(box, scale),
    landmarks: landmarks.map((point) => scaledPoint(point, scale)),
    embedding: vector,
    clarity: length,
    pose: headPose(landmarks),
    mouthOpening: mouthOpening(landmarks),
    surroundings: surroundings ? cutSurroundings(picture, landmarks) : null,
    ...measureChip(cutChip(picture, chipFrame(landmarks), MEASURE_SIDE)),
  };
}

const scaledPoint = ({ x, y }: Point, scale: number): Point => ({ x: x * scale, y: y * scale });

const scaledBox = ({ x, y, width, height }: Box, scale: number): Box => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});
