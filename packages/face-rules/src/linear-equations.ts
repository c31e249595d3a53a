/**
 * Solves linear equations by Gauss and Jordan, with pivots.
 * @param rows the factors of each equation, then its right side; overwritten
 * @returns not finite if they have no single solution
 */
export function solved(rows: Float64Array[]): number[] {
  const count = rows.length;
  for (let a = 0; a < count; a++) {
    let pivot = a;
    for (let b = a + 1; b < count; b++) {
      if (Math.abs(cell(rows, b, a)) > Math.abs(cell(rows, pivot, a))) pivot = b;
    }
    [rows[a], rows[pivot]] = [rows[pivot] as Float64Array, rows[a] as Float64Array];
    for (let b = 0; b < count; b++) {
      if (b === a) continue;
      const factor = cell(rows, b, a) / cell(rows, a, a);
      for (let c = a; c <= count; c++)
        (rows[b] as Float64Array)[c] = cell(rows, b, c) - factor * cell(rows, a, c);
    }
  }
  return rows.map((row, i) => (row[count] as number) / (row[i] as number));
}

const cell = (rows: readonly Float64Array[], row: number, column: number): number =>
  (rows[row] as Float64Array)[column] as number;
