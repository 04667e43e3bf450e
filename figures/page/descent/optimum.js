// The ridge of smallest test error: theory/engines/search.py, the same steps in the same order.

const STEP = 0.25; // of log(g - g0)

// ridge >= 0 of smallest test error: 0 where the infimum is there, Infinity where only noise can be learnt
function bestRidge({ lam, mult, power, tail, tailPower, noise }, n, p) {
  const error = tailPower + noise;
  let levels = 0, trace = 0, squares = 0, learnable = 0, pull = 0, smallest = Infinity, largest = 0;
  for (let i = 0; i < lam.length; i++) {
    levels += mult[i];
    trace += mult[i] * lam[i];
    squares += mult[i] * lam[i] * lam[i];
    learnable += power[i];
    pull += power[i] * lam[i];
    smallest = Math.min(smallest, lam[i]);
    largest = Math.max(largest, lam[i]);
  }
  const rank = tail > 0 ? Infinity : levels;
  if (n === Infinity || rank === 0 || error + learnable === 0) return 0;
  if (pull === 0) return Infinity;
  const base = threshold(Math.min(n, p), rank, lam, mult, tail), r = base > 0 ? Math.min(n, p) : rank;
  const slopes = { n, p, base, leftN: gap(n, r), leftP: p === Infinity ? Infinity : gap(p, r), error, lam, mult, power, tail };
  const whole = trace + tail;
  const high = Math.max(largest, 2 * whole / Math.min(n, p),
    64 * (error + learnable) * (squares + 1.5 * whole * whole / p) / (n * pull));
  return searched(slopes, lowest(slopes, smallest), high);
}

function searched(slopes, low, high) {
  let least = Infinity, best = 0, [slope, test] = slopeAt(slopes, low);
  if (slope >= 0) least = test; // the test error rises from ridge 0 on
  const count = Math.max(1, Math.ceil((Math.log(high) - Math.log(low)) / STEP));
  const x = Math.log(low), step = (Math.log(high) - x) / count;
  for (let k = 0; k < count; k++) {
    const left = slope, u = Math.exp(x + (k + 1) * step);
    [slope] = slopeAt(slopes, u);
    if (!(left < 0 && slope >= 0)) continue;
    let ridge;
    [, test, ridge] = slopeAt(slopes, bisected(slopes, Math.exp(x + k * step), u));
    if (test < least) { least = test; best = ridge; }
  }
  return best;
}

function bisected(slopes, start, end) {
  for (;;) {
    const middle = Math.sqrt(start) * Math.sqrt(end);
    if (middle <= start || middle >= end) return end;
    if (slopeAt(slopes, middle)[0] < 0) start = middle; else end = middle;
  }
}

// u below which the slope of the test error keeps the sign that it has at u -> 0
function lowest(slopes, smallest) {
  const { base, leftN, leftP } = slopes, { s } = slopeSums(slopes, base);
  let scale = base > 0 ? base : smallest;
  for (const left of [leftN, leftP]) if (left > 0) scale = Math.min(scale, left / s);
  const falls = base > 0 ? slopeAt(slopes, 0)[0] < 0 : true;
  let u = 1e-10 * scale;
  while (falls && u > 1e-100 * scale && slopeAt(slopes, u)[0] > 0) u *= 1e-3;
  return u;
}

// [sign of d test/d g, test, ridge] at g = base + u
function slopeAt(slopes, u) {
  const { n, p, base, leftN, leftP, error } = slopes, g = base + u;
  const { s, w, r, lost, c, a } = slopeSums(slopes, g);
  const N = leftN + u * s, E = lost + error;
  if (p === Infinity) return [a * (N + w) - r * E, n * E / (N + w), g * (N / n)];
  const P = leftP + u * s, D = N * P + w * (N + P), share = r / w;
  const slope = P * (a / w * D + N * share * c) - (P * E * (share * P + w) + w * w * (E + c));
  return [slope, ratio(n * ((P + w) * E + w * c), D), g * (N / n) * (P / p)];
}

function slopeSums({ base, lam, mult, power, tail }, g) {
  let s = 0, w = 0, r = 0, lost = 0, c = 0, a = 0;
  for (let i = 0; i < lam.length; i++) {
    const inverse = 1 / (lam[i] + g), share = lam[i] * inverse, rest = g * inverse;
    s += mult[i] * share / (lam[i] + base);
    w += mult[i] * share * rest;
    r += mult[i] * share * share * rest;
    lost += power[i] * rest * rest;
    c += power[i] * share * rest;
    a += power[i] * share * rest * rest;
  }
  if (tail > 0) { s += perProduct(tail, base, g); w += tail / g; }
  return { s, w, r, lost, c, a };
}
