/**
 * The templates that the server computed. In a search an employee is the mean of theirs, which makes far fewer
 * mistakes than the best of them (FNMR 7.4 % in place of 17.7 % at about the same FMR; docs/design/accuracy.md); one to one
 * they are compared one by one.
 */
import { type Candidate, Gallery, type GalleryOptions, type SearchOptions, normOf } from '@rollcall/gallery';
export class MeanGallery {
  private readonly means: Gallery;
  /** Of who has more than one: a single template is its own mean. */
  private readonly singles: Gallery;

  constructor(options: GalleryOptions) {
    this.means = new Gallery(options);
    this.singles = new Gallery(options);
  }

  /** Employees held. */
  get size(): number {
    return this.means.size;
  }

  /** The employees held. */
  keys(): Generator<string> {
    return this.means.keys();
  }

  has(employee: string): boolean {
    return this.means.has(employee);
  }

  /**
   * Makes these the templates of an employee, in place of any earlier ones.
   * @returns how many were taken in, as Gallery.set
   */
  set(employee: string, templates: readonly Float32Array[], scope: string | null = null): number {
    const usable = templates.filter((template) => normOf(template) !== null);
    this.means.set(employee, usable.length === 0 ? [] : [meanOf(usable)], scope);
    this.singles.set(employee, usable.length > 1 ? usable : [], scope);
    return usable.length;
  }

  /** The probe's similarity to the best of one employee's templates; null where there is none to compare. */
  verify(employee: string, vector: Float64Array): number | null {
    return this.singles.verify(employee, vector) ?? this.means.verify(employee, vector);
  }

  /** The `count` employees whose means are nearest, as Gallery.search. */
  search(vector: Float64Array, count: number, options?: SearchOptions): Promise<Candidate[]> {
    return this.means.search(vector, count, options);
  }

  /** Ends the scanning threads, if there are any. */
  async close(): Promise<void> {
    await Promise.all([this.means.close(), this.singles.close()]);
  }
}

/** The mean of the unit vectors: a louder photo weighs no more than the others. */
export function meanOf(templates: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(templates[0]?.length ?? 0);
  for (const template of templates) {
    const norm = normOf(template) ?? Infinity;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (template[i] as number) / norm;
  }
  return Float32Array.from(sum, (x) => x / templates.length);
}
