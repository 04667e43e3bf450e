// Averages of gradient flow on least squares at one time, by contour integrals of e^-tz around the spectrum:
// theory/engines/flow.py, the same contour and the same steps. lam, m and power are the positive levels.

function flowRisk({ lam, m, power, noise }, n, time) {
  const flow = flowAverages(lam, m, power, n, time), fromNoise = noise * flow.gain;
  return { test: noise + flow.kept + flow.spread + fromNoise,
    train: Math.exp(-2 * flow.decay) * (flow.trainSignal + noise * flow.trainNoise),
    bias: flow.kept, variance: flow.spread + fromNoise, norm: flow.normSignal + noise * flow.normNoise,
    var_samples: flow.spread, var_noise_samples: fromNoise };
}

function flowAverages(lam, m, power, n, time) {
  const w = m.map((v) => v / n), rank = sumOf(m), surplus = Math.abs(n - rank) <= SAME * rank ? 0 : (n - rank) / n;
  const origin = surplus < 0 ? kappaWhere(lam, w, surplus, 1) : 0; // kappa at z = 0
  const slope = surplus < 0 ? origin * sumOf(w.map((v, l) => v * lam[l] / (lam[l] + origin) ** 2)) : surplus;
  const top = (Math.sqrt(Math.max(...lam)) + Math.sqrt(sumOf(w.map((v, l) => v * lam[l])))) ** 2;
  const path = contour(time, top, lam, w, origin, slope);
  const learnt = lam.map(() => 0);
  let gain = 0, normSignal = 0, normNoise = 0, trainSignal = 0, trainNoise = 0;
  for (const node of path.nodes) {
    const { exponent, measure, inverse, ratio } = node, left = times(measure, exponential(exponent));
    const left2 = times(left, exponential(exponent)), shape = weighted(power, inverse);
    // 1 - e^-tz and its square, without the constants where the contour is cut
    node.once = path.closed ? times(exponentialMinusOne(exponent), measure) : left;
    const twice = path.closed ? times(node.once, exponentialMinusOne(exponent)) : added(left2, scaled(left, -2));
    lam.forEach((value, l) => { learnt[l] += 2 * value * times(node.once, inverse[l])[0]; });
    gain -= 2 * quotient(times(twice, node.lost), ratio)[0];
    normSignal -= 2 * times(twice, shape)[0];
    // the part of 1/kappa that is no pole at z = 0
    normNoise -= 2 * (surplus < 0 ? quotient(twice, node.kappa) : quotient(times(twice, node.bend), ratio))[0];
    trainSignal += 2 * times(times(left2, node.y), shape)[0];
    trainNoise += 2 * times(left2, ratio)[0];
  }
  const kept = sumOf(power.map((v, l) => v * (1 - learnt[l]) ** 2));
  const flow = { kept, spread: Math.max(doubleIntegral(path.nodes, lam, w, power), 0), gain: Math.max(gain, 0),
    trainSignal: Math.max(trainSignal, 0), trainNoise, decay: 0, normSignal: Math.max(normSignal, 0), normNoise: Math.max(normNoise, 0) };
  return surplus > 0 ? flow : { ...flow, ...beyondThreshold(lam, w, power, surplus, origin, top, time) };
}

const sumOf = (values) => values.reduce((a, b) => a + b, 0);
const weighted = (weights, terms) => terms.reduce((sum, term, l) => added(sum, scaled(term, weights[l])), [0, 0]);

// training error for n <= rank, by a contour around [edge, top], the spectrum of XX'/n, alone
function beyondThreshold(lam, w, power, surplus, origin, top, time) {
  const summit = surplus < 0 ? kappaWhere(lam, w, surplus, 2) : 0; // kappa at the edge, where dz/dkappa = 0
  const edge = (origin - summit) ** 2 * sumOf(w.map((v, l) => v * (lam[l] / (lam[l] + summit)) ** 2 / (lam[l] + origin)));
  const path = contour(time, top - edge, lam, w, summit, 0), first = summit + path.start;
  let trainSignal = 0, trainNoise = 0;
  for (const { y, exponent, measure, x, kappa, inverse } of path.nodes) {
    // constants integrate to 0: kappa is measured from where the exponential is largest
    const left2 = times(times(scaled(times(measure, y), -1), exponential(scaled(exponent, 2))), added(x, [-path.start, 0]));
    trainSignal += 2 * times(left2, weighted(power.map((v, l) => v / (lam[l] + first)), inverse))[0];
    trainNoise += 2 * quotient(left2, scaled(kappa, first))[0];
  }
  return { trainSignal: Math.max(trainSignal, 0), trainNoise, decay: time * edge };
}

