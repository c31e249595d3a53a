import type { DataSource, EntityManager } from 'typeorm';
import { Statements } from '../../../database/statements';
import { CLAIM, PURGE, RELEASE, REMEMBER } from './replay-statements';
import { sampleHashes, type Samples } from './sample-hash';

/** Who shows samples. */
export interface Claimant {
  readonly caller: string;
  /** The check's idempotency key: its retry may show the same samples again. */
  readonly requestId: string | null;
}

/** Samples that a check has taken. */
export interface HeldSamples {
  readonly by: Claimant;
  /** Those that were free, not taken by an earlier attempt. */
  readonly hashes: readonly Buffer[];
  readonly at: Date;
}

export const MS_PER_DAY = 86_400_000;
const PURGE_BATCH = 10_000;
/** For how long a check that recorded nothing may be sent again with its photo: until its answer surely arrived. */
export const RETRY_MS = 600_000;

/**
 * Recognises photos and descriptors that were sent before, byte for byte. No camera takes the same photo twice, so a
 * repeated photo is a copy. A photo with any changed pixel counts as new.
 */
export class ReplayGuard {
  private readonly statements: Statements;
  /** null: the guard is off. */
  private readonly key: Buffer | null;
  private readonly windowMs: number;

  constructor(
    private readonly parts: {
      readonly dataSource: DataSource;
      /** Under which samples are hashed; null: the guard is off. */
      readonly key: Buffer | null;
      /** For how long a sample is remembered. */
      readonly windowDays: number;
      readonly now: () => Date;
    },
  ) {
    this.statements = new Statements(parts.dataSource);
    this.key = parts.windowDays > 0 ? parts.key : null;
    this.windowMs = parts.windowDays * MS_PER_DAY;
  }

  get on(): boolean {
    return this.key !== null;
  }

  /**
   * Takes samples for a check: all of them, or none if one was seen within the window. Of checks that race for a
   * sample, on whatever nodes, one gets it. What the same caller's check with the same requestId took it gets again,
   * for ten minutes, or at any time if it was recorded.
   * @returns null if one was seen
   */
  async claim(samples: Samples, by: Claimant): Promise<HeldSamples | null> {
    const at = this.parts.now();
    const hashes = sampleHashes(this.key, samples);
    if (hashes.length === 0) return { by, hashes, at };
    const rows = await this.statements.run<{ hash: Buffer; fresh: boolean }>('claim-samples', CLAIM, [
      ...[hashes, by.caller, by.requestId, at],
      ...[new Date(at.getTime() - this.windowMs), new Date(at.getTime() - RETRY_MS)],
    ]);
    const fresh: Buffer[] = [];
    for (const row of rows) if (row.fresh) fresh.push(row.hash);
    const held = { by, hashes: fresh, at };
    if (rows.length === hashes.length) return held;
    await this.release(held);
    return null;
  }

  /** Forgets what a claim took, for a check that ended in a fault and will be tried again. */
  async release({ by, hashes, at }: HeldSamples): Promise<void> {
    if (hashes.length === 0) return;
    await this.statements.run('release-samples', RELEASE, [hashes, by.caller, by.requestId, at]);
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
    const hashes = sampleHashes(this.key, samples);
    if (hashes.length > 0) await manager.query(REMEMBER, [hashes, caller, this.parts.now()]);
  }

  /** Forgets what is older than the window. While the guard is off nothing is: it may be on at another node. */
  async purge(signal?: AbortSignal): Promise<void> {
    if (!this.on) return;
    const { dataSource, now } = this.parts;
    const before = new Date(now().getTime() - this.windowMs);
    let deleted: number;
    do {
      // TypeORM answers a DELETE with its rows and their number.
      [, deleted] = await dataSource.query<[unknown[], number]>(PURGE, [before, PURGE_BATCH]);
    } while (deleted === PURGE_BATCH && signal?.aborted !== true);
  }
}
