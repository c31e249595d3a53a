/** Real: galleries and kernels. Made up: the vectors. */
import type { FaceProbe } from '../../src/services/faces/engine/face-probe';
import { Galleries } from '../../src/services/faces/matching/galleries';
import { MatchingService } from '../../src/services/faces/matching/matching-service';
import { meanOf } from '../../src/services/faces/matching/mean-template';
import { anyDirection, cosine, idOf, near, probeOf, randomness } from '../../packages/gallery/test/vectors';

const THRESHOLDS = {
  client: { match: 0.95, samePerson: 0.9, margin: 0.02 },
  server: { match: 0.43, identify: 0.5, duplicate: 0.5, samePerson: 0.35, margin: 0.05 },
};
const MODELS = { client: { id: 'client', dimension: 128 }, server: { id: 'server', dimension: 512 } };

function setUp() {
  const random = randomness(11);
  const galleries = new Galleries(MODELS, {});
  const matching = new MatchingService(galleries, THRESHOLDS);
  const descriptor = () => anyDirection(random, 128);
  const face = () => anyDirection(random, 512);
  const like = (vector: Float32Array, spread: number) => near(random, vector, spread);
  return { galleries, matching, descriptor, face, like };
}

const both = (client: Float32Array, server: Float32Array): FaceProbe => ({
  client: probeOf(client),
  server: probeOf(server),
});
const sent = (client: Float32Array): FaceProbe => ({ client: probeOf(client), server: null });
const seen = (server: Float32Array): FaceProbe => ({ client: null, server: probeOf(server) });

it('a client’s descriptor is never compared with what the server computes', async () => {
  const { galleries, matching, descriptor, face } = setUp();
  galleries.set(idOf(1), { client: [], server: [face()] }, null);
  expect(matching.verify(idOf(1), sent(descriptor()))).toMatchObject({
    verdict: 'NO_TEMPLATE',
    similarity: null,
    threshold: 0.95,
  });
  expect(await matching.identify(sent(descriptor()))).toMatchObject({ employee: null, similarity: null });
});

it('a claim and a search have thresholds of their own', async () => {
  const { galleries, matching, face, like } = setUp();
  const enrolled = face();
  galleries.set(idOf(1), { client: [], server: [enrolled] }, null);
  // About .47: enough for who is claimed.
  const alike = like(enrolled, 2);
  const score = cosine(probeOf(alike), enrolled);
  expect(score).toBeGreaterThan(0.43);
  expect(score).toBeLessThan(0.5);
  expect(matching.verify(idOf(1), seen(alike))).toMatchObject({ verdict: 'MATCH', threshold: 0.43 });
  expect(await matching.identify(seen(alike))).toMatchObject({
    verdict: 'MISMATCH',
    employee: null,
    threshold: 0.5,
  });
});

it('the server’s score is that of the mean of the unit vectors, claimed or searched', async () => {
  const { galleries, matching, face, like } = setUp();
  const centre = face();
  const louder = like(centre, 0.3).map((x) => x * 7);
  const templates = [like(centre, 0.3), louder, like(centre, 0.3)];
  galleries.set(idOf(1), { client: [], server: templates }, null);
  const units = templates.map((vector) => {
    const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
    return vector.map((x) => x / norm);
  });
  const mean = Float32Array.from(
    centre,
    (_, i) => units.reduce((sum, unit) => sum + (unit[i] as number), 0) / 3,
  );
  const expected = expect.closeTo(cosine(probeOf(louder), mean), 6) as number;
  expect(matching.verify(idOf(1), seen(louder))).toMatchObject({
    similarity: expected,
    similarityOf: 'SERVER',
  });
  expect(await matching.identify(seen(louder))).toMatchObject({ similarity: expected });
  expect(cosine(probeOf(meanOf(templates)?.vector ?? []), mean)).toBeCloseTo(1, 6);
  expect(galleries.server.size).toBe(1);

  galleries.set(idOf(1), { client: [], server: [] }, null);
  expect(matching.verify(idOf(1), seen(louder)).similarity).toBeNull();
});

it('templates whose mean has no direction match nobody', () => {
  const { face } = setUp();
  const vector = face();
  expect(meanOf([vector, vector.map((x) => -x)])).toBeNull();
  expect(meanOf([new Float32Array(512)])).toBeNull();
  expect(meanOf([])).toBeNull();
});

it('two people whose photos are too close to call are nobody', async () => {
  const { galleries, matching, face, like } = setUp();
  const one = face();
  galleries.set(idOf(1), { client: [], server: [one] }, null);
  galleries.set(idOf(2), { client: [], server: [like(one, 0.05)] }, null);
  expect(await matching.identify(seen(one))).toMatchObject({ employee: null, ambiguous: true });
});

describe('a search by photo and descriptor', () => {
  it('finds who the photo shows, if the descriptor does not contradict', async () => {
    const { galleries, matching, descriptor, face } = setUp();
    const [own, photo, foreign] = [descriptor(), face(), descriptor()];
    galleries.set(idOf(1), { client: [own], server: [photo] }, null);
    galleries.set(idOf(2), { client: [foreign], server: [face()] }, null);
    galleries.set(idOf(3), { client: [], server: [face()] }, null);

    expect(await matching.identify(both(own, photo))).toMatchObject({ employee: idOf(1), verdict: 'MATCH' });
    expect(await matching.identify(both(foreign, photo))).toMatchObject({ verdict: 'CONTRADICTION' });
    expect(await matching.identify(both(foreign, face()))).toMatchObject({ verdict: 'CONTRADICTION' });
    expect(await matching.identify(both(descriptor(), face()))).toMatchObject({ verdict: 'MISMATCH' });
  });

  it('knows who has no template of the server by the descriptor alone', async () => {
    const { galleries, matching, descriptor, face } = setUp();
    const own = descriptor();
    galleries.set(idOf(1), { client: [own], server: [] }, null);
    galleries.set(idOf(2), { client: [], server: [face()] }, null);
    expect(await matching.identify(both(own, face()))).toMatchObject({
      employee: idOf(1),
      verdict: 'MATCH',
      decidedBy: 'client',
      similarityOf: 'CLIENT_DESCRIPTOR',
    });
  });

  it('takes a descriptor of somebody else for a contradiction, also if the person found has none', async () => {
    const { galleries, matching, descriptor, face } = setUp();
    const [photo, foreign] = [face(), descriptor()];
    galleries.set(idOf(1), { client: [], server: [photo] }, null);
    galleries.set(idOf(2), { client: [foreign], server: [] }, null);
    expect(await matching.identify(both(foreign, photo))).toMatchObject({ verdict: 'CONTRADICTION' });
    expect(await matching.identify(both(descriptor(), photo))).toMatchObject({ employee: idOf(1) });
  });
});