// Nodes on the lower half of the ellipse confocal to the segment, its left end at distance 2/t or span/8, by the
// trapezoid rule; with b = base and x = kappa - b, y = z0 - z = x (slope + x bend)
function contour(time, span, lam, w, base, slope) {
  const mu = 2 * Math.asinh(Math.sqrt(Math.min(2 / time / span, 1 / 8)));
  const sine = Math.sqrt(Math.min(40 / Math.cosh(mu) / span / time, 1)); // beyond it e^-tz < e^-40
  const half = Math.ceil(22 / mu), step = Math.PI / half, count = Math.min(Math.ceil(2 * Math.asin(sine) / step), half);
  const shifted = lam.map((v) => v + base), weight = w.map((v, l) => v * (lam[l] / shifted[l]) ** 2);
  const start = realRoot(span * Math.sinh(mu / 2) ** 2, slope, weight, shifted);
  const nodes = [];
  let x = [start, 0], ahead = [0, 0];
  for (let j = 0; j < count; j++) {
    const a = mu / 2, b = (j + 0.5) * step / 2;
    const sinh = [Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)];
    const cosh = [Math.cosh(a) * Math.cos(b), Math.sinh(a) * Math.sin(b)];
    const y = scaled(times(sinh, sinh), span), found = rootAt(y, added(x, ahead), slope, weight, shifted);
    x = found.x;
    ahead = quotient(times([0, step * span], times(sinh, cosh)), found.steepness);
    const inverse = shifted.map((v) => reciprocal(added([v, 0], x))), bend = weighted(weight, inverse);
    nodes.push({ y, exponent: scaled(y, time), measure: scaled(quotient(cosh, sinh), step / (2 * Math.PI)), x,
      kappa: added([base, 0], x), inverse, bend, ratio: added([slope, 0], times(x, bend)),
      lost: weighted(weight.map((v, l) => v * shifted[l]), inverse) });
  }
  return { nodes, start, closed: count === half };
}

// the root x of x (slope + x bend(x)) = y, by Newton's method from a guess nearby
function rootAt(y, guess, slope, weight, shifted) {
  let x = guess;
  for (let k = 0; k < 50; k++) {
    const inverse = shifted.map((v) => reciprocal(added([v, 0], x))), bend = weighted(weight, inverse);
    const squares = weighted(weight, inverse.map((v) => times(v, v)));
    const steepness = added(added([slope, 0], scaled(times(x, bend), 2)), scaled(times(times(x, x), squares), -1));
    const change = quotient(added(times(x, added([slope, 0], times(x, bend))), scaled(y, -1)), steepness);
    x = added(x, scaled(change, -1));
    if (Math.hypot(...change) <= 1e-9 * Math.hypot(...x)) return { x, steepness };
  }
  return { x: [NaN, NaN], steepness: [NaN, NaN] };
}

function realRoot(y, slope, weight, shifted) { // x > 0, good enough to start from: each step halves the error of log x
  let logX = Math.log(y);
  for (let k = 0; k < 40; k++) {
    const x = Math.exp(logX), bend = sumOf(weight.map((v, l) => v / (shifted[l] + x)));
    logX -= (logX + Math.log(slope + x * bend) - Math.log(y)) / 2;
  }
  return Math.exp(logX);
}

// kappa > 0 with sum w (lam/(lam + kappa))^order = 1, for sum w = 1 - surplus > 1, by Newton's method from the left
function kappaWhere(lam, w, surplus, order) {
  let x = Math.min(...lam) * Math.expm1(Math.log1p(-surplus) / order);
  for (let k = 0; k < 200; k++) {
    const large = lam.map((v) => v > x);
    const lacking = (l) => x / (lam[l] + x) * (order === 1 ? 1 : 1 + lam[l] / (lam[l] + x));
    const whole = large.every(Boolean) ? -surplus : sumOf(w.filter((_, l) => large[l])) - 1;
    const rest = sumOf(w.map((v, l) => (large[l] ? -v * lacking(l) : v * (lam[l] / (lam[l] + x)) ** order)));
    const excess = Math.max(whole + rest, 0);
    const steep = sumOf(w.map((v, l) => v * (lam[l] / (lam[l] + x)) ** order / (lam[l] + x)));
    const change = -Math.expm1(-Math.log1p(excess) / order) / (steep * Math.exp(-Math.log1p(excess) * (1 + 1 / order)));
    x += change;
    if (change <= 1e-9 * x) return x;
  }
  return NaN;
}

// the double integral of k1 k2 P Q/(1 - Q): sums over levels of terms over (lam + k1)(lam + k2), P with the power,
// Q with w lam^2, S with w lam; 1 - Q = -z1/k1 + k2 S without cancellation. The second contour is both halves.
function doubleIntegral(nodes, lam, w, power) {
  const outer = nodes.map(({ once, kappa }) => times(once, kappa)), conjugate = ([x, y]) => [x, -y];
  let total = 0;
  nodes.forEach((one, i) => {
    const pole = quotient(one.y, one.kappa);
    nodes.forEach((node, j) => {
      for (const turned of [false, true]) {
        const other = turned ? conjugate(outer[j]) : outer[j], kappa = turned ? conjugate(node.kappa) : node.kappa;
        const terms = one.inverse.map((v, l) => times(v, turned ? conjugate(node.inverse[l]) : node.inverse[l]));
        const S = weighted(w.map((v, l) => v * lam[l]), terms), Q = weighted(w.map((v, l) => v * lam[l] ** 2), terms);
        const share = quotient(times(weighted(power, terms), Q), added(pole, times(kappa, S)));
        total += 2 * times(times(outer[i], share), other)[0];
      }
    });
  });
  return total;
}
