// One random design, followed by gradient flow to every time exactly, in the mean over label noise and target:
// sims/experiments/early_stopping.py. What the design does not see stays as it is.

function trial(setting, points, rng) {
  const { fast, slow, variances } = halvesOf(setting), p = fast + slow;
  const X = gaussianRows(rng, setting.n, p).map((row) => row.map((v, j) => v * Math.sqrt(variances[j])));
  return flowErrors(setting, points, X);
}

// A = e^-tC, C = X'X/n: noise + tr(Sigma A B A) + noise/n tr(Sigma C^+ (I - A)^2), B the covariance of the target
function flowErrors(setting, points, X) {
  const { n, noise } = setting, { variances, target } = halvesOf(setting), p = variances.length;
  const { values, directions } = directionsOf(X, n, p), k = values.length;
  const inProduct = (weights, a, b) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += weights[j] * a[j] * b[j];
    return sum;
  };
  const seen = directions.map((a) => directions.map((b) => inProduct(variances, a, b)));
  const wanted = directions.map((a) => directions.map((b) => inProduct(target, a, b)));
  const both = variances.map((v, j) => v * target[j]), crossed = directions.map((a) => inProduct(both, a, a));
  return points.map((time) => {
    const learnt = values.map((v) => -Math.expm1(-time * v));
    let error = sumOf(Array.from(both)), cost = 0;
    for (let i = 0; i < k; i++) {
      error -= 2 * learnt[i] * crossed[i];
      for (let j = 0; j < k; j++) error += learnt[i] * learnt[j] * seen[i][j] * wanted[i][j];
      cost += seen[i][i] * learnt[i] ** 2 / values[i];
    }
    return noise + error + noise / n * cost;
  });
}

// the directions that a design sees, from the smaller of X'X and XX'; what rounding leaves of others is nothing
function directionsOf(X, n, p) {
  const few = p <= n, { values, vectors } = symmetricModes(few ? gram(X, p) : outerGram(X));
  const largest = Math.max(...values), kept = [...values.keys()].filter((i) => values[i] > 1e-13 * largest);
  return { values: Float64Array.from(kept, (i) => values[i] / n),
    directions: kept.map((i) => (few ? vectors[i] : product([vectors[i]], X)[0].map((v) => v / Math.sqrt(values[i])))) };
}

function outerGram(X) {
  const K = matrix(X.length, X.length);
  addInner(K, X, X, 0, X[0].length);
  return K;
}

function halvesOf({ p, slow, share }) { // variances of the coordinates, and of the target's coefficients
  const lower = Math.floor(p / 2), upper = p - lower;
  const variances = Float64Array.from({ length: p }, (_, j) => (j < upper ? 1 : slow));
  const target = variances.map((v, j) => (j < upper ? (1 - share) / upper : share / lower) / v);
  return { fast: upper, slow: lower, variances, target };
}
