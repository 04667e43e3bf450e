// Theory of the curves of sims.double_descent: sims/experiments/descent_models. A prediction has the fields of
// Risk that are known, and what decides how far it can be trusted: distance, exact, spread, delta, kernel, features.

const edge = (n) => Math.max(CONSTANTS.edge.least, n / CONSTANTS.edge.part);
const TRUST = { exact: false, spread: NaN, delta: 1, kernel: 3, features: 0 };

// the prediction at p, as a function; `full` adds what the allowance alone needs
function predictor(setting) {
  return { "random-features": ofRandomFeatures, fourier: ofFourier }[setting.model]?.(setting) ?? ofGaussian(setting);
}

function ofRandomFeatures(setting) {
  const { n, d, ridge, noise, signal, activation } = setting;
  const problem = activationProblem(activation, d, signal, noise);
  const predict = (p, full) => {
    const told = risk(problem, n, p, ridge), { df, df2 } = told;
    const leftN = Math.max(n - df, 0), leftP = Math.max(p - df, 0), w = df - df2;
    const distance = leftN + (w <= 1e-9 * df ? 0 : leftP + leftN * leftP / w);
    const trust = { ...TRUST, distance, delta: 1 - df2 / n };
    if (full) {
      const moments = kurtosis(problem, told.gamma_eff);
      trust.kernel = moments.kernel;
      trust.features = Math.max(moments.features - 3, 0) * df / Math.max(n, p) ** 2;
    }
    return { ...told, ...trust };
  };
  predict.best = (p) => risk(problem, n, p, bestRidge(problem, n, p)).test;
  return predict;
}

function ofGaussian(setting) { // linear regression, and weak features, which see p of d coordinates
  const { model, n, d, ridge, noise, signal } = setting;
  const share = (p) => (model === "weak-features" ? p / d : 1);
  const problem = (p) => ({ lam: Float64Array.of(1), mult: Float64Array.of(p), power: Float64Array.of(signal * share(p)),
    tail: 0, tailPower: signal * (1 - share(p)), noise });
  const predict = (p) => {
    const seen = signal * share(p), omitted = signal * (1 - share(p));
    if (ridge === 0) {
      const spread = (noise + omitted) * inverseWishartSpread(n, p);
      return { ...leastSquares(n, p, seen, noise, omitted), ...TRUST, distance: Math.abs(n - p), exact: true, spread };
    }
    const told = risk(problem(p), n, Infinity, ridge);
    return { ...told, ...TRUST, distance: n - told.df2 };
  };
  predict.best = (p) => { // the best of the formulas that are drawn: without a ridge the exact one
    const ridge = bestRidge(problem(p), n, Infinity);
    return ridge === 0 ? predict(p).test : risk(problem(p), n, Infinity, ridge).test;
  };
  return predict;
}

// theory.exact.least_squares
function leastSquares(n, p, signal, noise, omitted) {
  const few = Math.min(n, p), many = Math.max(n, p), room = many - 1 - few;
  const times = (a, b) => (a === 0 ? 0 : a * b), spread = room > 0 ? few / room : Infinity;
  const missed = Math.max(p - n, 0) / many, seen = n / many;
  const bias = signal * missed ** 2 + omitted;
  const samples = signal * seen * missed + times(omitted, spread), noiseSamples = times(noise, spread);
  const variance = samples + noiseSamples;
  return { test: noise + bias + variance, train: (noise + omitted) * (Math.max(n - p, 0) / n), bias, variance,
    norm: signal * seen + times(noise + omitted, spread), df: few, var_samples: samples, var_features: 0,
    var_samples_features: 0, var_noise_samples: noiseSamples, var_noise_samples_features: 0 };
}

function inverseWishartSpread(n, p) { // standard deviation of tr (X'X)^+
  const k = Math.min(n, p), N = Math.max(n, p), m = Math.max(N - k, 4);
  return Math.sqrt(2 * k * (N - 1) / (m * (m - 1) ** 2 * (m - 3)));
}

function ofFourier({ n, d, ridge, signal }) { // the parts of the error have no known formula
  return (p) => {
    if (ridge === 0) return { test: signal * haar(n, p, d), ...TRUST, distance: Math.abs(n - p) };
    const core = { lam: Float64Array.of(1), mult: Float64Array.of(p), power: Float64Array.of(1), tail: 0, tailPower: 0, noise: 0 };
    return { test: signal * jacobi(n / d, p / d, ridge), ...TRUST, distance: n - risk(core, n, Infinity, ridge).df2 };
  };
}

function haar(n, p, d) { // theory.papers.belkin2020.haar
  const k = Math.min(n, p), q = Math.max(n, p);
  return k === d ? 0 : (d - k) / d + ratio(k / d * (d - q), q - k);
}

function jacobi(rhoN, rhoP, ridge) { // theory.papers.belkin2020.fourier with a ridge, as a sum of positive terms
  const omitted = (1 - rhoN) + (1 - rhoP), apart = Math.abs(rhoN - rhoP);
  const m = rhoN * (1 - rhoP) + rhoP * (1 - rhoN), c = rhoN * ridge;
  const R = Math.hypot(Math.sqrt(c) * Math.sqrt(c + 2 * m), apart), shrink = 1 / (1 + c);
  const pole = rhoN < 1 && rhoP < 1 ? 4 * rhoN * (1 - rhoN) * rhoP * (1 - rhoP) / ((c + m + R) * R) : 0;
  const rise = (2 * m * c + apart ** 2) / (c + R); // R - c
  return c * shrink * (R * shrink) + (rise * shrink ** 2 + (1 + 2 * c) * shrink * (omitted * shrink) + pole * shrink) / 2;
}

// relative error granted to the theory beyond the standard error
function allowance(n, { exact, kernel, delta, distance, features }) {
  if (exact) return 0;
  const granted = CONSTANTS.allowance, samples = n * delta ** 2;
  if (kernel > samples) return Infinity;
  return Math.max(granted.n, granted.kernel * kernel) / samples + granted.distance / distance + granted.features * features;
}

const heavyTailed = (n, { distance }) => distance <= edge(n) * (1 + 1e-9);

// sizes at which a curve is measured, denser towards n: sims/experiments/grids.py
function choosePoints(n, most, count) {
  const place = (p) => Math.asinh(Math.log(p / n) / Math.log1p(edge(n) / n));
  const ends = n <= most ? [most, 1, n] : [most, 1];
  const points = [...new Set(ends.slice(0, count))].sort((a, b) => a - b);
  while (points.length < Math.min(count, most)) {
    let widest = null;
    for (let i = 0; i + 1 < points.length; i++) {
      const a = points[i], b = points[i + 1], width = place(b) - place(a);
      if (b - a > 1 && (!widest || width >= widest.width)) widest = { width, a, b };
    }
    const { a, b } = widest, middle = (place(a) + place(b)) / 2;
    let nearest = a + 1;
    for (let p = a + 2; p < b; p++) if (Math.abs(place(p) - middle) < Math.abs(place(nearest) - middle)) nearest = p;
    points.push(nearest);
    points.sort((x, y) => x - y);
  }
  return points;
}
