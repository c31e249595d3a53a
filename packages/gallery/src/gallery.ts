import { Candidates, rank, type Candidate, type BestRows } from './candidates';
import { KeyIndex } from './key-index';
import type { KernelName } from './kernels/kernel';
import { type Kernels, kernelsFor } from './kernels/kernels';
import { scan } from './kernels/scan';
import { normOf, type Probe } from './probe';
import { Scopes } from './scopes';
import { TemplateRows } from './template-rows';
import { ThreadScans } from './thread-scans';

export type { Candidate };

/** The best key of a search and the next best *other* key. */
export interface Identification {
  readonly best: Candidate;
  readonly runnerUp: Candidate | null;
}

export interface GalleryOptions {
  /** Numbers a template: a multiple of 8, up to 1024. */
  readonly dimension: number;
  /** `auto` (the default) chooses the fastest kernel for the gallery's size. All kernels give the same answers. */
  readonly kernel?: KernelName | 'auto';
  /** Number of templates from which `auto` scans in a separate thread; 200,000 when left out. */
  readonly threadFrom?: number;
  /** Told of what slows the gallery down. */
  readonly log?: { warn(details: object, message: string): void };
}

export interface SearchOptions {
  /** Only the keys of this scope; null or left out: all of them. */
  readonly scope?: string | null | undefined;
}

/** A scan of this many templates takes about as long as a whole request may keep others waiting: 2 ms. */
const THREAD_FROM = 200_000;

/** How often a scan in the thread is repeated because templates changed meanwhile; then it is done on the spot. */
const THREAD_ATTEMPTS = 3;

/**
 * All active templates of one model. Scores are exact: computed in float64 from the probe as sent and the template as
 * stored, whichever kernel found the row. Adding and removing take microseconds: a removed row is overwritten by the
 * last one, so there is never a hole and never a rebuild.
 */
export class Gallery {
  private readonly rows: TemplateRows;
  private readonly kernels: Kernels;
  private readonly scopes = new Scopes();
  private readonly index = new KeyIndex();
  private templates = 0;
  /** The number that the rows of one key have in common, new with every `set`. */
  private lastOwner = 0;
  /** Counts changes: a scan in the thread is good only if none came meanwhile. */
  private changes = 0;
  /** null if scans are always done on the spot. */
  private readonly threadScans: ThreadScans | null;
  private readonly threadFrom: number;

  /** @throws RangeError for a dimension that no kernel can handle */
  constructor({ dimension, kernel = 'auto', threadFrom = THREAD_FROM, log }: GalleryOptions) {
    if (!(dimension >= 8 && dimension <= 1024 && dimension % 8 === 0)) {
      throw new RangeError(`The dimension of a gallery must be a multiple of 8, at most 1024: ${dimension}`);
    }
    this.rows = new TemplateRows(dimension);
    this.kernels = kernelsFor(kernel, this.rows, log);
    this.threadFrom = threadFrom;
    this.threadScans = kernel === 'auto' ? this.makeThreadScans(log) : null;
  }

  /** Numbers a template. */
  get dimension(): number {
    return this.rows.dimension;
  }

  /** Templates held. */
  get size(): number {
    return this.templates;
  }

  /**
   * Replaces the templates of a key; an empty list removes the key. A
   * template without a direction (a NaN, an infinity, a norm of 0 or beyond all reason) matches no key and is left out.
   * @param key a UUID
   * @returns how many were taken in
   * @throws RangeError for another key, for a template of another dimension and if the gallery is full; nothing is
   *   changed then
   */
  set(key: string, templates: readonly Float32Array[], scope: string | null = null): number {
    for (const { length } of templates) {
      if (length !== this.rows.dimension) {
        throw new RangeError(
          `A template of this gallery must have ${this.rows.dimension} numbers, not ${length}`,
        );
      }
    }
    // Before anything is changed, since there may be no room.
    this.rows.memory.reserve(this.size + templates.length);
    this.index.prepare(key, this.size + templates.length);
    this.changes++;
    this.remove(key);
    const before = this.size;
    const owner = (this.lastOwner = (this.lastOwner + 1) >>> 0);
    const scopeNumber = this.scopes.number(scope);
    for (const template of templates) {
      const norm = normOf(template);
      if (norm === null) continue;
      const row = this.templates++;
      this.rows.write(row, template, norm, owner, scopeNumber);
      this.kernels.wrote(row);
      this.index.add(key, row);
    }
    if (this.size > before) this.scopes.add(scopeNumber, key);
    return this.size - before;
  }

  /** The key of each template, so that one of several comes several times. Not to be used across changes. */
  *keys(): Generator<string> {
    for (let row = 0; row < this.templates; row++) yield this.index.keyOf(row);
  }

