// The root g of n ridge = g (1 - T/p)(n - T) for ridge >= 0: theory/engines/root.py, the same steps in the
// same order. lam and mult are the positive levels, weight = mult lam, tilted = weight/(lam + base).

const SAME = CONSTANTS.same;
const gap = (size, r) => (Math.abs(size - r) <= SAME * r ? 0 : size - r);

function perProduct(a, b, c) {
  const product = b * c;
  return 1e-290 < product && product < 1e290 ? a / product : a / b / c;
}

function logProduct(a, b, c) {
  const pair = a * b, product = pair * c;
  if (1e-290 < pair && pair < 1e290 && 1e-290 < product && product < 1e290) return Math.log(product);
  return Math.log(a) + Math.log(b) + Math.log(c);
}

// g0: the root of T = size, or 0 where the rank does not exceed it
function threshold(size, rank, lam, mult, tail) {
  if (size === Infinity || (rank !== Infinity && rank - size <= SAME * rank)) return 0;
  return lam.length === 1 ? oneLevel(size, lam[0], mult[0], tail) : manyLevels(size, rank, lam, mult, tail);
}

function oneLevel(size, lam, mult, tail) { // size g^2 + b g = tail lam
  const b = (size - mult) * lam - tail;
  const a = Math.abs(b), c = 2 * Math.sqrt(size * tail) * Math.sqrt(lam);
  const longest = Math.max(a, c), ratio = Math.min(a, c) / longest;
  const root = longest * Math.sqrt(1 + ratio * ratio);
  return b > 0 ? 2 * tail * (lam / (b + root)) : (root - b) / (2 * size);
}

function manyLevels(size, rank, lam, mult, tail) {
  let smallest = Infinity, trace = tail;
  for (let i = 0; i < lam.length; i++) {
    smallest = Math.min(smallest, lam[i]);
    trace += mult[i] * lam[i];
  }
  const low = tail > 0 ? Math.log(tail / size) : Math.log(smallest * (rank - size) / size);
  const high = Math.log(trace / size);
  return safeguarded((low + high) / 2, low, high, (x) => {
    const g = Math.exp(x);
    let above = 0, plus = 0, minus = 0, w = 0;
    for (let i = 0; i < lam.length; i++) {
      const inverse = 1 / (lam[i] + g), share = mult[i] * Math.min(lam[i], g) * inverse;
      w += share * Math.max(lam[i], g) * inverse;
      if (lam[i] > g) { above += mult[i]; plus += share; } else minus += share;
    }
    if (tail > 0) { minus += tail / g; w += tail / g; }
    return [(size - above + plus) - minus, w];
  });
}

// exp of the zero of an increasing function by Newton's method, kept in [low, high] by bisection
function safeguarded(x, low, high, valueAndSlope) {
  for (let k = 0; k < 200; k++) {
    const [value, slope] = valueAndSlope(x);
    if (value > 0) high = x; else low = x;
    let next = x - value / slope;
    const newton = low <= next && next <= high;
    if (!newton) next = (low + high) / 2;
    const step = Math.abs(next - x);
    x = next;
    if ((newton && step <= 1e-8) || high - low <= 4e-16 * Math.max(Math.abs(x), 1)) break;
  }
  return Math.exp(x);
}

// X/u = sum m lam/((lam + base)(lam + g)) and dX/du = sum m lam/(lam + g)^2, with the tail
function spectralSums(base, g, { lam, weight, tilted, tail }) {
  let s = 0, w = 0;
  for (let i = 0; i < lam.length; i++) {
    const inverse = 1 / (lam[i] + g);
    s += tilted[i] * inverse;
    w += weight[i] * inverse * inverse;
  }
  if (tail > 0) {
    s += perProduct(tail, base, g);
    w += perProduct(tail, g, g);
  }
  return [s, w];
}

// u = g - g0 > 0 that a ridge adds
function distance(n, p, ridge, base, rank, trace, spectrum) {
  if (ridge === 0) return 0;
  if (n === Infinity && p === Infinity) return ridge;
  const [slope] = spectralSums(base, base, spectrum);
  if (slope === 0) return ridge; // no eigenvalues
  const r = base > 0 ? Math.min(n, p) : rank;
  const leftN = n === Infinity ? Infinity : gap(n, r), leftP = p === Infinity ? Infinity : gap(p, r);
  const logTarget = logProduct(ridge, n === Infinity ? 1 : n, p === Infinity ? 1 : p);
  const [ofN, limitN, vanishingN] = factor(leftN, slope), [ofP, limitP, vanishingP] = factor(leftP, slope);
  const [ofG, limitG, vanishingG] = base > 0 ? [base, base, 0] : [1, Infinity, 1];
  const order = vanishingG + vanishingN + vanishingP;
  const guess = (logTarget - logProduct(ofG, ofN, ofP)) / order;
  const low = Math.min(guess - 3 * Math.log(2) / order, Math.log(Math.min(limitG, limitN, limitP)));
  const high = Math.log(ridge + trace * (1 / n + 1 / p));
  return safeguarded(Math.min(Math.max(guess, low), high), low, high, (x) => {
    const u = Math.exp(x), g = base + u, [s, w] = spectralSums(base, g, spectrum);
    const [timesN, steepN] = vanishing(leftN, u, s, w), [timesP, steepP] = vanishing(leftP, u, s, w);
    const value = order * x + logProduct(base > 0 ? g : 1, timesN, timesP) - logTarget;
    return [value, (base > 0 ? u / g : 1) + steepN + steepP];
  });
}

// a size's factor at u = 0, or its slope; where it is twice that; 1 if it vanishes
function factor(left, slope) {
  if (left === 0) return [slope, Infinity, 1];
  return left === Infinity ? [1, Infinity, 0] : [left, left / slope, 0];
}

// a size's factor at u, without u where it vanishes, and its slope in log u
function vanishing(left, u, s, w) {
  if (left === 0) return [s, w / s];
  if (left === Infinity) return [1, 0];
  const value = left + u * s;
  return [value, u * w / value];
}
