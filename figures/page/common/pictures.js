// What the two charts of a view show: the error with its sources, and the norm of the fit.

const SOURCES = Object.keys(WORDS.sources);

const column = (theory, name) => theory.curve.map((told) => told[name]);
const hasParts = (theory) => theory.curve[0].bias !== undefined;

// values from the first to the last, and the one that is told in between
function extremes(theory, values) {
  const between = notable(theory, values), last = values.length - 1;
  return { first: number(values[0], 3), last: number(values[last], 3), value: number(values[between], 3),
    at: number(theory.dense[between]) };
}

function drawError(view, theory, frozen, result, cursor) {
  const stacked = view.parts && view.theory && hasParts(theory), log = !!view.log_y && !stacked;
  const test = column(theory, "test"), x = theory.dense, parts = [], keys = [];
  const [low, high] = around([...test, ...(frozen ? column(frozen, "test") : [])], log, log ? 4 : 2);
  const trained = view.theory && hasParts(theory) && !stacked; // goes to 0: a part of it is shown
  const floor = log ? Math.min(trained ? low / 4 : low, ...(theory.beside ?? [])) : low;
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
    if (theory.beside) line("beside", theory.beside);
    line("test", test, x, stacked ? " above" : "");
  }
  const over = stacked ? " above" : ""; // marks and line stand out from the bands
  if (result) parts.push(marksOf(view, theory, result, over));
  keys.push([over, WORDS.legend.mean, "marks"]);
  if (theory.points.some(({ heavy }) => heavy)) keys.push([`heavy${over}`, WORDS.legend.median, "marks"]);
  parts.push({ kind: "rule", ...theory.rule });
  const told = view.theory ? filled(WORDS.chart_told, extremes(theory, test)) : WORDS.chart_hidden;
  drawChart($("chart"), { x: across(view, theory), y: { low: floor, high, log, label: WORDS.axis_error }, parts, cursor, told });
  legend($("key"), keys);
}

function marksOf(view, theory, { rows }, over) {
  const heavy = (i) => theory.points[i].heavy;
  return { kind: "marks", x: theory.points.map(({ at }) => at),
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
    { kind: "rule", ...theory.rule }];
  drawChart($("norm"), { x: across(view, theory), y: { low, high, log: true, label: WORDS.axis_norm }, parts, cursor,
    told: filled(WORDS.norm_told, extremes(theory, norms)) });
}
