/** Real: the models in their thread, the fixtures. Fake: nothing. The photos are derived; see their README. */
import sharp from 'sharp';
import { FACE_DIMENSION } from '../../src/services/faces/engine/face-model-ids';
import { descriptor, photo } from '../support/photos';
import { Photos, PORTRAITS, similarity } from '../support/faces';

const photos = new Photos();
afterAll(() => photos.close());

it.each([...PORTRAITS, 'grace-hopper-hard', 'eileen-collins-hard', 'sample'])(
  'the engine computes the plain descriptor that face-api computes of %s',
  async (name) => {
    const { plain } = await photos.face(`${name}.jpg`);
    expect(plain).toHaveLength(FACE_DIMENSION);
    expect(similarity(plain, Float64Array.from(descriptor(name)))).toBeGreaterThanOrEqual(0.9999);
  },
);

it.each(['photo.png', 'photo.webp', 'exif-gps-rotated.jpg'])(
  'the engine recognises the person in %s',
  async (name) => {
    const portrait = await photos.face('grace-hopper.jpg');
    const other = await photos.face(name);
    expect(similarity(portrait.plain, other.plain)).toBeGreaterThan(0.98);
    expect(similarity(portrait.aligned, other.aligned)).toBeGreaterThan(0.99);
  },
);

it('the engine reports boxes in pixels of the upright photo, whatever its size', async () => {
  const large = await sharp(photo('grace-hopper.jpg')).resize({ width: 2200 }).jpeg().toBuffer();
  const { box } = await photos.face('grace-hopper.jpg');
  const { box: enlarged } = await photos.faceIn(large);
  expect(enlarged.width / box.width).toBeGreaterThan(4.5);
  expect(enlarged.width / box.width).toBeLessThan(5.5);
  const turned = await photos.analysis('exif-gps-rotated.jpg');
  expect([turned.width, turned.height]).toEqual([300, 341]);
});

const samePerson = (a: string, b: string): boolean => a.slice(0, 5) === b.slice(0, 5);

it('every derived photo of a person is accepted at .95, and the other person is refused', async () => {
  const faces = await Promise.all(
    [...PORTRAITS, 'sample'].map(async (name) => ({ name, ...(await photos.face(`${name}.jpg`)) })),
  );
  for (const a of faces) {
    for (const b of faces) {
      const person = (name: string): string => (name === 'sample' ? 'grace' : name);
      const score = similarity(a.aligned, b.aligned);
      if (samePerson(person(a.name), person(b.name))) expect(score).toBeGreaterThan(0.98);
      else expect(score).toBeLessThan(0.91);
    }
  }
});

it.each(
  ['grace-hopper', 'eileen-collins'].flatMap((name) =>
    [-30, -20, -10, 10, 20, 30].map((angle) => ({ name, angle })),
  ),
)('does not mind that $name leans by $angle degrees', async ({ name, angle }) => {
  const upright = await photos.face(`${name}.jpg`);
  const leaning = await photos.faceIn(
    await sharp(photo(`${name}.jpg`))
      .rotate(angle, { background: '#8c8c8c' })
      .jpeg()
      .toBuffer(),
  );
  const aligned = similarity(upright.aligned, leaning.aligned);
  const plain = similarity(upright.plain, leaning.plain);
  expect(aligned).toBeGreaterThan(0.99);
  expect(aligned).toBeGreaterThan(plain);
  expect(leaning.pose.roll - upright.pose.roll).toBeGreaterThan(angle - 5);
  expect(leaning.pose.roll - upright.pose.roll).toBeLessThan(angle + 5);
  if (Math.abs(angle) >= 20) expect(aligned - plain).toBeGreaterThan(0.01);
});
