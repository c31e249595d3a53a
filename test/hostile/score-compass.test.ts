/** Real: the service over HTTP, the database. Fake: the clock; the attacker, an optimiser with a seed. */
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { CHECK, hopper, register } from '../support/operations';
import { base64Photo, cosine, strangerDescriptor } from '../support/photos';
import type { TestService } from '../support/service';

const DIMENSION = 128;
const THRESHOLD = 0.95;
const [WINDOW_MS, DAY_MS] = [301_000, 86_400_000];

/** What an attacker hears of a vector: a score, or only whether it did; null: nothing, they are locked out. */
type Hint = { readonly score: number | null; readonly matched: boolean } | null;
type Oracle = (vector: readonly number[]) => Promise<Hint>;

/**
 * Looks for somebody's template. Of scores it reads the template's components, one question each; without any it climbs
 * by what is better than before, as far as it is told.
 * @returns the best vector that it would send next, and whether it was told of a match
 */
async function attack(ask: Oracle, seed: number): Promise<{ vector: number[]; matched: boolean }> {
  let best = strangerDescriptor(seed);
  let score = -1;
  const components: number[] = [];
  for (let n = 0; ; n++) {
    const axis = Array.from({ length: DIMENSION }, (_, i) => (i === n ? 1 : 0));
    const step = strangerDescriptor(seed + 1 + n);
    // Once every component is known, the vector that they make.
    const guess =
      n < DIMENSION && components.length === n
        ? axis
        : components.length === DIMENSION
          ? components
          : best.map((x, i) => x + 0.3 * (step[i] as number));
    const hint = await ask(guess);
    if (hint === null) break;
    if (hint.matched) return { vector: [...guess], matched: true };
    if (hint.score === null) continue;
    if (guess === axis) components.push(hint.score);
    if (hint.score > score) [best, score] = [[...guess], hint.score];
    if (n > DIMENSION) break;
  }
  return { vector: components.length === DIMENSION ? components : best, matched: false };
}

const template = hopper.faceDescriptor;

it('the attacker of this test finds a template if scores are shown', async () => {
  let asked = 0;
  const { matched } = await attack((vector) => {
    asked += 1;
    const score = cosine(vector, template);
    return Promise.resolve({ score, matched: score >= THRESHOLD });
  }, 1);
  expect([matched, asked]).toEqual([true, 129]);
  // Hundredths are not enough against it: who sees scores of refused faces at all is what counts.
  const rounded = await attack((vector) => {
    const score = Math.floor(cosine(vector, template) * 100) / 100;
    return Promise.resolve({ score, matched: score >= THRESHOLD });
  }, 1);
  expect(rounded.matched).toBe(true);
});

describe('with the key of a kiosk, if the descriptor of the client decides', () => {
  let service: TestService;
  let clock: Clock;
  let admin: Speaker;
  let kiosk: Speaker;

  const start = async (env: Readonly<Record<string, string>>): Promise<void> => {
    ({ service, admin, clock } = await startClosed({ env: { FACE_DESCRIPTOR_TRUST: 'client', ...env } }));
    const officeId = await createOffice(admin, { name: 'Lima' });
    kiosk = new Speaker(service, (await createKey(admin, { role: 'KIOSK', officeId })).secret);
    await register(admin, { officeId });
  };
  afterEach(() => service.stop());

  const imageBase64 = base64Photo('tiny.jpg');
  interface Answer {
    readonly status: string;
    readonly similarity: number | null;
    readonly threshold?: number;
    readonly attendance?: { readonly similarity: number };
  }

  /** Sends as many as the short lockout lets pass, for as many days as there are. */
  const oracle = (claim: object, days: number): { ask: Oracle; told: Set<unknown>; asked: () => number } => {
    const end = clock.now().getTime() + days * DAY_MS;
    const told = new Set<unknown>();
    let asked = 0;
    const ask: Oracle = async (faceDescriptor) => {
      for (;;) {
        const input = { ...claim, faceDescriptor, imageBase64 };
        const { data, errors } = await kiosk.send<{ checkAttendance: Answer }>(CHECK, { input });
        if (data != null) {
          asked += 1;
          const { status, similarity, threshold, attendance } = data.checkAttendance;
          for (const score of [similarity, threshold, attendance?.similarity]) told.add(score ?? null);
          if (asked % 4 === 0) clock.advance(WINDOW_MS);
          return { score: similarity, matched: status === 'RECORDED' };
        }
        const wait = errors?.[0]?.extensions['retryAfterSeconds'];
        clock.advance(Number(wait) * 1000);
        if (clock.now().getTime() >= end) return null;
      }
    };
    return { ask, told, asked: () => asked };
  };

  it.each([
    ['a claimed employee', { employeeId: 'EMP-1' }, 30],
    ['whoever it is like', {}, 32],
  ])('nobody finds the template of %s, within three days', async (_whom, claim, perDay) => {
    await start({});
    const { ask, told, asked } = oracle(claim, 3);
    const { vector, matched } = await attack(ask, 7);
    expect(matched).toBe(false);
    expect(asked()).toBeLessThanOrEqual(3 * perDay);
    // No score, and the threshold that stands for one that is hidden.
    expect(told).toEqual(new Set([null, 1]));
    expect(cosine(vector, template)).toBeLessThan(0.5);
  });

  it('nor if all scores are shown to others', async () => {
    await start({ EXPOSE_SIMILARITY: 'always' });
    const { ask, told } = oracle({ employeeId: 'EMP-1' }, 2);
    const { vector, matched } = await attack(ask, 11);
    expect([matched, told]).toEqual([false, new Set([null, 1])]);
    expect(cosine(vector, template)).toBeLessThan(0.5);
  });
});
