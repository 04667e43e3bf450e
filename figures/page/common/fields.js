// The fields of Risk at the root of the equation: theory/engines/equation.py.
// problem = {lam, mult, power: Float64Array of the positive levels, tail, tailPower, noise}

const FIELDS = CONSTANTS.fields;
const ratio = (a, b) => (a === 0 ? 0 : b === 0 ? Infinity : a / b);

// theory.random_features at one point; p = Infinity is theory.ridge
function risk(problem, n, p, ridge) {
  const { lam, mult, power, tail, tailPower, noise } = problem;
  if (ridge === Infinity) {
    const total = power.reduce((sum, v) => sum + v, 0) + tailPower, nothing = {};
    for (const name of FIELDS) nothing[name] = 0;
    return { ...nothing, test: noise + total, train: noise + total, bias: total, kappa: Infinity, gamma_eff: Infinity };
  }
  let levels = 0, trace = 0;
  const weight = mult.map((m, i) => m * lam[i]);
  for (let i = 0; i < lam.length; i++) { levels += mult[i]; trace += weight[i]; }
  const rank = tail > 0 ? Infinity : levels;
  trace += tail;
  const base = threshold(Math.min(n, p), rank, lam, mult, tail);
  const tilted = weight.map((v, i) => v / (lam[i] + base));
  const u = distance(n, p, ridge, base, rank, trace, { lam, weight, tilted, tail });
  return outputs(n, p, ridge, problem, atRoot(n, p, base, u, levels, problem));
}

// the sums at the root, with the tail; differences of sizes as sums of positive terms
function atRoot(n, p, base, u, levels, { lam, mult, power, tail, tailPower }) {
  const g = base + u;
  let z = 0, q = 0, wOverG = 0, s = 0, left = 0, cOverG = 0;
  for (let i = 0; i < lam.length; i++) {
    const inverse = 1 / (lam[i] + g), share = lam[i] * inverse, lost = g * inverse;
    z += mult[i] * share;
    q += mult[i] * share * share;
    wOverG += mult[i] * share * inverse;
    s += mult[i] * share / (lam[i] + base);
    left += power[i] * lost * lost;
    cOverG += power[i] * share * inverse;
  }
  if (tail > 0 && g > 0) {
    z += tail / g;
    wOverG += perProduct(tail, g, g);
    s += base > 0 ? perProduct(tail, base, g) : 0;
  } else if (tail > 0) z = Infinity;
  const r = base > 0 ? Math.min(n, p) : levels;
  return { g, z, q, wOverG, cOverG, bias: left + tailPower, nz: gap(n, r) + u * s, pz: gap(p, r) + u * s };
}

function outputs(n, p, ridge, { noise }, root) {
  const parts = variances(n, p, noise, root);
  const variance = parts.var_samples + parts.var_features + parts.var_samples_features
    + parts.var_noise_samples + parts.var_noise_samples_features;
  const test = noise + root.bias + variance, share = n === Infinity ? 1 : root.nz / n;
  const kappa = p === Infinity ? root.g : n === Infinity ? ridge : root.g * (root.pz / p);
  return {
    test, train: share !== 0 ? share * share * test : 0, bias: root.bias, variance,
    norm: norm(n, p, root.bias + noise, root), df: root.z, df2: root.q, kappa,
    gamma_eff: Math.max(root.g, kappa), ...parts,
  };
}

function variances(n, p, noise, { g, z, q, wOverG, cOverG, bias, nz, pz }) {
  const w = g * wOverG, c = g * cOverG, nq = nz + w, pq = pz + w, sampled = n !== Infinity;
  const samples = sampled ? ratio(bias * q, nq) : 0, noiseSamples = sampled ? ratio(noise * q, nq) : 0;
  const features = p === Infinity ? 0 : ratio(c * w, pq);
  let both = 0, noiseBoth = 0;
  if (p !== Infinity && sampled) {
    if (g > 0) {
      const d = nz * pz + w * (nz + pz);
      both = ratio(n * bias * w * w, d * nq) + ratio(w * c * (q * pz + w * z), d * pq);
      noiseBoth = ratio(noise * n * w * w, d * nq);
    } else if (nz === 0 && pz > 0) { // ridge 0 and rank <= min(n, p): the limits ridge -> 0
      both = n * bias / (4 * pz);
      noiseBoth = n * noise / (4 * pz);
    } else if (nz === 0 && pz === 0) {
      both = (wOverG > 0 ? n * cOverG / (3 * wOverG) : 0) + (bias > 0 ? Infinity : 0);
      noiseBoth = noise > 0 ? Infinity : 0;
    }
  }
  return { var_samples: samples, var_features: features, var_samples_features: both,
    var_noise_samples: noiseSamples, var_noise_samples_features: noiseBoth };
}

// E |a|^2, where error is bias + noise
function norm(n, p, error, { g, wOverG, cOverG, nz, pz }) {
  const w = g * wOverG;
  if (p === Infinity) return cOverG + (n !== Infinity ? ratio(wOverG * error, nz + w) : 0);
  if (n === Infinity) return ratio(p * cOverG, pz + w);
  if (g > 0) return ratio(p * (wOverG * error + (nz + w) * cOverG), nz * pz + w * (nz + pz));
  if (nz === 0 && pz > 0) return error > 0 ? Infinity : p * cOverG / pz;
  if (nz === 0 && pz === 0) return error + cOverG > 0 ? Infinity : 0;
  return ratio(p * (wOverG * error + nz * cOverG), nz * pz);
}
