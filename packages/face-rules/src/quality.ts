import type { Box, DetectedFace, FaceAnalysis, HeadPose, SeenFace } from './face-analysis';
import type { FaceBounds } from './bounds';
import { FaceFault } from './face-fault';

type FaceVerdict<F> =
  { readonly usable: true; readonly face: F } | { readonly usable: false; readonly fault: FaceFault };

/** What a photo is for. */
interface Purpose {
  /** 'any' for the photos of a challenge, in which the head is turned on purpose. */
  readonly pose: 'frontal' | 'any';
  /** Minimum clarity of the face; 0: none. */
  readonly minClarity: number;
  /** Of who measured the face. */
  readonly bounds: FaceBounds;
}

/**
 * Whether somebody can be recognised by a photo, and whose face it is. Of several faults the one that a person should
 * mend first.
 */
export function judgeFace<F extends SeenFace>(analysis: FaceAnalysis<F>, purpose: Purpose): FaceVerdict<F> {
  const { main: face } = analysis;
  if (face === null) return { usable: false, fault: whyNobody(analysis.brightness, purpose.bounds) };
  const fault = faultOf(face, analysis, purpose);
  return fault === null ? { usable: true, face } : { usable: false, fault };
}

/** In the dark nothing is found either; light is the better advice then. */
function whyNobody(brightness: number, { brightness: [min, max] }: FaceBounds): FaceFault {
  if (brightness < min) return FaceFault.TOO_DARK;
  return brightness > max ? FaceFault.TOO_BRIGHT : FaceFault.NO_FACE;
}

function faultOf(
  face: SeenFace,
  analysis: FaceAnalysis<SeenFace>,
  { pose, minClarity, bounds }: Purpose,
): FaceFault | null {
  const [darkest, brightest] = bounds.brightness;
  if (!standsOut(analysis.faces, bounds)) return FaceFault.SEVERAL_FACES;
  if (!(roomAround(face.box, analysis) >= bounds.minRoom)) return FaceFault.CUT_OFF;
  if (Math.min(face.box.width, face.box.height) < bounds.minSide) return FaceFault.TOO_SMALL;
  if (face.brightness < darkest) return FaceFault.TOO_DARK;
  if (face.brightness > brightest || face.burntOut > bounds.maxBurntOut) return FaceFault.TOO_BRIGHT;
  if (face.sharpness < bounds.minSharpness) return FaceFault.BLURRED;
  if (pose === 'frontal' && !isFrontal(face.pose, bounds)) return FaceFault.TURNED_AWAY;
  // Last: every other fault makes a face unclear too, and its advice is better.
  if (face.clarity !== null && !(face.clarity >= minClarity)) return FaceFault.UNCLEAR;
  return null;
}

const isFrontal = (
  { yaw, pitch, roll }: HeadPose,
  { maxYaw, pitch: [lowest, highest], maxRoll }: FaceBounds,
) => Math.abs(yaw) <= maxYaw && pitch >= lowest && pitch <= highest && Math.abs(roll) <= maxRoll;

/** @param faces largest first */
function standsOut([first, second]: readonly DetectedFace[], { bystanderArea }: FaceBounds): boolean {
  if (first === undefined || second === undefined) return true;
  return area(second.box) <= bystanderArea * area(first.box);
}

const area = ({ width, height }: Box): number => width * height;

/** The least room between the box and a side of the photo, as a share of the box's width or height. */
function roomAround(box: Box, photo: { readonly width: number; readonly height: number }): number {
  const across = Math.min(box.x, photo.width - box.x - box.width) / box.width;
  const down = Math.min(box.y, photo.height - box.y - box.height) / box.height;
  return Math.min(across, down);
}
