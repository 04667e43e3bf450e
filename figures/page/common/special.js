// Special functions: the normal law, Student's t, and their inverses, to about 1e-15 of the value.

function erfcTail(x) { // erfc(x) for x >= 2, by its continued fraction (modified Lentz)
  if (x > 27) return 0; // it leaves the range of floats
  let f = x, c = x, d = 0;
  for (let k = 1; k <= 500; k++) {
    d = 1 / (x + k / 2 * d);
    c = x + k / 2 / c;
    const step = c * d;
    f *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return Math.exp(-x * x) / (f * Math.sqrt(Math.PI));
}

function erf(x) {
  if (Math.abs(x) >= 2) return x > 0 ? 1 - erfcTail(x) : erfcTail(-x) - 1;
  let term = x, sum = x; // 2/sqrt(pi) exp(-x^2) sum_k 2^k x^(2k+1)/(1 3 ... (2k+1)): nothing cancels
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= 2 * x * x / (2 * k + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

const normalCdf = (x) => {
  const z = x / Math.SQRT2;
  return z <= -2 ? erfcTail(-z) / 2 : (1 + erf(z)) / 2;
};

// the argument at which a decreasing positive function falls to `value`, on x >= 0
function fallsTo(tail, value) {
  if (value <= 0) return Infinity;
  let low = 0, high = 1;
  while (tail(high) > value) { low = high; high *= 2; }
  for (let k = 0; k < 200 && high - low > 2e-16 * high; k++) {
    const middle = (low + high) / 2;
    if (tail(middle) > value) low = middle; else high = middle;
  }
  return (low + high) / 2;
}

// x with normalCdf(x) = p, for 0 <= p <= 1
function normalQuantile(p) {
  if (p > 0.5) return p >= 1 ? Infinity : -normalQuantile(1 - p);
  return p === 0.5 ? 0 : -fallsTo((x) => normalCdf(-x), p);
}

function logGamma(x) { // Lanczos, for x > 0
  const c = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
  const t = x + 6.5;
  const series = c.reduce((sum, value, i) => sum + value / (x + i), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

// regularised incomplete beta function at x, with y = 1 - x given so that neither loses digits
function incompleteBeta(a, b, x, y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, y, x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y)) / a;
  let f = 1, c = 1, d = 0;
  for (let i = 0; i <= 1000; i++) {
    const m = i >> 1;
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    const numerator = i === 0 ? 1 : i % 2 ? odd : even;
    d = 1 / (1 + numerator * d);
    c = 1 + numerator / c;
    f *= c * d;
    if (Math.abs(1 - c * d) < 1e-16) break;
  }
  return front * (f - 1);
}

// P(T > t) of Student's t, for t >= 0
function studentTail(df, t) {
  if (t === Infinity) return 0;
  const square = t * t;
  return 0.5 * incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square));
}

const studentCritical = (df, level) => (level >= 0.5 ? 0 : fallsTo((t) => studentTail(df, t), level));
