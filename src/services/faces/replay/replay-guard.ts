import type { DataSource, EntityManager } from 'typeorm';
import { CLAIM, CLAIM_AGAIN, PURGE, RELEASE, REMEMBER } from './replay-statements';
import { sampleHashes, type Samples } from './sample-hash';

interface ReplayGuardParts {
  readonly dataSource: DataSource;
  /** Under which samples are hashed; null: the guard is off. */
  readonly key: Buffer | null;
  /** For how long a sample is remembered. */
  readonly windowDays: number;
  readonly now: () => Date;
}

/** Who shows samples. */
interface Claimant {
  readonly caller: string;
  /** The check's idempotency key: its retry may show the same samples again. */
  readonly requestId: string | null;
}

export type Claim =
  | {
      readonly fresh: true;
      /** Forgets what this claim remembered, for a check that ended in a fault and will be tried again. */
      readonly release: () => Promise<void>;
    }
  | { readonly fresh: false };

const MS_PER_DAY = 86_400_000;
const PURGE_BATCH = 10_000;
/** For how long a check that recorded nothing may be sent again with its photo: until its answer surely arrived. */
const RETRY_MS = 600_000;

const NOTHING_CLAIMED: Claim = { fresh: true, release: () => Promise.resolve() };

/** One of the samples was seen before; undoes the claim. */
class Replayed extends Error {
  override readonly name = 'Replayed';
}

/**
 * Recognises photos and descriptors that were sent before, byte for byte. No camera takes the same photo twice, so
 * whoever sends one again has a copy. A photo with any changed pixel is a new one.
 */
export class ReplayGuard {
  constructor(private readonly parts: ReplayGuardParts) {}

  get on(): boolean {
    return this.parts.key !== null && this.parts.windowDays > 0;
  }

  /**
   * Takes samples for a check: all of them, or none where one was seen within the window. Of checks that race for a
   * sample, on whatever nodes, one gets it. What the same caller's check with the same requestId took it gets again,
   * for ten minutes, or at any time where it was recorded.
   */
  async claim(samples: Samples, { caller, requestId }: Claimant): Promise<Claim> {
    const hashes = this.hashesOf(samples);
    if (hashes.length === 0) return NOTHING_CLAIMED;
    const { dataSource, now } = this.parts;
    const at = now();
    try {
      const taken = await dataSource.transaction(async (manager) => {
        const claim = [caller, requestId, at, this.windowStart(at)];
        const taken = hashesIn(await manager.query(CLAIM, [hashes, ...claim]));
        const missing = hashes.length - taken.length;
        if (missing === 0) return taken;
        const again = await manager.query<unknown[]>(CLAIM_AGAIN, [
          hashes,
          taken,
          caller,
          requestId,
          at,
          new Date(at.getTime() - RETRY_MS),
        ]);
        if (hashesIn(again[0]).length < missing) throw new Replayed();
        return taken;
      });
      return {
        fresh: true,
        release: async () => void (await dataSource.query(RELEASE, [taken, caller, requestId, at])),
      };
    } catch (error) {
      if (error instanceof Replayed) return { fresh: false };
      throw error;
    }
  }

  /**
   * Remembers the samples of an enrolment, in its transaction, so that they are of no use for a check. Never refuses.
   * @param by who enrols; no retry of a check is entitled to them
   */
  async remember(
    manager: EntityManager,
    samples: Samples,
    { caller }: Pick<Claimant, 'caller'>,
  ): Promise<void> {
    const hashes = this.hashesOf(samples);
    if (hashes.length > 0) await manager.query(REMEMBER, [hashes, caller, this.parts.now()]);
  }

  /** Forgets what is older than the window. While the guard is off nothing is: it may be on at another node. */
  async purge(signal?: AbortSignal): Promise<void> {
    if (!this.on) return;
    const { dataSource, now } = this.parts;
    const before = this.windowStart(now());
    let deleted: number;
    do {
      // TypeORM answers a DELETE with its rows and their number.
      [, deleted] = await dataSource.query<[unknown[], number]>(PURGE, [before, PURGE_BATCH]);
    } while (deleted === PURGE_BATCH && signal?.aborted !== true);
  }

  private windowStart(at: Date): Date {
    return new Date(at.getTime() - this.parts.windowDays * MS_PER_DAY);
  }

  private hashesOf(samples: Samples): Buffer[] {
    const { key } = this.parts;
    return key === null || !this.on ? [] : sampleHashes(key, samples);
  }
}

const hashesIn = (rows: unknown): Buffer[] => (rows as { hash: Buffer }[]).map(({ hash }) => hash);
