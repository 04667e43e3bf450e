// Does the measured mean equal theory? sims/verdict: the skewness-corrected t of `means` at each point and for the
// points pooled, Holm's step-down, and the two resolutions. The same steps in the same order.

const { useful: USEFUL, rounding: ROUNDING, fewest: FEWEST, fewest_known: FEWEST_KNOWN, varied: VARIED } = CONSTANTS.verdict;
const finite = Number.isFinite;

// ---- what a sample shows: sims/verdict/means.py; one entry for each point

function shown(values, spreads, caution) { // values[trial][point], spread NaN where theory knows none
  const trials = values.length;
  return spreads.map((spread, i) => {
    const column = values.map((row) => row[i]), mean = column.reduce((a, b) => a + b, 0) / trials;
    const known = !Number.isNaN(spread);
    if (!finite(mean)) return { mean, se: 0, trials, skewness: 0, known, caution };
    const variance = column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(trials - 1, 1);
    const own = trials > 1 ? Math.sqrt(variance) / Math.sqrt(trials) : 0;
    const mute = known ? spread > 0 && trials < FEWEST_KNOWN : isSilent(column);
    const se = mute ? Infinity : known ? Math.max(own, spread / Math.sqrt(trials)) : own;
    return { mean, se, trials, skewness: skewness(column, mean), known, caution };
  });
}

function isSilent(column) { // a sample that does not show its law
  if (column.length < FEWEST) return true;
  const sorted = column.slice().sort((a, b) => a - b);
  const size = Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
  if (sorted[sorted.length - 1] - sorted[0] <= ROUNDING * size) return true;
  let most = 1, run = 1;
  for (let i = 1; i < sorted.length; i++) {
    run = sorted[i] === sorted[i - 1] ? run + 1 : 1;
    most = Math.max(most, run);
  }
  return most > 1 && sorted.length - most < VARIED;
}

function skewness(column, mean) {
  const centred = column.map((v) => v - mean), scale = Math.max(...centred.map(Math.abs)) || 1;
  let second = 0, third = 0;
  for (const v of centred) {
    const x = v / scale;
    second += x * x;
    third += x * x * x;
  }
  second /= column.length;
  return third / column.length / (second > 0 ? second : 1) ** 1.5;
}

// kappa of a theory below the mean, where a lower tail may have been missed, or above it
function doubt({ skewness, known, trials, caution }, above) {
  const towards = Math.max(above ? skewness : -skewness, 0);
  return known ? 0 : (caution.times * towards + caution.errors * Math.sqrt(6 / trials)) / Math.sqrt(trials);
}

function chance(m, value) { // of a mean at least so far from value, on its side
  const score = m.mean === value ? 0 : Math.abs(m.mean - value) / m.se, kappa = doubt(m, value > m.mean);
  const beyond = Math.max(score - kappa / 6, 0);
  const student = beyond === Infinity ? Infinity : 2 * beyond / (1 + Math.sqrt(1 + 4 * (kappa / 3) * beyond));
  return m.known ? normalCdf(-student) : studentTail(Math.max(m.trials - 1, 1), student);
}

function criticals(trials, level) {
  return { student: studentCritical(Math.max(trials - 1, 1), level), normal: -normalQuantile(level) };
}

function reach(m, critical) { // how far below and above the mean a value is just not rejected
  const t = m.known ? critical.normal : critical.student;
  return [false, true].map((above) => (t + doubt(m, above) * (2 * t ** 2 + 1) / 6) * m.se);
}

const after = (m, trials) => ({ ...m, trials, se: m.se * Math.sqrt(m.trials / trials) });

// ---- means beside their theory: sims/verdict/comparison.py

function slacks(theory, allowances) {
  const sizes = theory.map((v) => (finite(v) ? Math.abs(v) : 0)), largest = Math.max(0, ...sizes);
  return sizes.map((size, i) => (size > 0 ? (allowances[i] + ROUNDING) * size : 0) + 1e-3 * ROUNDING * largest);
}

function compared(means, theory, allowances) {
  const slack = slacks(theory, allowances);
  return means.map((m, i) => ({ m, theory: theory[i], allowance: allowances[i], slack: slack[i],
    finite: finite(theory[i]) && finite(m.mean) }));
}

function pValue({ m, theory, slack, finite }) {
  if (!finite) return m.mean === theory ? 1 : 0;
  return Math.min(2 * chance(m, Math.min(Math.max(m.mean, theory - slack), theory + slack)), 1);
}

// errors e such that theory (1 + e) and theory (1 - e) would be rejected
function detectable({ m, theory, allowance }, critical) {
  const granted = allowance + ROUNDING, size = Math.abs(theory), [below, above] = reach(m, critical);
  const [low, high] = theory < 0 ? [above, below] : [below, above];
  const more = 1 + 0.5 * (1 + Math.abs(m.skewness)) / Math.sqrt(Math.max(m.trials - 1, 1));
  const quotient = Math.sign(theory) * m.mean / size;
  const highest = Math.max(quotient + high / size, 1 + (more * high + m.se) / size);
  const lowest = Math.min(quotient - low / size, 1 - (more * low + m.se) / size);
  const usable = finite(size) && size > 0 && finite(m.mean) && finite(m.se);
  const errors = [granted < 1 ? highest / (1 - granted) - 1 : Infinity, 1 - lowest / (1 + granted)];
  return errors.map((e) => (usable && finite(e) ? Math.max(e, 0) : Infinity));
}

function beyond({ m, theory, slack }) { // standard errors beyond the allowance, NaN where there are none
  const away = m.mean - theory, z = Math.sign(away) * Math.max(Math.abs(away) - slack, 0) / m.se;
  return finite(z) && finite(m.se) ? z + 0 : NaN;
}

