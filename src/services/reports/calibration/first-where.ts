/**
 * The first whole number from 0 to `last` that passes. Each one after it has to pass, too.
 * @returns `last` if none before it passes
 */
export function firstWhere(last: number, passes: (n: number) => boolean): number {
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
