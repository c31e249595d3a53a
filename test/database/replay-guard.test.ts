/** Real: the guard on the database of the run. Fake: the clock. */
import type { DataSource } from 'typeorm';
import { ReplayGuard, type HeldSamples } from '../../src/services/faces/replay/replay-guard';
import { Clock } from '../support/clock';
import { createStorage, type TestStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';
import { descriptor, photo } from '../support/photos';

const KEY = Buffer.alloc(32, 7);
const DAY = 86_400_000;
const hopper = photo('grace-hopper.jpg');
const again = photo('grace-hopper-2.jpg');
const vector = Float64Array.from(descriptor('grace-hopper'));
const other = Float64Array.from(descriptor('eileen-collins'));
const kiosk = { caller: 'kiosk', requestId: null };
const photos = (...all: Buffer[]) => ({ photos: all, descriptors: [] });
const vectors = (...all: Float64Array[]) => ({ photos: [], descriptors: all });

const FRESH = expect.objectContaining({ hashes: expect.any(Array) as unknown }) as unknown;
const SEEN = null;

describe('the replay guard', () => {
  let storage: TestStorage;
  let dataSource: DataSource;
  let clock: Clock;
  let guard: ReplayGuard;
  const rows = async (): Promise<number> => {
    const [row] = await dataSource.query<{ n: number }[]>('SELECT count(*)::int AS n FROM seen_samples');
    return row?.n ?? NaN;
  };

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM seen_samples');
    clock = new Clock();
    guard = new ReplayGuard({ dataSource, key: KEY, windowDays: 30, now: clock.now });
  });
  const release = async (claim: HeldSamples | null): Promise<void> => {
    if (claim === null) throw new Error('There is nothing to release');
    await guard.release(claim);
  };

  it('recognises a repeated photo, byte for byte, from any sender', async () => {
    expect(guard.on).toBe(true);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(FRESH);
    expect(await guard.claim(photos(Buffer.from(hopper)), kiosk)).toEqual(SEEN);
    expect(await guard.claim(photos(hopper), { caller: 'another', requestId: null })).toEqual(SEEN);
    expect(await guard.claim(photos(hopper), { ...kiosk, requestId: 'r-1' })).toEqual(SEEN);
    const edited = Buffer.from(hopper);
    edited[edited.length - 1] = (edited.at(-1) as number) ^ 1;
    expect(await guard.claim(photos(edited), kiosk)).toEqual(FRESH);
  });

  it('knows a descriptor again, as float64 or float32', async () => {
    const exact = Float64Array.from(vector, (x) => x + 1e-12);
    expect(await guard.claim(vectors(exact), kiosk)).toEqual(FRESH);
    expect(await guard.claim(vectors(Float64Array.from(Float32Array.from(exact))), kiosk)).toEqual(SEEN);
    expect(await guard.claim(vectors(other), kiosk)).toEqual(FRESH);
  });

  it('does not take a photo for the descriptor of the same bytes', async () => {
    const bytes = Buffer.from(Float32Array.from(vector).buffer);
    expect(await guard.claim(vectors(vector), kiosk)).toEqual(FRESH);
    expect(await guard.claim(photos(bytes), kiosk)).toEqual(FRESH);
  });

  it('takes all samples of a claim, or none of them', async () => {
    await guard.claim(photos(hopper), kiosk);
    expect(await guard.claim({ photos: [again, hopper], descriptors: [vector] }, kiosk)).toEqual(SEEN);
    expect(await rows()).toBe(1);
    expect(await guard.claim({ photos: [again], descriptors: [vector] }, kiosk)).toEqual(FRESH);
    expect(await rows()).toBe(3);
  });

  it('takes what is in one claim twice for one', async () => {
    const twice = { photos: [hopper, Buffer.from(hopper)], descriptors: [vector, vector] };
    expect(await guard.claim(twice, kiosk)).toEqual(FRESH);
    expect(await rows()).toBe(2);
    expect(await guard.claim({ photos: [], descriptors: [] }, kiosk)).toEqual(FRESH);
  });

  it('forgets a sample once it is older than the window, to the millisecond', async () => {
    await guard.claim(photos(hopper), kiosk);
    clock.advance(30 * DAY);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(SEEN);
    clock.advance(1);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(FRESH);
    // And knows it anew.
    clock.advance(30 * DAY);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(SEEN);
  });

  it('lets one of twenty checks at once have a sample', async () => {
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        guard.claim(photos(hopper, Buffer.from([n])), { ...kiosk, requestId: `r-${n}` }),
      ),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await rows()).toBe(2);
  });

  it('knows nothing any more of what was released', async () => {
    await release(await guard.claim({ photos: [hopper], descriptors: [vector] }, kiosk));
    expect(await rows()).toBe(0);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(FRESH);
  });

  it('lets a retry with the same requestId show its samples again, the same caller only', async () => {
    const check = { ...kiosk, requestId: 'r-1' };
    await guard.claim(photos(hopper), check);
    clock.advance(1000);
    expect(await guard.claim({ photos: [hopper], descriptors: [vector] }, check)).toEqual(FRESH);
    for (const by of [kiosk, { ...kiosk, requestId: 'r-2' }, { ...check, caller: 'thief' }]) {
      expect(await guard.claim(photos(hopper), by)).toEqual(SEEN);
    }
  });

  it('keeps what an attempt took when a later one of the same check is released, and the other way round', async () => {
    const check = { ...kiosk, requestId: 'r-1' };
    const first = await guard.claim(photos(hopper), check);
    // In the same millisecond.
    const second = await guard.claim({ photos: [hopper], descriptors: [vector] }, check);
    await release(second);
    expect(await guard.claim(vectors(vector), kiosk)).toEqual(FRESH);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(SEEN);
    // The second attempt may have recorded a punch with it.
    await release(first);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(SEEN);
  });

  it('does not release what another check took after the window', async () => {
    const slow = await guard.claim(photos(hopper), kiosk);
    clock.advance(30 * DAY + 1);
    await guard.claim(photos(hopper), kiosk);
    await release(slow);
    expect(await guard.claim(photos(hopper), kiosk)).toEqual(SEEN);
  });

  it('remembers enrolments with their transaction, and never refuses one', async () => {
    const samples = { photos: [hopper, hopper], descriptors: [vector] };
    const undone = dataSource.transaction(async (manager) => {
      await guard.remember(manager, samples, kiosk);
      throw new Error('the enrolment fails');
    });
    await expect(undone).rejects.toThrow('the enrolment fails');
    expect(await rows()).toBe(0);
    for (let n = 0; n < 2; n++) {
      await dataSource.transaction((manager) => guard.remember(manager, samples, kiosk));
    }
    expect(await rows()).toBe(2);
    for (const requestId of [null, 'r-1']) {
      expect(await guard.claim(photos(hopper), { ...kiosk, requestId })).toEqual(SEEN);
      expect(await guard.claim(vectors(vector), { ...kiosk, requestId })).toEqual(SEEN);
    }
  });

  it('keeps an enrolled sample from the check that showed it before', async () => {
    const check = { ...kiosk, requestId: 'r-1' };
    const claim = await guard.claim(photos(hopper), check);
    await dataSource.transaction((manager) => guard.remember(manager, photos(hopper), check));
    await release(claim);
    expect(await guard.claim(photos(hopper), check)).toEqual(SEEN);
  });

  it('purges what is older than the window, and nothing else', async () => {
    await guard.claim(photos(hopper), kiosk);
    clock.advance(1);
    await guard.claim(photos(again), kiosk);
    clock.advance(30 * DAY);
    await guard.purge();
    expect(await rows()).toBe(1);
    expect(await guard.claim(photos(again), kiosk)).toEqual(SEEN);
  });

  it('purges more than one statement takes', async () => {
    await dataSource.query(
      `INSERT INTO seen_samples (hash, caller, first_seen_at, seen_at)
       SELECT sha256(n::text::bytea), 'kiosk', '2020-01-01', '2020-01-01' FROM generate_series(1, 20001) n`,
    );
    await guard.purge();
    expect(await rows()).toBe(0);
  });

  it('takes everything while it is off, keeps nothing new, and forgets nothing that another node remembers', async () => {
    await guard.claim(photos(hopper), kiosk);
    for (const parts of [
      { key: null, windowDays: 0 },
      { key: KEY, windowDays: 0 },
    ]) {
      const off = new ReplayGuard({ dataSource, now: clock.now, ...parts });
      expect(off.on).toBe(false);
      expect(await off.claim(photos(hopper, again), kiosk)).toEqual(FRESH);
      await dataSource.transaction((manager) => off.remember(manager, photos(again), kiosk));
      expect(await rows()).toBe(1);
    }
    clock.advance(1);
    await new ReplayGuard({ dataSource, key: null, windowDays: 0, now: clock.now }).purge();
    expect(await rows()).toBe(1);
  });

  it('stores neither samples nor hashes that can be made without the key', async () => {
    await guard.claim({ photos: [hopper], descriptors: [vector] }, kiosk);
    const foreign = new ReplayGuard({ dataSource, key: Buffer.alloc(32, 8), windowDays: 30, now: clock.now });
    expect(await foreign.claim({ photos: [hopper], descriptors: [vector] }, kiosk)).toEqual(FRESH);
    const [row] = await dataSource.query<{ most: number }[]>(
      'SELECT max(octet_length(hash))::int AS most FROM seen_samples',
    );
    expect(row).toEqual({ most: 32 });
  });
});
