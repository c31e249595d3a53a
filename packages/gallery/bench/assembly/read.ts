/**
 * AssemblyScript. Only reads: what no exact scan of the same bytes can be faster than. The sum is returned so that the
 * reading cannot be left out.
 *
 * @param start address of the first byte
 * @param bytes a multiple of 256
 */
export function read(start: usize, bytes: usize): i32 {
  const quarter = bytes >> 2;
  const end = start + quarter;
  const second = quarter;
  const third = second + quarter;
  const fourth = third + quarter;
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  let sum3 = i32x4.splat(0);
  for (let at = start; at < end; at += 64) {
    sum0 = v128.xor(sum0, v128.load(at));
    sum1 = v128.xor(sum1, v128.load(at + second));
    sum2 = v128.xor(sum2, v128.load(at + third));
    sum3 = v128.xor(sum3, v128.load(at + fourth));
    sum0 = v128.xor(sum0, v128.load(at, 16));
    sum1 = v128.xor(sum1, v128.load(at + second, 16));
    sum2 = v128.xor(sum2, v128.load(at + third, 16));
    sum3 = v128.xor(sum3, v128.load(at + fourth, 16));
    sum0 = v128.xor(sum0, v128.load(at, 32));
    sum1 = v128.xor(sum1, v128.load(at + second, 32));
    sum2 = v128.xor(sum2, v128.load(at + third, 32));
    sum3 = v128.xor(sum3, v128.load(at + fourth, 32));
    sum0 = v128.xor(sum0, v128.load(at, 48));
    sum1 = v128.xor(sum1, v128.load(at + second, 48));
    sum2 = v128.xor(sum2, v128.load(at + third, 48));
    sum3 = v128.xor(sum3, v128.load(at + fourth, 48));
  }
  const all = v128.xor(v128.xor(sum0, sum1), v128.xor(sum2, sum3));
  return (
    i32x4.extract_lane(all, 0) ^
    i32x4.extract_lane(all, 1) ^
    i32x4.extract_lane(all, 2) ^
    i32x4.extract_lane(all, 3)
  );
}
