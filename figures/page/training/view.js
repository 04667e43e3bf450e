// Training time: the setting of a view and its command, its theory over time, and what is told of it.

const applies = () => true;
const shownAs = (name, value) => number(value);
const formulaOf = () => CONSTANTS.formula;

// sims.experiments.early_stopping.EarlyStopping
function settingOf({ n, ratio, slow, share, noise, trials, seed }) {
  return { n, p: Math.max(2, Math.round(ratio * n)), slow, share, noise, trials, seed };
}

function commandOf({ n, p, slow, share, noise }) {
  const { fast, slow: lower } = halvesOf({ p, slow, share });
  return "from theory import Problem\nfrom theory.dynamics import gradient_flow\n\n"
    + `problem = Problem([1, ${slow}], [${+(1 - share).toFixed(9)}, ${share}], [${fast}, ${lower}], noise=${noise})\n`
    + `gradient_flow(problem, n=${n}, time=[1, 10, 100]).test`;
}

function problemOf({ p, slow, share, noise }) {
  const { fast, slow: lower } = halvesOf({ p, slow, share });
  return { lam: [1, slow], m: [fast, lower], power: [1 - share, share], noise };
}

// relative error granted to the limit of large n
function allowanceOf({ n, p }) {
  const { whole, nearest } = CONSTANTS.allowance;
  return (whole + 1 / Math.max(Math.abs(1 - p / n), nearest)) / n;
}

// theory of a view: lines on a dense grid of times, predictions at the simulated ones
function theoryOf(view) {
  const setting = settingOf(view), problem = problemOf(setting), { first, last, dense: count, times } = CONSTANTS.curve;
  const dense = Array.from({ length: count }, (_, i) => first * (last / first) ** (i / (count - 1)));
  const curve = dense.map((time) => flowRisk(problem, setting.n, time)), granted = allowanceOf(setting);
  const points = times.map((at) => {
    const { test } = flowRisk(problem, setting.n, at);
    return { at, test, allowance: granted, heavy: false, spread: NaN };
  });
  const levels = { ...problem, mult: Float64Array.from(problem.m), lam: Float64Array.from(problem.lam),
    power: Float64Array.from(problem.power), tail: 0, tailPower: 0 };
  const beside = view.ridge ? dense.map((time) => risk(levels, setting.n, Infinity, 1 / time).test) : null;
  const theory = { setting, dense, curve, points, beside };
  return { ...theory, rule: { x: dense[notable(theory, column(theory, "test"))], label: WORDS.best_time, above: true } };
}

const across = () => ({ low: CONSTANTS.curve.first / 1.2, high: CONSTANTS.curve.last * 1.2, log: true, label: WORDS.axis });
const notable = (_, values) => values.reduce((best, v, i) => (v < values[best] ? i : best), 0);
