/** ln Γ(x) for x >= 1: Stirling's series, after moving x up to where it has 15 digits. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 15; x++) shift += Math.log(x);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
}

/** The continued fraction of the incomplete beta function, by Lentz's method (Numerical Recipes, 6.4). */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    result *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    result *= c * d;
    // Written so that a NaN ends it too.
    if (!(Math.abs(c * d - 1) >= 1e-15)) return result;
  }
}

/** How likely a value of the beta distribution is at most `x`. */
function cumulative(x: number, a: number, b: number, logBeta: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta);
  // The fraction converges quickly on this side of the mean only.
  return x < (a + 1) / (a + b + 2)
    ? (front * fraction(x, a, b)) / a
    : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** The value that a beta distribution stays below with probability `p`. @param a and b at least 1 */
export function betaQuantile(p: number, a: number, b: number): number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (cumulative(middle, a, b, logBeta) < p) low = middle;
    else high = middle;
  }
}
