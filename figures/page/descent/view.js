// Double descent: which knobs a view has, its setting and command, its theory, and what is told of it.

// which knobs a model has
function applies(name, { model }) {
  if (["d", "activation"].includes(name)) return model === "random-features";
  return name !== "noise" || model !== "fourier";
}

// the setting of sims.double_descent that a view is
function settingOf(view) {
  const { model, activation, n, ridge, trials, seed } = view, most = CONSTANTS.curve.times_n * n;
  return { model, activation, n, ridge, trials, seed, most, signal: CONSTANTS.signal,
    d: model === "random-features" ? view.d : most, noise: model === "fourier" ? 0 : view.noise };
}

function commandOf({ model, activation, n, d, noise, ridge, most, trials }) {
  const words = ["python -m sims.double_descent", "--model", model];
  if (model === "random-features") words.push("--activation", activation);
  words.push("--n", n);
  if (model === "random-features") words.push("--d", d);
  words.push("--p-max", most, "--ridge", ridge, "--noise", noise, "--trials", trials, "--points", CONSTANTS.curve.points);
  return words.join(" ");
}

const formulaOf = ({ model }) => CONSTANTS.models[model].formula;
const shownAs = (name, value) => (name === "ridge" && value === 0 ? WORDS.no_ridge : number(value));

// theory of a view: lines on a dense grid, predictions at the simulated points
function theoryOf(view) {
  const setting = settingOf(view), { n, most } = setting, predict = predictor(setting);
  const count = CONSTANTS.curve.dense;
  const grid = new Set(Array.from({ length: count }, (_, i) => Math.round(most ** (i / (count - 1)))));
  for (let p = n - 4; p <= n + 4; p++) if (p > 0) grid.add(p);
  const dense = [...grid].sort((a, b) => a - b), curve = dense.map((p) => predict(p, false));
  const points = choosePoints(n, most, CONSTANTS.curve.points).map((p) => {
    const told = predict(p, true);
    return { at: p, ...told, allowance: allowance(n, told), heavy: heavyTailed(n, told) };
  });
  const beside = view.best && predict.best ? dense.map(predict.best) : null;
  return { setting, dense, curve, points, beside, rule: { x: n, label: WORDS.threshold } };
}

function across(view, theory) {
  return { low: view.log_x ? 0.95 : 0, high: theory.setting.most * (view.log_x ? 1.05 : 1.01), log: !!view.log_x, label: WORDS.axis };
}

// the largest value, next to the threshold if at several p
function notable(theory, values) {
  const away = (i) => Math.abs(theory.dense[i] - theory.setting.n);
  const higher = (v, i, best) => v > values[best] || (v === values[best] && away(i) < away(best));
  return values.reduce((best, v, i) => (higher(v, i, best) ? i : best), 0);
}
