/**
 * What a photo of a face must be like. The detectors and landmarks of the service and of its pages measure differently,
 * so each has bounds of its own. Each line says what it was set on; `similarity` means that of a face with the same
 * face untouched, and LFW the labelled faces in the wild (docs/design/accuracy.md).
 */
export interface FaceBounds {
  /** Area of the next face, as a share of the largest. */
  readonly bystanderArea: number;
  /** Pixels of the photo as given, the shorter side of the face's box. */
  readonly minSide: number;
  /** Least room between the box and the photo's border, as a share of the box's side; below 0: what may lie beyond. */
  readonly minRoom: number;
  /** Mean luma of the face, 0 to 255. */
  readonly brightness: readonly [min: number, max: number];
  /** Share of the face burnt out to white. */
  readonly maxBurntOut: number;
  readonly minSharpness: number;
  /** Degrees. */
  readonly maxYaw: number;
  readonly pitch: readonly [min: number, max: number];
  readonly maxRoll: number;
}

/** Bounds that do not depend on who measures. */
const COMMON = {
  // A bystander's face has at most half of the area; then there is no doubt whose photo it is.
  bystanderArea: 0.5,
  // The fixtures have 120 to 189. Dark skin in ordinary light lies above 60: the bound is about the light, not about the
  // person. Of LFW's photos .2 % are below 60.
  brightness: [45, 230],
  // At .74 the face is hardly there; the fixtures have none, and of LFW's photos one in a thousand has .04.
  maxBurntOut: 0.35,
  // The fixtures that are far out of focus have .02 to .04, portraits .35 and more; 1 % of LFW's photos are below .10.
  minSharpness: 0.08,
  // Roll is undone before a face is described.
  maxRoll: 35,
} as const;

export const SERVER_BOUNDS: FaceBounds = {
  ...COMMON,
  // A box from the eyebrows' top to the chin. Reduced to 60 pixels similarity is .99, to 50 .965; blur shows worse there.
  minSide: 64,
  // The box ends at the border however much lies beyond it. With this room nothing is missing (similarity .98 and more);
  // with a tenth of the face missing it is .02 or less.
  minRoom: 0.04,
  // False non-matches on LFW do not rise up to 30 (5.7 %), and do beyond (10.6 %). The fixtures' turned heads have 25.
  maxYaw: 28,
  // People who look straight ahead come out at 13 in the median of LFW, half of them between 2 and 23; false non-matches
  // rise neither way within these bounds.
  pitch: [-25, 40],
};

export const PAGE_BOUNDS: FaceBounds = {
  ...COMMON,
  // A larger box than the server's, so that what is sent passes there.
  minSide: 96,
  // The box of a tight portrait grazes the border by up to .02; with a tenth of the face missing it reaches .08 beyond.
  minRoom: -0.08,
  maxYaw: 20,
  // Differs by some ten degrees between people who all look straight ahead.
  pitch: [-25, 25],
};

/** What shows a movement: changes against the neutral photo, as the landmarks of the one or the other measure them. */
export interface LivenessBounds {
  /** Degrees. */
  readonly turn: number;
  readonly lift: number;
  /** Of the gap between the lips, by the width of the mouth. */
  readonly opening: number;
}

/**
 * Photos of somebody who does nothing differ by up to 7 (yaw), 4 (pitch), .04 (mouth); an open mouth changes the pitch
 * by 9. The fixtures' actions change them by 18 and more, 20 and more, .13 and more.
 */
export const SERVER_LIVENESS: LivenessBounds = { turn: 11, lift: 14, opening: 0.09 };

/**
 * Photos of somebody who does nothing differ by up to 3 (yaw), 5 (pitch), .05 (mouth); the fixtures' actions change them
 * by 13 and more, 13 and more, .25 and more.
 */
export const PAGE_LIVENESS: LivenessBounds = { turn: 10, lift: 9, opening: 0.15 };
