/**
 * AssemblyScript. The first pass over Float32 templates: says which rows are worth an exact score. It never decides;
 * ../f32-kernel.ts proves that no row is missed.
 *
 * A row is a header (its Euclidean norm as float64, then what only TypeScript reads) and `dimension` float32 numbers;
 * ../../template-rows.ts writes it. Memory is imported, nothing is allocated.
 */

/** Bytes before a row's numbers. */
const HEADER: usize = 16;

/** The totals of four vectors, in their order. */
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/**
 * The next group, from `group` on, with rows whose cosine with the probe may be `bar` or more: 16 times its number,
 * plus a bit for each of these rows; 16 times `groups` if there is none. Group g is the rows g, g + groups,
 * g + 2 groups and g + 3 groups: four streams that far apart are read faster than one, since each is prefetched by
 * itself.
 *
 * @param probe address of a unit vector, float32; its length is a multiple of 8
 * @param rows address of the first row
 * @param bar already lowered by what float32 may be wrong by
 */
export function next(group: u32, groups: u32, probe: usize, rows: usize, dimension: usize, bar: f32): u32 {
  const numbers = dimension * sizeof<f32>();
  const stride = HEADER + numbers;
  const stream = <usize>groups * stride;
  const bars = f32x4.splat(bar);
  let row0 = rows + <usize>group * stride;
  let row1 = row0 + stream;
  let row2 = row1 + stream;
  let row3 = row2 + stream;
  for (; group < groups; group++) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (let i: usize = 0; i < numbers; i += 32) {
      const left = v128.load(probe + i);
      sum0 = f32x4.add(sum0, f32x4.mul(left, v128.load(row0 + i, HEADER)));
      sum1 = f32x4.add(sum1, f32x4.mul(left, v128.load(row1 + i, HEADER)));
      sum2 = f32x4.add(sum2, f32x4.mul(left, v128.load(row2 + i, HEADER)));
      sum3 = f32x4.add(sum3, f32x4.mul(left, v128.load(row3 + i, HEADER)));
      const right = v128.load(probe + i, 16);
      sum0 = f32x4.add(sum0, f32x4.mul(right, v128.load(row0 + i, HEADER + 16)));
      sum1 = f32x4.add(sum1, f32x4.mul(right, v128.load(row1 + i, HEADER + 16)));
      sum2 = f32x4.add(sum2, f32x4.mul(right, v128.load(row2 + i, HEADER + 16)));
      sum3 = f32x4.add(sum3, f32x4.mul(right, v128.load(row3 + i, HEADER + 16)));
    }
    // The rows are not normalised: instead of the sum, the bar is scaled. An empty row, all zero, never exceeds it.
    const norms01 = f32x4.demote_f64x2_zero(v128.load_lane<i64>(row1, v128.load_zero<i64>(row0), 1));
    const norms23 = f32x4.demote_f64x2_zero(v128.load_lane<i64>(row3, v128.load_zero<i64>(row2), 1));
    const norms = v128.shuffle<f32>(norms01, norms23, 0, 1, 4, 5);
    const found = i32x4.bitmask(f32x4.gt(totals(sum0, sum1, sum2, sum3), f32x4.mul(bars, norms)));
    if (found) return (group << 4) | found;
    row0 += stride;
    row1 += stride;
    row2 += stride;
    row3 += stride;
  }
  return groups << 4;
}
