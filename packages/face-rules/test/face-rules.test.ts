/** The rules on made-up measures; test/photos has them on real photos. */
import {
  framesDiffer,
  headPose,
  judgeFace,
  SERVER_BOUNDS,
  SERVER_LIVENESS,
  LivenessAction,
  showsAction,
  type DescribedFace,
  type FaceAnalysis,
  type Landmarks,
} from '#src/index';

const FACE: DescribedFace = {
  box: { x: 100, y: 100, width: 200, height: 200 },
  landmarks: [],
  embedding: new Float64Array(512),
  clarity: 3.6,
  pose: { yaw: 0, pitch: 0, roll: 0 },
  mouthOpening: 0,
  brightness: 130,
  burntOut: 0,
  sharpness: 0.5,
  thumbprint: new Uint8Array(256),
  surroundings: new Uint8Array(0),
};
const analysisOf = (main: Partial<DescribedFace> | null): FaceAnalysis => {
  const face = main && { ...FACE, ...main };
  const faces = face === null ? [] : [{ box: face.box, score: 0.9 }];
  return { width: 400, height: 400, brightness: 120, faces, main: face };
};
const posed = (pose: Partial<DescribedFace['pose']>): DescribedFace => ({
  ...FACE,
  pose: { ...FACE.pose, ...pose },
});

const FRONTAL = { pose: 'frontal', minClarity: 2.6, bounds: SERVER_BOUNDS } as const;

it.each([
  ['NO_FACE', null],
  ['TOO_SMALL', { box: { x: 100, y: 100, width: 63, height: 80 } }],
  ['CUT_OFF', { box: { x: 250, y: 100, width: 200, height: 200 } }],
  ['TOO_DARK', { brightness: 44 }],
  ['TOO_BRIGHT', { burntOut: 0.4 }],
  ['BLURRED', { sharpness: 0.05 }],
  ['TURNED_AWAY', { pose: { yaw: 29, pitch: 0, roll: 0 } }],
  ['UNCLEAR', { clarity: 2.59 }],
  ['UNCLEAR', { clarity: NaN }],
] as const)('a photo has the fault %s', (fault, main) => {
  expect(judgeFace(analysisOf(main), FRONTAL)).toEqual({ usable: false, fault });
});

it('a frontal face is usable, and a turned one if any pose will do', () => {
  expect(judgeFace(analysisOf({}), FRONTAL).usable).toBe(true);
  expect(judgeFace(analysisOf(posed({ yaw: 40 })), { ...FRONTAL, pose: 'any' }).usable).toBe(true);
});

it.each([
  [LivenessAction.TURN_LEFT, posed({ yaw: 12 })],
  [LivenessAction.TURN_RIGHT, posed({ yaw: -12 })],
  [LivenessAction.LOOK_UP, posed({ pitch: 15 })],
  [LivenessAction.OPEN_MOUTH, { ...FACE, mouthOpening: 0.2 }],
])('%s is shown by its own movement alone', (action, frame) => {
  const shown = Object.values(LivenessAction).filter((each) =>
    showsAction(each, FACE, frame, SERVER_LIVENESS),
  );
  expect(shown).toEqual([action]);
});

it('a frame that is sent again is found', () => {
  const other = { ...FACE, thumbprint: new Uint8Array(256).fill(9) };
  expect(framesDiffer([FACE, other])).toBe(true);
  expect(framesDiffer([FACE, other, { ...FACE, thumbprint: new Uint8Array(256).fill(3) }])).toBe(false);
});

it('a head that leans has that roll and no yaw, wherever it is in the picture', () => {
  const upright: Landmarks = Array.from({ length: 68 }, (_, i) => {
    if (i >= 36 && i < 42) return { x: -50, y: 0 };
    if (i >= 42 && i < 48) return { x: 50, y: 0 };
    return i === 30 ? { x: 0, y: 62 } : { x: 0, y: 95 };
  });
  const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
  const leaning = upright.map(({ x, y }) => ({ x: 300 + x * cos - y * sin, y: 200 + x * sin + y * cos }));
  const { yaw, roll } = headPose(leaning);
  expect(roll).toBeCloseTo(20);
  expect(yaw).toBeCloseTo(0);
  expect(headPose(upright).pitch).toBeCloseTo(0);
});
