// Random numbers: sfc32, seeded by splitmix32. Other bits than NumPy's, the same laws.

function generator(seed, trial) {
  let h = Math.imul(seed >>> 0, 0x85ebca6b) ^ Math.imul((trial >>> 0) + 1, 0xc2b2ae35);
  const mix = () => {
    h = (h + 0x9e3779b9) | 0;
    let t = h ^ (h >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  let a = mix(), b = mix(), c = mix(), count = mix(), spare = NaN;
  const bits = () => {
    const t = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 16; i++) bits();
  const uniform = () => ((bits() >>> 5) * 67108864 + (bits() >>> 6) + 0.5) / 9007199254740992;
  const normal = () => { // Box and Muller
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = NaN;
      return kept;
    }
    const r = Math.sqrt(-2 * Math.log(uniform())), angle = 2 * Math.PI * uniform();
    spare = r * Math.sin(angle);
    return r * Math.cos(angle);
  };
  return { uniform, normal };
}

const gaussianRows = (rng, count, d) =>
  Array.from({ length: count }, () => Float64Array.from({ length: d }, rng.normal));

const sphereRows = (rng, count, d) => gaussianRows(rng, count, d).map((row) => {
  const scale = Math.sqrt(d / row.reduce((sum, v) => sum + v * v, 0));
  return row.map((v) => v * scale);
});

function permutation(rng, d) {
  const order = Array.from({ length: d }, (_, i) => i);
  for (let i = d - 1; i > 0; i--) {
    const j = Math.floor(rng.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
