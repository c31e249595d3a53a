/** Real: galleries and kernels. Made up: the vectors. */
import type { FaceProbe } from '../../src/services/faces/engine/face-probe';
import { Galleries } from '../../src/services/faces/matching/galleries';
import { MatchingService } from '../../src/services/faces/matching/matching-service';
import { meanOf } from '../../src/services/faces/matching/mean-gallery';
import { anyDirection, cosine, idOf, near, probeOf, randomness } from '../../packages/gallery/test/vectors';

const THRESHOLDS = { plain: 0.95, aligned: 0.9 };
const MARGIN = 0.02;

function setUp() {
  const random = randomness(11);
  const galleries = new Galleries({ dimension: 128 });
  const matching = new MatchingService(galleries, THRESHOLDS, MARGIN);
  const face = () => anyDirection(random, 128);
  const like = (vector: Float32Array, spread: number) => near(random, vector, spread);
  return { galleries, matching, face, like };
}

const both = (plain: Float32Array, aligned: Float32Array): FaceProbe => ({
  plain: probeOf(plain),
  aligned: probeOf(aligned),
});
const client = (plain: Float32Array): FaceProbe => ({ plain: probeOf(plain), aligned: null });

describe('a probe that the server computed', () => {
  it('is compared by the server’s templates where there are some, else by clients’', async () => {
    const { galleries, matching, face } = setUp();
    const [plain, aligned, old] = [face(), face(), face()];
    galleries.set(idOf(1), { plain: [plain], aligned: [aligned] }, null);
    galleries.set(idOf(2), { plain: [old], aligned: [] }, null);

    expect(matching.verify(idOf(1), both(face(), aligned))).toMatchObject({ matches: true, threshold: 0.9 });
    // The plain vector fits, but better is known of this person.
    expect(matching.verify(idOf(1), both(plain, face()))).toMatchObject({ matches: false, threshold: 0.9 });
    expect(matching.verify(idOf(2), both(old, face()))).toMatchObject({ matches: true, threshold: 0.95 });

    expect(await matching.identify(both(face(), aligned))).toMatchObject({ employee: idOf(1) });
    expect(await matching.identify(both(old, face()))).toMatchObject({ employee: idOf(2) });
    expect(await matching.identify(both(plain, face()))).toMatchObject({ recognized: false });
  });

  it('finds those with clients’ templates among any number of others that are nearer', async () => {
    const { galleries, matching, face, like } = setUp();
    const wanted = face();
    for (let n = 0; n < 200; n++) {
      galleries.set(idOf(n), { plain: [like(wanted, 0.02)], aligned: [face()] }, null);
    }
    galleries.set(idOf(999), { plain: [like(wanted, 0.1)], aligned: [] }, null);
    expect(await matching.identify(both(wanted, face()))).toMatchObject({
      recognized: true,
      employee: idOf(999),
    });
  });

  it('that is two people’s by two models is nobody’s', async () => {
    const { galleries, matching, face } = setUp();
    const [plain, aligned] = [face(), face()];
    galleries.set(idOf(1), { plain: [face()], aligned: [aligned] }, null);
    galleries.set(idOf(2), { plain: [plain], aligned: [] }, null);
    // Both are perfect: 0.05 above one threshold, 0.1 above the other, which is more than the margin.
    expect(await matching.identify(both(plain, aligned))).toMatchObject({ employee: idOf(1) });
    const equal = new MatchingService(galleries, { plain: 0.9, aligned: 0.9 }, MARGIN);
    expect(await equal.identify(both(plain, aligned))).toMatchObject({ recognized: false, ambiguous: true });
  });
});

it('a client’s probe is never compared with what only the server computes', async () => {
  const { galleries, matching, face } = setUp();
  const aligned = face();
  galleries.set(idOf(1), { plain: [], aligned: [aligned] }, null);
  expect(await matching.identify(client(aligned))).toMatchObject({ recognized: false, similarity: null });
  expect(matching.verify(idOf(1), client(aligned))).toMatchObject({ matches: false, similarity: null });
});

it('of several templates a search compares the mean of the unit vectors, and one to one each', async () => {
  const { galleries, matching, face, like } = setUp();
  const centre = face();
  const louder = like(centre, 0.3).map((x) => x * 7);
  const templates = [like(centre, 0.3), louder, like(centre, 0.3)];
  galleries.set(idOf(1), { plain: [], aligned: templates }, null);
  const probe = both(face(), louder);

  expect(matching.verify(idOf(1), probe).similarity).toBeCloseTo(1, 6);
  const units = templates.map((vector) => {
    const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
    return vector.map((x) => x / norm);
  });
  const mean = Float32Array.from(
    centre,
    (_, i) => units.reduce((sum, unit) => sum + (unit[i] as number), 0) / 3,
  );
  expect(await matching.identify(probe)).toMatchObject({
    similarity: expect.closeTo(cosine(probeOf(louder), mean), 6) as number,
  });
  expect(cosine(probeOf(meanOf(templates)), mean)).toBeCloseTo(1, 6);

  galleries.set(idOf(1), { plain: [], aligned: [centre] }, null);
  expect(matching.verify(idOf(1), probe).similarity).toBeCloseTo(cosine(probeOf(louder), centre), 6);
  galleries.set(idOf(1), { plain: [], aligned: [] }, null);
  expect(matching.verify(idOf(1), probe).similarity).toBeNull();
});
