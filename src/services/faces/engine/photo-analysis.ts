import {
  type Box,
  type DescribedFace,
  type FaceAnalysis,
  MEASURE_SIDE,
  chipFrame,
  cutChip,
  headPose,
  meanLuma,
  measureChip,
  mirrored,
  mouthOpening,
} from '@rollcall/face-rules';
import { CHIP_SIDE, type FaceModels, type FoundFaces } from './face-models';
import type { Picture } from './picture';

/** Everything the engine says about a picture. */
export async function analysePicture(models: FaceModels, picture: Picture): Promise<FaceAnalysis> {
  const { faces, main } = await models.find(picture);
  const scaled = faces.map(({ box, score }) => ({ box: inPhoto(box, picture), score }));
  const [first] = scaled;
  return {
    width: picture.photoWidth,
    height: picture.photoHeight,
    brightness: meanLuma(picture.rgb),
    faces: scaled,
    main: main === null || first === undefined ? null : await describe(models, picture, main, first.box),
  };
}

async function describe(
  models: FaceModels,
  picture: Picture,
  { landmarks, plain }: NonNullable<FoundFaces['main']>,
  box: Box,
): Promise<DescribedFace> {
  const frame = chipFrame(landmarks);
  const chip = cutChip(picture, frame, CHIP_SIDE);
  const [straight, mirror] = await models.describe([chip, mirrored(chip, CHIP_SIDE)]);
  if (straight === undefined || mirror === undefined) throw new Error('The model returned no descriptor');
  const samples = Math.max(1, Math.ceil(frame.size / MEASURE_SIDE));
  return {
    box,
    plain,
    aligned: straight.map((value, i) => value + (mirror[i] as number)),
    pose: headPose(landmarks),
    mouthOpening: mouthOpening(landmarks),
    ...measureChip(cutChip(picture, frame, MEASURE_SIDE, samples)),
  };
}

function inPhoto({ x, y, width, height }: Box, picture: Picture): Box {
  const scale = picture.photoWidth / picture.width;
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}