  /** Whether the key has a template here. */
  has(key: string): boolean {
    return this.index.has(key);
  }

  /** The probe's similarity to the best of one key's templates; null if there is none to compare. */
  verify(key: string, vector: Float64Array): number | null {
    const probe = this.probeOf(vector);
    const rows = this.index.rowsOf(key);
    if (probe === null || rows.length === 0) return null;
    let best = -Infinity;
    for (const row of rows) best = Math.max(best, this.rows.score(row, probe));
    return best;
  }

  /** The nearest key and the nearest other one; null if there is no key, or the probe has no direction. */
  async identify(vector: Float64Array, options: SearchOptions = {}): Promise<Identification | null> {
    const [best, runnerUp = null] = await this.search(vector, 2, options);
    return best === undefined ? null : { best, runnerUp };
  }

  /**
   * The `count` nearest keys, each with the similarity of the best of its templates; if similarities are
   * equal, in their order as text. All of the answer is from one moment between the call and the answer.
   */
  async search(
    vector: Float64Array,
    count: number,
    { scope = null }: SearchOptions = {},
  ): Promise<Candidate[]> {
    const probe = this.probeOf(vector);
    if (probe === null || !(count >= 1)) return [];
    if (scope === null) return await this.searchRows(probe, count, null);
    const found = this.scopes.find(scope);
    if (found === null) return [];
    const { number, size } = found;
    // The cost follows the scope's size, and is never more than that of a pass over all.
    return size * this.kernels.of(this.size).exactScoreCost <= this.size
      ? this.searchAmong(this.membersOf(number), probe, count)
      : await this.searchRows(probe, count, number);
  }

  /** Ends the thread, if there is one. Scans under way are finished. */
  async close(): Promise<void> {
    await this.threadScans?.close();
  }

  private membersOf(scope: number): Iterable<string> {
    return this.scopes.keys(scope, () => this.findMembers(scope));
  }

  /** Passes over all rows: some 10 ms for a million, once for each scope that is searched. */
  private *findMembers(scope: number): Generator<string> {
    for (let row = 0; row < this.size; row++) {
      if (this.rows.scope(row) === scope) yield this.index.keyOf(row);
    }
  }

  private searchAmong(keys: Iterable<string>, probe: Probe, count: number): Candidate[] {
    const candidates = new Candidates(this.rows, probe, count, null);
    for (const key of keys) {
      for (const row of this.index.rowsOf(key)) candidates.consider(row);
    }
    return this.rank(candidates.bestRows(), count);
  }

  private async searchRows(probe: Probe, count: number, scope: number | null): Promise<Candidate[]> {
    const { threadScans } = this;
    if (threadScans !== null) {
      const request = () => ({ probe, size: this.size, count, scope });
      for (let attempt = 0; attempt < THREAD_ATTEMPTS && this.size >= this.threadFrom; attempt++) {
        const ranked = await threadScans.run(request, (bestRows) => this.rank(bestRows, count));
        if (ranked !== null) return ranked;
      }
    }
    const candidates = new Candidates(this.rows, probe, count, scope);
    scan(this.kernels.of(this.size), probe, this.size, candidates);
    return this.rank(candidates.bestRows(), count);
  }

  private rank(bestRows: BestRows, count: number): Candidate[] {
    return rank(bestRows, count, (row) => this.index.keyOf(row));
  }

  private probeOf(vector: Float64Array): Probe | null {
    const norm = vector.length === this.rows.dimension ? normOf(vector) : null;
    return norm === null ? null : { vector, norm };
  }

  private remove(key: string): void {
    const rows = this.index.rowsOf(key);
    const [first] = rows;
    if (first === undefined) return;
    this.scopes.remove(this.rows.scope(first), key);
    this.index.remove(key);
    // From the highest row down: the row that moves into a hole is then never one that is to go as well.
    for (const row of rows.sort((a, b) => b - a)) this.removeRow(row);
  }

  private removeRow(row: number): void {
    const last = --this.templates;
    if (row !== last) {
      this.rows.memory.move(last, row);
      this.kernels.moved(last, row);
      this.index.move(last, row);
    }
    this.rows.memory.clear(last);
    this.kernels.cleared(last);
    this.index.clear(last);
  }

  private makeThreadScans(log: GalleryOptions['log']): ThreadScans | null {
    const { rows, kernels } = this;
    if (kernels.quantised === null) return null;
    const memories = {
      dimension: rows.dimension,
      templates: rows.memory.memory,
      quantised: kernels.quantised.memory.memory,
    };
    return new ThreadScans({ memories, version: () => this.changes, log });
  }
}
