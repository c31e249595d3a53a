/** Real: the models in their thread, the fixtures. Fake: nothing. The photos are derived; see their README. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { photo } from '../support/photos';
import { manifest, Photos, PORTRAITS, similarity } from '../support/faces';

const photos = new Photos();
afterAll(() => photos.close());

/** What test/fixtures/reference-embeddings.mjs wrote: of each photo the embedding, normalised, as base64 of Float32. */
const REFERENCES = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'reference-embeddings.json'), 'utf8'),
) as Readonly<Record<string, string>>;

const referenceOf = (name: string): Float64Array => {
  const bytes = Buffer.from(REFERENCES[name] ?? '', 'base64');
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
};

describe('reference vectors', () => {
  it.each(Object.keys(REFERENCES))('hold for %s', async (name) => {
    const { embedding } = await photos.face(`${name}.jpg`);
    expect(embedding).toHaveLength(manifest().dimension);
    expect(similarity(embedding, referenceOf(name))).toBeGreaterThanOrEqual(0.9999);
  });

  it('do not hold if red and blue are swapped', async () => {
    const swapped = new Photos({ channels: 'BGR' });
    try {
      for (const name of PORTRAITS) {
        const { embedding } = await swapped.face(`${name}.jpg`);
        expect(similarity(embedding, referenceOf(name))).toBeLessThan(0.9999);
      }
    } finally {
      await swapped.close();
    }
  });
});

it.each(['photo.png', 'photo.webp', 'exif-gps-rotated.jpg'])(
  'the engine recognises the person in %s',
  async (name) => {
    const portrait = await photos.face('grace-hopper.jpg');
    const other = await photos.face(name);
    expect(similarity(portrait.embedding, other.embedding)).toBeGreaterThan(0.97);
  },
);

it('the engine reports boxes and landmarks in pixels of the upright photo, whatever its size', async () => {
  const large = await sharp(photo('grace-hopper.jpg')).resize({ width: 2200 }).jpeg().toBuffer();
  const small = await photos.face('grace-hopper.jpg');
  const enlarged = await photos.faceIn(large);
  expect(enlarged.box.width / small.box.width).toBeCloseTo(5, 0);
  const nose = (face: typeof small): number => face.landmarks[30]?.x ?? NaN;
  expect(nose(enlarged) / nose(small)).toBeCloseTo(5, 1);
  const turned = await photos.analysis('exif-gps-rotated.jpg');
  expect([turned.width, turned.height]).toEqual([300, 341]);
});

it('every derived photo of a person is recognised, and the other person is refused', async () => {
  const { match } = manifest().thresholds;
  const faces = await Promise.all(
    [...PORTRAITS, 'sample'].map(async (name) => ({ name, ...(await photos.face(`${name}.jpg`)) })),
  );
  const person = (name: string): string => (name === 'sample' ? 'grace' : name.slice(0, 5));
  for (const a of faces) {
    for (const b of faces) {
      const score = similarity(a.embedding, b.embedding);
      if (person(a.name) === person(b.name)) expect(score).toBeGreaterThan(match + 0.2);
      else expect(score).toBeLessThan(match - 0.2);
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
  expect(similarity(upright.embedding, leaning.embedding)).toBeGreaterThan(0.9);
  expect(leaning.pose.roll - upright.pose.roll).toBeGreaterThan(angle - 8);
  expect(leaning.pose.roll - upright.pose.roll).toBeLessThan(angle + 8);
});
