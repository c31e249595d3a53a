import type { Box, DescribedFace, DetectedFace, FaceAnalysis, HeadPose } from './face-analysis';
import { FaceFault } from './face-fault';

/**
 * The bounds were set on the fixtures, on sharp's derivations of them (blurred, darkened, brightened, reduced, cut,
 * turned) and on six group photos of the library. `similarity` means: of the aligned descriptor with that of the
 * untouched portrait.
 */

/** A bystander's face has at most half of the area; then there is no doubt whose photo it is. */
const BYSTANDER_AREA = 0.5;

/** Pixels of the photo as given, the shorter side of the face's box. Reduced to 78 pixels similarity is still .995. */
const MIN_FACE_SIDE = 80;

/**
 * Share of the box's side that may lie beyond the photo's border. The box of a tight portrait grazes it by up to .02;
 * with a tenth of the face missing it reaches .08 and similarity falls to .98, with a fifth .18 and .94.
 */
const MAX_BEYOND_BORDER = 0.08;

/**
 * Mean luma of the face, 0 to 255; the fixtures have 120 to 189. At 38 similarity is .989, but soon no face is found
 * at all. Dark skin in ordinary light lies above 60: the bound is about the light, not about the person.
 */
const MIN_BRIGHTNESS = 45;
const MAX_BRIGHTNESS = 230;
/** Share of the face burnt out to white. At .74 similarity is .955; the fixtures have none. */
const MAX_BURNT_OUT = 0.35;

/**
 * Portraits that are in focus have .35 (candid) to 2.2 (lit by a photographer). At .09 similarity is .965, and blur
 * makes strangers alike; the fixtures that are far out of focus have .02.
 */
const MIN_SHARPNESS = 0.08;

/**
 * Degrees. Yaw costs the most, since half of the face disappears; pitch is the least certain estimate and differs by
 * some ten degrees between people who all look straight ahead; roll is undone before describing (.999 at 30 degrees).
 */
const MAX_YAW = 20;
const MAX_PITCH = 25;
const MAX_ROLL = 35;

type FaceVerdict =
  | { readonly usable: true; readonly face: DescribedFace }
  | { readonly usable: false; readonly fault: FaceFault };

/**
 * Whether somebody can be recognised by a photo, and whose face it is. Of several faults the one that a person should
 * mend first.
 * @param pose 'any' for the photos of a challenge, in which the head is turned on purpose
 */
export function judgeFace(analysis: FaceAnalysis, pose: 'frontal' | 'any'): FaceVerdict {
  const { main: face } = analysis;
  if (face === null) return { usable: false, fault: whyNobody(analysis.brightness) };
  const fault = faultOf(face, analysis, pose);
  return fault === null ? { usable: true, face } : { usable: false, fault };
}

/** In the dark nothing is found either; light is the better advice then. */
function whyNobody(brightness: number): FaceFault {
  if (brightness < MIN_BRIGHTNESS) return FaceFault.TOO_DARK;
  return brightness > MAX_BRIGHTNESS ? FaceFault.TOO_BRIGHT : FaceFault.NO_FACE;
}

function faultOf(face: DescribedFace, analysis: FaceAnalysis, pose: 'frontal' | 'any'): FaceFault | null {
  if (!standsOut(analysis.faces)) return FaceFault.SEVERAL_FACES;
  if (beyondBorder(face.box, analysis) > MAX_BEYOND_BORDER) return FaceFault.CUT_OFF;
  if (Math.min(face.box.width, face.box.height) < MIN_FACE_SIDE) return FaceFault.TOO_SMALL;
  if (face.brightness < MIN_BRIGHTNESS) return FaceFault.TOO_DARK;
  if (face.brightness > MAX_BRIGHTNESS || face.burntOut > MAX_BURNT_OUT) return FaceFault.TOO_BRIGHT;
  if (face.sharpness < MIN_SHARPNESS) return FaceFault.BLURRED;
  if (pose === 'frontal' && !isFrontal(face.pose)) return FaceFault.TURNED_AWAY;
  return null;
}

const isFrontal = ({ yaw, pitch, roll }: HeadPose): boolean =>
  Math.abs(yaw) <= MAX_YAW && Math.abs(pitch) <= MAX_PITCH && Math.abs(roll) <= MAX_ROLL;

/** @param faces largest first */
function standsOut([first, second]: readonly DetectedFace[]): boolean {
  if (first === undefined || second === undefined) return true;
  return area(second.box) <= BYSTANDER_AREA * area(first.box);
}

const area = ({ width, height }: Box): number => width * height;

/** The largest share of the box's width or height that lies beyond one side of the photo. */
function beyondBorder(box: Box, photo: { readonly width: number; readonly height: number }): number {
  const across = Math.max(-box.x, box.x + box.width - photo.width) / box.width;
  const down = Math.max(-box.y, box.y + box.height - photo.height) / box.height;
  return Math.max(across, down);
}
