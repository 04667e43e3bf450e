// Spectra of activations on the sphere: theory/sphere.py (quadrature, Gegenbauer coefficients, kurtosis).

const ACTIVATIONS = {
  relu: (t) => Math.max(t, 0),
  tanh: Math.tanh,
  erf,
  gelu: (t) => t * normalCdf(t),
  sigmoid: (t) => 1 / (1 + Math.exp(-t)),
  abs: Math.abs,
  sign: Math.sign,
};
const PANELS = [-1, -0.5, -0.25, -0.125, 0, 0.125, 0.25, 0.5, 1];
const ROUNDING_OF_DEGREE = 1e-14;

function gaussLegendre(m) {
  const x = new Float64Array(m), w = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let t = Math.cos(Math.PI * (i + 0.75) / (m + 0.5)), slope = 1;
    for (let k = 0; k < 100; k++) {
      let before = 1, now = t;
      for (let j = 2; j <= m; j++) [before, now] = [now, ((2 * j - 1) * t * now - (j - 1) * before) / j];
      slope = m * (t * now - before) / (t * t - 1);
      const step = now / slope;
      t -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    x[i] = -t;
    w[i] = 2 / ((1 - t * t) * slope * slope);
  }
  return [x, w];
}

function harmonics(k, d) { // N(d, k)
  if (k === 0) return 1;
  if (d === 2) return 2;
  let binomial = 1; // of k + d - 3 over d - 2
  for (let j = 1; j <= d - 2; j++) binomial = binomial * (k - 1 + j) / j;
  return Math.round((2 * k + d - 2) * binomial / k);
}

// nodes t and probability weights of the cosine
function quadrature(d, degree) {
  const [x, w] = gaussLegendre(64 + (degree >> 1)), half = Math.PI / 2;
  const bulk = Math.min(half, 13 / Math.sqrt(d));
  const edges = [...new Set([-half, ...PANELS.map((e) => e * bulk), half])].sort((a, b) => a - b);
  const t = [], weight = [];
  for (let e = 0; e + 1 < edges.length; e++) {
    const h = (edges[e + 1] - edges[e]) / 2;
    for (let i = 0; i < x.length; i++) {
      const sine = Math.sin(edges[e] + h + h * x[i]);
      t.push(sine);
      weight.push(h * w[i] * Math.exp((d - 2) / 2 * Math.log1p(-sine * sine)));
    }
  }
  const sum = weight.reduce((a, b) => a + b, 0);
  return [t, weight.map((v) => v / sum)];
}

function legendreTable(degree, d, t) {
  const table = [t.map(() => 1), t.slice()];
  for (let k = 1; k < degree; k++)
    table.push(t.map((v, i) => ((2 * k + d - 2) * v * table[k][i] - k * table[k - 1][i]) / (k + d - 2)));
  return table.slice(0, degree + 1);
}

function resolvedDegree(d) {
  let degree = 0;
  while (degree < 512 && harmonics(degree + 1, d) <= 1e10) degree++;
  return degree;
}

const meanSquare = (weight, f) => f.reduce((sum, v, i) => sum + weight[i] * v * v, 0);

// Problem.from_activation_on_sphere(activation, d, [0, signal], noise), with what kurtosis() needs
function activationProblem(activation, d, signal, noise) {
  const degree = resolvedDegree(d), [t, weight] = quadrature(d, degree), table = legendreTable(degree, d, t);
  const values = t.map((v) => ACTIVATIONS[activation](Math.sqrt(d) * v)), square = meanSquare(weight, values);
  const N = table.map((_, k) => harmonics(k, d));
  const xi = table.map((row, k) => {
    const raw = row.reduce((sum, v, i) => sum + v * weight[i] * values[i], 0);
    return Math.abs(raw) * Math.sqrt(N[k]) <= (k + 1) * ROUNDING_OF_DEGREE * Math.sqrt(square) ? 0 : raw;
  });
  const left = values.map((v, i) => v - xi.reduce((sum, c, k) => sum + c * N[k] * table[k][i], 0));
  let tail = meanSquare(weight, left);
  if (tail <= ((degree + 1) * ROUNDING_OF_DEGREE) ** 2 * square) tail = 0;
  const kept = xi.map((_, k) => k).filter((k) => xi[k] !== 0);
  return {
    lam: Float64Array.from(kept, (k) => xi[k] ** 2),
    mult: Float64Array.from(kept, (k) => N[k]),
    power: Float64Array.from(kept, (k) => (k === 1 ? signal : 0)),
    tail, tailPower: xi[1] === 0 ? signal : 0, noise, sphere: { weight, table, N, xi, left },
  };
}

// theory.sphere.kurtosis of the features and of their kernel, levels below kappa shrunk
function kurtosis({ sphere: { weight, table, N, xi, left }, tail }, kappa) {
  const fourth = (f) => {
    const second = meanSquare(weight, f);
    return second > 0 ? meanSquare(weight, f.map((v) => v * v)) / second ** 2 : 1;
  };
  const gain = xi.map((c) => (c !== 0 ? c / Math.sqrt(c * c + kappa) : 0));
  const share = kappa > 0 && tail > 0 ? 1 / Math.sqrt(kappa) : 0;
  const at = (g, i) => g.reduce((sum, v, k) => sum + v * N[k] * table[k][i], 0);
  return {
    features: fourth(left.map((v, i) => at(gain, i) + share * v)),
    kernel: fourth(left.map((_, i) => at(gain.map((v) => v * v), i))),
  };
}