function pooled(values, points, tested, caution) { // the tested points as one, or null
  const usable = ({ m, theory, allowance, finite: both }) => both && finite(m.se) && m.se > 0 && theory !== 0 && allowance < 1;
  const chosen = tested.filter((i) => usable(points[i]));
  if (chosen.length < 2) return null;
  const weight = chosen.map((i) => Math.sign(points[i].theory) / points[i].m.se);
  const total = (number) => chosen.reduce((sum, i, k) => sum + number(i) * weight[k], 0);
  const theory = total((i) => points[i].theory);
  const granted = total((i) => points[i].allowance * points[i].theory) / theory;
  const one = shown(values.map((row) => [total((i) => row[i])]), [NaN], caution);
  return finite(one[0].se) ? compared(one, [theory], [granted])[0] : null;
}

// ---- the verdict: sims/verdict/equality.py

// points = [{test, allowance, heavy, spread}]; vouched: the variance exists where a point is not heavy
function judge(values, points, falseAlarm = CONSTANTS.verdict.false_alarm, vouched = true) {
  const caution = vouched ? CONSTANTS.verdict.vouched : CONSTANTS.verdict.unknown, trials = values.length;
  const theory = points.map((p) => p.test), tested = points.map((_, i) => i).filter((i) => !points[i].heavy);
  const curve = compared(shown(values, points.map((p) => p.spread), caution), theory, points.map((p) => p.allowance));
  const whole = pooled(values, curve, tested, caution), share = falseAlarm / (whole ? 2 : 1);
  const wrong = holm(curve.map(pValue), tested, share), together = whole !== null && pValue(whole) <= share;
  const level = share / Math.max(tested.length, 1), critical = criticals(trials, level / 2);
  const errors = curve.map((point) => detectable(point, critical));
  const resolutions = errors.map((e, i) => (points[i].heavy ? Infinity : Math.max(...e)));
  let common = Math.max(...[0, 1].map((side) => Math.min(Infinity, ...tested.map((i) => errors[i][side]))));
  if (whole) common = Math.min(common, Math.max(...detectable(whole, criticals(trials, share / 2))));
  const statuses = curve.map((point, i) => (points[i].heavy ? "heavy-tailed" : wrong.has(i) ? "disagrees"
    : resolutions[i] < 1 || !point.finite ? "agrees" : "undecided"));
  const judged = tested.filter((i) => curve[i].finite && theory[i] !== 0).map((i) => resolutions[i]);
  return {
    status: together ? "disagrees" : ofCurve(theory, tested, statuses, common),
    resolution: common, hidden: judged.length ? Math.max(...judged) : Infinity, family: tested.length, falseAlarm,
    pooled: whole ? beyond(whole) : null, trialsNeeded: trialsNeeded(curve, tested, level, trials),
    rows: curve.map((point, i) => ({ status: statuses[i], mean: point.m.mean, se: point.m.se,
      z: points[i].heavy ? NaN : beyond(point), resolution: resolutions[i], ...middle(values.map((row) => row[i])) })),
  };
}

function middle(column) { // median and 5-95 % range, as sims.trials.sample: half-way to infinity is no number
  const sorted = column.slice().sort((a, b) => a - b), whole = sorted.every(finite);
  const at = (q) => {
    const k = q * (sorted.length - 1), i = Math.floor(k);
    if (!whole) return sorted[Math.max(Math.ceil(q * sorted.length) - 1, 0)];
    return i + 1 < sorted.length ? sorted[i] + (k - i) * (sorted[i + 1] - sorted[i]) : sorted[i];
  };
  const half = sorted.length >> 1;
  return { median: sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, low: at(0.05), high: at(0.95) };
}

function holm(pValues, tested, level) { // indices that are rejected
  const order = tested.slice().sort((a, b) => pValues[a] - pValues[b]), rejected = new Set();
  for (let k = 0; k < order.length && pValues[order[k]] <= level / (order.length - k); k++) rejected.add(order[k]);
  return rejected;
}

function ofCurve(theory, tested, statuses, resolution) {
  if (!tested.length) return "heavy-tailed";
  if (statuses.includes("disagrees")) return "disagrees";
  const silent = tested.filter((i) => statuses[i] === "undecided" && theory[i] !== 0).length;
  return resolution <= USEFUL && 2 * silent <= tested.length ? "agrees" : "undecided";
}

// about how many trials decide; Infinity if the allowance alone is too wide
function trialsNeeded(curve, tested, level, trials) {
  const chosen = tested.map((i) => curve[i]).filter((point) => point.finite && point.theory !== 0);
  const gaps = (error) => chosen.map(({ theory, allowance }) => (error - 2 * allowance) * Math.abs(theory));
  const useful = gaps(USEFUL), double = gaps(1), half = (chosen.length - 1) >> 1;
  const sorted = (numbers) => numbers.sort((a, b) => a - b);
  if (!useful.some((v) => v > 0) || !(sorted(double.map((v) => -v))[half] < 0)) return Infinity;
  if (chosen.filter(({ m }) => finite(m.se)).length <= half) return 4 * Math.max(trials, FEWEST);
  for (let more = Math.max(trials, FEWEST); more <= CONSTANTS.verdict.largest; more *= CONSTANTS.verdict.step) {
    const critical = criticals(Math.ceil(more), level / 2);
    const margins = chosen.map(({ m }) => after(m, Math.ceil(more))).map((m) => Math.max(...reach(m, critical)) + m.se);
    if (margins.some((v, i) => v < useful[i]) && sorted(margins.map((v, i) => v - double[i]))[half] < 0)
      return Math.max(Math.ceil(1.5 * more), trials + 1);
  }
  return Infinity;
}
