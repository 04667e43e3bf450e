// What the two charts of a view show: the error with its sources, and the norm of the fit.

const SOURCES = Object.keys(WORDS.sources);

// theory of a view: lines on a dense grid, predictions at the simulated points
function theoryOf(view) {
  const setting = settingOf(view), { n, most } = setting, predict = predictor(setting);
  const count = CONSTANTS.curve.dense;
  const grid = new Set(Array.from({ length: count }, (_, i) => Math.round(most ** (i / (count - 1)))));
  for (let p = n - 4; p <= n + 4; p++) if (p > 0) grid.add(p);
  const dense = [...grid].sort((a, b) => a - b), curve = dense.map((p) => predict(p, false));
  const points = choosePoints(n, most, CONSTANTS.curve.points).map((p) => {
    const told = predict(p, true);
    return { p, ...told, allowance: allowance(n, told), heavy: heavyTailed(n, told) };
  });
  const best = view.best && predict.best ? dense.map(predict.best) : null;
  return { setting, dense, curve, points, best };
}

const column = (theory, name) => theory.curve.map((told) => told[name]);
const hasParts = (theory) => theory.curve[0].bias !== undefined;

function across(view, theory) {
  return { low: view.log_x ? 0.95 : 0, high: theory.setting.most * (view.log_x ? 1.05 : 1.01), log: !!view.log_x, label: WORDS.axis_p };
}

// values from the first to the last, with the largest and where it is, next to the threshold if at several p
function extremes(theory, values) {
  const away = (i) => Math.abs(theory.dense[i] - theory.setting.n);
  const higher = (v, i, best) => v > values[best] || (v === values[best] && away(i) < away(best));
  const peak = values.reduce((best, v, i) => (higher(v, i, best) ? i : best), 0);
  return { first: number(values[0], 3), last: number(values[values.length - 1], 3), peak: number(values[peak], 3), at: theory.dense[peak] };
}

function drawError(view, theory, frozen, result, cursor) {
  const stacked = view.parts && view.theory && hasParts(theory), log = !!view.log_y && !stacked;
  const test = column(theory, "test"), x = theory.dense, parts = [], keys = [];
  const [low, high] = around([...test, ...(frozen ? column(frozen, "test") : [])], log, log ? 4 : 2);
  const trained = view.theory && hasParts(theory) && !stacked; // goes to 0: a part of it is shown
  const floor = log ? Math.min(trained ? low / 4 : low, ...(theory.best ?? [])) : low;
  if (stacked) {
    let below = x.map(() => 0);
    for (const name of SOURCES) {
      const values = name === "noise" ? x.map(() => theory.setting.noise) : column(theory, name);
      const above = below.map((v, i) => Math.min(v + values[i], 10 * high));
      if (above.some((v, i) => v > below[i])) {
        parts.push({ kind: "band", name, x, low: below, high: above });
        keys.push([name, WORDS.sources[name], "band"]);
      }
      below = above;
    }
  }
  const line = (name, y, from = x, more = "") => {
    parts.push({ kind: "line", name: `${name}${more}`, x: from, y });
    keys.push([`${name}${more}`, WORDS.legend[name], "line"]);
  };
  if (frozen) line("frozen", column(frozen, "test"), frozen.dense);
  if (view.theory) {
    if (trained) line("train", column(theory, "train"));
    if (theory.best) line("best", theory.best);
    line("test", test, x, stacked ? " above" : "");
  }
  const over = stacked ? " above" : ""; // marks and line stand out from the bands
  if (result) parts.push(marksOf(view, theory, result, over));
  keys.push([over, WORDS.legend.mean, "marks"], [`heavy${over}`, WORDS.legend.median, "marks"]);
  parts.push({ kind: "rule", x: theory.setting.n, label: WORDS.threshold });
  const told = view.theory ? filled(WORDS.chart_told, extremes(theory, test)) : WORDS.chart_hidden;
  drawChart($("chart"), { x: across(view, theory), y: { low: floor, high, log, label: WORDS.axis_error }, parts, cursor, told });
  legend($("key"), keys);
}

function marksOf(view, theory, { rows }, over) {
  const heavy = (i) => theory.points[i].heavy;
  return { kind: "marks", x: theory.points.map(({ p }) => p),
    name: rows.map(({ status }, i) => (heavy(i) ? "heavy" : view.theory && status === "disagrees" ? "wrong" : "") + over),
    y: rows.map(({ median, mean }, i) => (heavy(i) ? median : mean)),
    low: rows.map(({ low, mean, se }, i) => (heavy(i) ? low : finite(se) ? mean - 2 * se : mean)),
    high: rows.map(({ high, mean, se }, i) => (heavy(i) ? high : finite(se) ? mean + 2 * se : mean)) };
}

function drawNorm(view, theory, cursor) {
  const shown = hasParts(theory) && view.theory;
  $("norm").toggleAttribute("hidden", !shown);
  $("norm-part").hidden = !view.theory;
  $("no-norm").textContent = shown || !view.theory ? "" : WORDS.no_norm;
  if (!shown) return;
  const norms = column(theory, "norm"), [low, high] = around(norms, true, 6);
  const parts = [{ kind: "line", name: "test", x: theory.dense, y: norms },
    { kind: "rule", x: theory.setting.n, label: WORDS.threshold }];
  drawChart($("norm"), { x: across(view, theory), y: { low, high, log: true, label: WORDS.axis_norm }, parts, cursor,
    told: filled(WORDS.norm_told, extremes(theory, norms)) });
}
