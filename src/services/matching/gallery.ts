/** An employee and how near the probe is to the best of their templates. */
export interface Candidate {
  /** The employee's row id. */
  readonly employee: string;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** The best employee of a search and the next best *other* employee. */
export interface Identification {
  readonly best: Candidate;
  readonly runnerUp: Candidate | null;
}

const INITIAL_ROWS = 256;

/**
 * All active templates of one model in one contiguous Float32 matrix (row-major, as stored). Scores are exact:
 * computed in float64 from the probe as sent and the template as stored. Adding and removing take microseconds: a
 * removed row is overwritten by the last one, so there is never a hole and never a rebuild.
 */
export class Gallery {
  private matrix: Float32Array;
  /** Euclidean norm of each row, in float64. */
  private norms: Float64Array;
  /** Whose each row is. */
  private readonly owners: string[] = [];
  private readonly rowsOf = new Map<string, number[]>();

  constructor(private readonly dimension: number) {
    this.matrix = new Float32Array(INITIAL_ROWS * dimension);
    this.norms = new Float64Array(INITIAL_ROWS);
  }

  /** Templates held. */
  get size(): number {
    return this.owners.length;
  }

  /** Makes these the templates of an employee, in place of any earlier ones; an empty list removes the employee. */
  set(employee: string, templates: readonly Float32Array[]): void {
    // From the highest row down: the row that moves into a hole is then never one that is to go as well.
    const old = [...(this.rowsOf.get(employee) ?? [])].sort((a, b) => b - a);
    for (const row of old) this.removeRow(row);
    for (const template of templates) this.addRow(employee, template);
  }

  /** The probe's similarity to the best of one employee's templates; null if there is none. */
  verify(employee: string, probe: Float64Array): number | null {
    const rows = this.rowsOf.get(employee);
    if (rows === undefined || probe.length !== this.dimension) return null;
    const probeNorm = norm(probe);
    let best = -Infinity;
    for (const row of rows) best = Math.max(best, this.score(row, probe, probeNorm));
    return best;
  }

  /** The nearest employee and the nearest other one, over all templates; null on an empty gallery. */
  identify(probe: Float64Array): Identification | null {
    if (probe.length !== this.dimension) return null;
    const probeNorm = norm(probe);
    let best: string | null = null;
    let second: string | null = null;
    let bestScore = -Infinity;
    let secondScore = -Infinity;
    for (let row = 0; row < this.owners.length; row++) {
      const score = this.score(row, probe, probeNorm);
      if (!(score > secondScore)) continue;
      const owner = this.owners[row] as string;
      if (owner === best) {
        if (score > bestScore) bestScore = score;
      } else if (score > bestScore) {
        second = best;
        secondScore = bestScore;
        best = owner;
        bestScore = score;
      } else {
        second = owner;
        secondScore = score;
      }
    }
    if (best === null) return null;
    return {
      best: { employee: best, similarity: bestScore },
      runnerUp: second === null ? null : { employee: second, similarity: secondScore },
    };
  }

  private score(row: number, probe: Float64Array, probeNorm: number): number {
    const { matrix, dimension } = this;
    const offset = row * dimension;
    let dot = 0;
    for (let i = 0; i < dimension; i++) dot += (probe[i] as number) * (matrix[offset + i] as number);
    const cosine = dot / (probeNorm * (this.norms[row] as number));
    // Rounding may carry a vector's cosine with itself past 1.
    return Math.min(1, Math.max(-1, cosine));
  }

  private addRow(employee: string, template: Float32Array): void {
    if (template.length !== this.dimension) {
      throw new RangeError(
        `A template of this gallery has ${this.dimension} numbers, not ${template.length}`,
      );
    }
    const row = this.owners.length;
    if ((row + 1) * this.dimension > this.matrix.length) this.grow();
    this.matrix.set(template, row * this.dimension);
    this.norms[row] = norm(template);
    this.owners.push(employee);
    const rows = this.rowsOf.get(employee);
    if (rows === undefined) this.rowsOf.set(employee, [row]);
    else rows.push(row);
  }

  private removeRow(row: number): void {
    this.forget(this.owners[row] as string, row);
    const last = this.owners.length - 1;
    const moved = this.owners.pop() as string;
    if (row !== last) {
      const { dimension } = this;
      this.matrix.copyWithin(row * dimension, last * dimension, (last + 1) * dimension);
      this.norms[row] = this.norms[last] as number;
      this.owners[row] = moved;
      const rows = this.rowsOf.get(moved) as number[];
      rows[rows.indexOf(last)] = row;
    }
    // A removed face does not linger in memory.
    this.matrix.fill(0, last * this.dimension, (last + 1) * this.dimension);
  }

  private forget(employee: string, row: number): void {
    const rows = this.rowsOf.get(employee) as number[];
    rows.splice(rows.indexOf(row), 1);
    if (rows.length === 0) this.rowsOf.delete(employee);
  }

  private grow(): void {
    const rows = Math.ceil((this.matrix.length / this.dimension) * 1.5);
    const matrix = new Float32Array(rows * this.dimension);
    matrix.set(this.matrix);
    const norms = new Float64Array(rows);
    norms.set(this.norms);
    this.matrix = matrix;
    this.norms = norms;
  }
}

function norm(vector: Float64Array | Float32Array): number {
  let squares = 0;
  for (const x of vector) squares += x * x;
  return Math.sqrt(squares);
}
