/** Real: the models in their thread, the fixtures. Fake: nothing. */
import sharp from 'sharp';
import {
  type DescribedFace,
  FACE_FAULT_TEXTS,
  type FaceAnalysis,
  FaceFault,
  type HeadPose,
  judgeFace,
} from '@rollcall/face-rules';
import { photo } from '../support/photos';
import { ACTION_PHOTO, CHECK_PHOTO, ENROLMENT_PHOTO, Photos, PORTRAITS, similarity } from '../support/faces';

const photos = new Photos();
afterAll(() => photos.close());

it.each([...PORTRAITS, 'exif-gps-rotated', 'sample'])(
  'a judgement accepts %s as a portrait',
  async (name) => {
    const analysis = await photos.analysis(`${name}.jpg`);
    expect(judgeFace(analysis, ENROLMENT_PHOTO)).toEqual({ usable: true, face: analysis.main });
  },
);

it.each([
  ['no-face', FaceFault.NO_FACE],
  ['two-faces', FaceFault.SEVERAL_FACES],
  ['tiny', FaceFault.TOO_SMALL],
  ['dark', FaceFault.TOO_DARK],
  ['bright', FaceFault.TOO_BRIGHT],
  ['grace-hopper-hard', FaceFault.BLURRED],
  ['eileen-collins-hard', FaceFault.BLURRED],
  ['turned-away', FaceFault.TURNED_AWAY],
  ['cut-off', FaceFault.CUT_OFF],
])('a judgement says what is wrong with %s: %s', async (name, fault) => {
  expect(judgeFace(await photos.analysis(`${name}.jpg`), CHECK_PHOTO)).toEqual({ usable: false, fault });
});

it('a judgement describes the larger face when a bystander is in the photo', async () => {
  const analysis = await photos.analysis('bystander.jpg');
  expect(analysis.faces).toHaveLength(2);
  expect(judgeFace(analysis, CHECK_PHOTO)).toEqual({ usable: true, face: analysis.main });
  expect(analysis.main?.box).toEqual(analysis.faces[0]?.box);
});

it('a judgement accepts a turned head if a challenge asked for one', async () => {
  expect(judgeFace(await photos.analysis('turned-away.jpg'), ACTION_PHOTO).usable).toBe(true);
});

it('a judgement advises light, not another pose, if it is too dark or too bright', async () => {
  const portrait = sharp(photo('grace-hopper.jpg'));
  const night = await photos.analysisOf(
    await portrait.clone().modulate({ brightness: 0.1 }).jpeg().toBuffer(),
  );
  const glare = await photos.analysisOf(await portrait.clone().linear(6, 120).jpeg().toBuffer());
  expect(judgeFace(night, CHECK_PHOTO)).toEqual({ usable: false, fault: FaceFault.TOO_DARK });
  expect(judgeFace(glare, CHECK_PHOTO)).toEqual({ usable: false, fault: FaceFault.TOO_BRIGHT });
});

describe('a photo that lies on its side, without an orientation', () => {
  it.each(
    ['grace-hopper', 'eileen-collins', 'sample'].flatMap((name) =>
      [90, 180, 270].map((angle) => ({ name, angle })),
    ),
  )('is turned until the face of $name is clear: $angle degrees', async ({ name, angle }) => {
    const upright = await photos.analysis(`${name}.jpg`);
    const lying = await photos.analysisOf(
      await sharp(photo(`${name}.jpg`))
        .rotate(angle)
        .jpeg({ quality: 95 })
        .toBuffer(),
    );
    expect(judgeFace(lying, ENROLMENT_PHOTO).usable).toBe(true);
    expect([lying.width, lying.height]).toEqual([upright.width, upright.height]);
    const [a, b] = [upright.main as DescribedFace, lying.main as DescribedFace];
    expect(similarity(a.embedding, b.embedding)).toBeGreaterThan(0.98);
  });

  it.each([90, 180, 270])('shows nobody if nobody is there: %i degrees', async (angle) => {
    const lying = await photos.analysisOf(await sharp(photo('no-face.jpg')).rotate(angle).jpeg().toBuffer());
    expect(judgeFace(lying, CHECK_PHOTO)).toEqual({ usable: false, fault: FaceFault.NO_FACE });
  });
});

it('an unclear face is refused at enrolment sooner than at a check', async () => {
  const analysis = await photos.analysis('grace-hopper.jpg');
  const clear = (clarity: number): FaceAnalysis => ({
    ...analysis,
    main: { ...(analysis.main as DescribedFace), clarity },
  });
  const unclear = { usable: false, fault: FaceFault.UNCLEAR };
  expect(judgeFace(clear(2.99), ENROLMENT_PHOTO)).toEqual(unclear);
  expect(judgeFace(clear(2.99), CHECK_PHOTO).usable).toBe(true);
  expect(judgeFace(clear(2.59), CHECK_PHOTO)).toEqual(unclear);
  expect(judgeFace(clear(2.59), ACTION_PHOTO).usable).toBe(true);
});

describe('the bounds of a frontal pose', () => {
  const posed = async (pose: Partial<HeadPose>): Promise<FaceAnalysis> => {
    const analysis = await photos.analysis('grace-hopper.jpg');
    const main = analysis.main as DescribedFace;
    return { ...analysis, main: { ...main, pose: { ...main.pose, ...pose } } };
  };

  it.each([{ yaw: 28 }, { yaw: -28 }, { pitch: 40 }, { pitch: -25 }, { roll: 35 }, { roll: -35 }])(
    'include %o',
    async (pose) => expect(judgeFace(await posed(pose), CHECK_PHOTO).usable).toBe(true),
  );

  it.each([
    { yaw: 29 },
    { yaw: -29 },
    { pitch: 41 },
    { pitch: -26 },
    { roll: 36 },
    { roll: -36 },
    { yaw: NaN },
  ])('exclude %o', async (pose) =>
    expect(judgeFace(await posed(pose), CHECK_PHOTO)).toEqual({
      usable: false,
      fault: FaceFault.TURNED_AWAY,
    }),
  );
});

it('every fault of a photo has a message and a hint', () => {
  for (const fault of Object.values(FaceFault)) {
    expect(FACE_FAULT_TEXTS[fault].message).not.toBe('');
    expect(FACE_FAULT_TEXTS[fault].hint).not.toBe('');
  }
});
