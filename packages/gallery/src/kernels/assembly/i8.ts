/**
 * AssemblyScript. The first pass over templates that are quantised to int8, a quarter of the bytes: says which rows
 * are worth an exact score. It never decides; ../i8-kernel.ts proves that no row is missed.
 *
 * A row is its step and its residual (float32 each) and `dimension` int8 numbers; ../quantised-rows.ts writes it.
 * Memory is imported, nothing is allocated.
 */

/** Bytes before a row's numbers. */
const HEADER: usize = 8;

/** The totals of four vectors, in their order. */
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 2, 4, 6), v128.shuffle<i32>(c, d, 1, 3, 5, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
}

/**
 * The next group, from `group` on, with rows whose cosine with the probe may be `bar` or more: 16 times its number,
 * plus a bit for each of these rows; 16 times `groups` if there is none. Group g is the rows g, g + groups,
 * g + 2 groups and g + 3 groups: four streams that far apart are read faster than one, since each is prefetched by
 * itself.
 *
 * @param probe address of the probe, int16 in steps of `probeStep`, so small that no sum exceeds int32; its length is
 *   a multiple of 8
 * @param rows address of the first row
 * @param bar already lowered by what the probe's own quantisation may be wrong by
 */
export function next(
  group: u32,
  groups: u32,
  probe: usize,
  probeStep: f32,
  rows: usize,
  dimension: usize,
  bar: f32,
): u32 {
  const stride = HEADER + dimension;
  const stream = <usize>groups * stride;
  const scale = f32x4.splat(probeStep);
  const bars = f32x4.splat(bar);
  let row0 = rows + <usize>group * stride;
  let row1 = row0 + stream;
  let row2 = row1 + stream;
  let row3 = row2 + stream;
  for (; group < groups; group++) {
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    for (let i: usize = 0; i < dimension; i += 8) {
      const part = v128.load(probe + (i << 1));
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(row0 + i, HEADER)));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(row1 + i, HEADER)));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(row2 + i, HEADER)));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(row3 + i, HEADER)));
    }
    // The most that each row's cosine can be: its sum in steps of row and probe, and its residual on top.
    const header01 = v128.load_lane<i64>(row1, v128.load_zero<i64>(row0), 1);
    const header23 = v128.load_lane<i64>(row3, v128.load_zero<i64>(row2), 1);
    const steps = f32x4.mul(scale, v128.shuffle<f32>(header01, header23, 0, 2, 4, 6));
    const residuals = v128.shuffle<f32>(header01, header23, 1, 3, 5, 7);
    const sums = f32x4.convert_i32x4_s(totals(sum0, sum1, sum2, sum3));
    const most = f32x4.add(f32x4.mul(sums, steps), residuals);
    const found = i32x4.bitmask(f32x4.gt(most, bars));
    if (found) return (group << 4) | found;
    row0 += stride;
    row1 += stride;
    row2 += stride;
    row3 += stride;
  }
  return groups << 4;
}
