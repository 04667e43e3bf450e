// One random design, measured at every p exactly given the design, as the trials of sims.double_descent:
// the first p columns of one draw, averaged in closed form over label noise and target.

function trial(setting, points, rng) {
  const { model, n, d } = setting, most = points[points.length - 1];
  if (model === "random-features") {
    const held = Math.max(200, 2 * n);
    const X = sphereRows(rng, n, d), fresh = sphereRows(rng, held, d), W = sphereRows(rng, most, d);
    return randomFeaturesRisks(setting, points, X, fresh, W);
  }
  if (model === "fourier")
    return fourierRisks(setting, points, permutation(rng, d).slice(0, n), permutation(rng, d).slice(0, most));
  return gaussianRisks(setting, points, gaussianRows(rng, n, most)); // of independent columns any p will do
}

function randomFeaturesRisks({ n, d, ridge, noise, signal, activation }, points, X, fresh, W) {
  const s = ACTIVATIONS[activation], most = points[points.length - 1], scale = Math.sqrt(d);
  const features = (rows) => rows.map((x) => Float64Array.from(W, (w) => s(inner(x, w, 0, d) / scale)));
  const H = features(X), F = features(fresh), K = matrix(n, n), C = matrix(F.length, n);
  const G = gram(H, Math.min(n - 1, most)), columns = transposed(H, Math.min(n - 1, most));
  let from = 0;
  return points.map((p) => {
    addInner(K, H, H, from, p);
    addInner(C, F, H, from, p);
    from = p;
    const few = p < n, M = inverse(few ? G : K, few ? p : n, n * p * ridge); // features are h/sqrt(p)
    if (!M) return Infinity;
    const A = few ? product(F.map((f) => f.subarray(0, p)), product(M, columns.slice(0, p))) : product(C, M);
    const predicted = product(A, X); // A takes labels to predictions on fresh points
    let lost = 0;
    for (let i = 0; i < F.length; i++) for (let j = 0; j < d; j++) lost += (fresh[i][j] - predicted[i][j]) ** 2;
    return noise + (signal / d * lost + noise * sumOfSquares(A)) / F.length;
  });
}

function gaussianRisks({ model, n, d, ridge, noise, signal }, points, X) {
  const K = matrix(n, n), G = gram(X, Math.min(n - 1, points[points.length - 1]));
  let from = 0;
  return points.map((p) => {
    const share = model === "weak-features" ? p / d : 1, power = signal * share, error = noise + signal * (1 - share);
    const k = Math.min(n, p), penalty = n * ridge;
    addInner(K, X, X, from, p);
    from = p;
    const M = inverse(p < n ? G : K, k, penalty);
    if (!M) return Infinity;
    const first = trace(M), second = penalty > 0 ? penalty * sumOfSquares(M) : 0;
    return error + power * (p - k) / p + power / p * penalty * second + error * (first - second);
  });
}

// the squared singular values of the block enter by tr (G + c)^-1 and tr (G + c)^-2, G of the shorter side; G is
// complex, and stands as a real matrix of twice the size
function fourierRisks({ n, d, ridge, signal }, points, rows, columns) {
  const c = n * ridge / d;
  return points.map((p) => {
    const few = p < n, short = few ? columns.slice(0, p) : rows, long = few ? rows : columns.slice(0, p);
    const k = short.length, M = inverse(realGram(short, long, d), 2 * k, c);
    if (!M) return Infinity;
    const first = trace(M) / 2, second = c > 0 ? sumOfSquares(M) / 2 : 0;
    return signal * (d - 2 * k + (1 + 2 * c) * first - c * second) / d; // sum (c^2 + s - s^2)/(s + c)^2
  });
}

function realGram(short, long, d) { // sum over long of exp(-2 pi i (a - b) l/d)/d, as [[Re, -Im], [Im, Re]]
  const k = short.length, real = new Float64Array(d), imaginary = new Float64Array(d), G = matrix(2 * k, 2 * k);
  const cosines = Float64Array.from({ length: d }, (_, m) => Math.cos(2 * Math.PI * m / d) / d);
  const sines = Float64Array.from({ length: d }, (_, m) => -Math.sin(2 * Math.PI * m / d) / d);
  for (let m = 0; m < d; m++)
    for (const l of long) {
      real[m] += cosines[m * l % d];
      imaginary[m] += sines[m * l % d];
    }
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      const m = (short[i] - short[j] + d) % d;
      G[i][j] = G[k + i][k + j] = real[m];
      G[k + i][j] = imaginary[m];
      G[i][k + j] = -imaginary[m];
    }
  return G;
}
