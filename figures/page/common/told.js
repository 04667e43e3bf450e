// What a view says in words and numbers: the verdict, the reading at one place, the table, and the points as CSV.

function tellVerdict(view, theory, result, done) {
  const { trials } = theory.setting, status = $("status"), over = done >= trials && view.theory;
  status.className = `status ${over ? result.status : ""}`;
  status.textContent = !view.theory ? WORDS.hidden
    : over ? WORDS.verdicts[result.status] : filled(WORDS.simulating, { done, trials });
  $("why").textContent = over ? reasons(theory, result).join(" ") : "";
}

function reasons({ points }, { status, family, falseAlarm, resolution, hidden, pooled, trialsNeeded, rows }) {
  const told = [filled(WORDS.tested, { family, chance: falseAlarm })];
  if (finite(resolution)) {
    const single = finite(hidden) ? filled(WORDS.up_to, { error: share(hidden) }) : WORDS.any_error;
    told.push(filled(WORDS.noticed, { common: share(resolution), hidden: single }));
  }
  if (status === "undecided")
    told.push(finite(trialsNeeded) ? filled(WORDS.needs, { trials: trialsNeeded }) : WORDS.never);
  if (status === "disagrees" && rows.every((row) => row.status !== "disagrees"))
    told.push(filled(WORDS.together, { pooled: number(pooled, 2) }));
  const judged = points.filter(({ heavy }) => !heavy), granted = judged.map((point) => point.allowance).filter(finite);
  if (granted.length)
    told.push(Math.max(...granted) === 0 ? WORDS.exact
      : filled(WORDS.granted, { least: share(Math.min(...granted)), most: share(Math.max(...granted)) }));
  const unchecked = judged.length - granted.length, heavy = points.length - judged.length;
  if (unchecked) told.push(filled(WORDS.unchecked, { count: unchecked }));
  if (heavy) told.push(filled(WORDS.left_out, { count: heavy }));
  return told;
}

function tellNotes(view, theory, notes) {
  const told = notes.slice();
  if (view.theory && view.parts) told.push(hasParts(theory) ? (view.log_y ? WORDS.linear_axis : "") : WORDS.no_parts);
  if (view.theory && view.best && !theory.beside) told.push(WORDS.no_best);
  $("notes").textContent = told.filter(Boolean).join(" ");
}

function tellReading(view, theory, i) {
  const { test, train, norm } = WORDS.legend, { bias } = WORDS.sources;
  const named = view.parts ? { test, ...WORDS.sources } : { test, train, bias, variance: WORDS.variance, norm };
  const told = { ...theory.curve[i], noise: theory.setting.noise };
  const values = Object.entries(named).filter(([name]) => told[name] !== undefined)
    .map(([name, label]) => `${label} ${number(told[name], 3)}`);
  if (theory.beside) values.splice(1, 0, `${WORDS.legend.beside} ${number(theory.beside[i], 3)}`);
  const shown = view.theory ? values.join("; ") : WORDS.hidden;
  $("told").textContent = filled(WORDS.reading, { name: CONSTANTS.along, at: number(theory.dense[i]), values: shown });
}

function tellTable(view, theory, result, done) {
  const line = (tag, cells) => element("tr", {}, ...cells.map((cell) => element(tag, tag === "th" ? { scope: "col" } : {}, cell)));
  const over = done >= theory.setting.trials;
  $("head").replaceChildren(line("th", [CONSTANTS.along, ...WORDS.head]));
  $("rows").replaceChildren(...theory.points.map(({ at, test, heavy }, i) => {
    const row = result?.rows[i], seen = (text) => (view.theory ? text : "");
    const measured = row ? measuredAs(row, heavy) : "";
    const judged = over && row ? [number(row.z, 2), heavy ? "" : share(row.resolution), row.status] : ["", "", ""];
    return line("td", [number(at), seen(number(test)), measured, ...judged.map(seen)]);
  }));
}

function measuredAs({ median, low, high, mean, se }, heavy) {
  if (!heavy) return `${number(mean)} ± ${number(se, 2)}`;
  return filled(WORDS.median, { median: number(median), low: number(low, 3), high: number(high, 3) });
}

const CSV_HEAD = [CONSTANTS.along, "theory", "mean", "se", "median", "q05", "q95", "z", "allowance", "resolution", "status"];

function csvOf({ points }, result) { // numbers in full
  const rows = points.map(({ at, test, allowance: granted, heavy }, i) => {
    const { mean, se, median, low, high, z, resolution, status } = result.rows[i];
    return heavy ? [at, test, mean, se, median, low, high, "", "", "", status]
      : [at, test, mean, se, "", "", "", Number.isNaN(z) ? "" : z, granted, resolution, status];
  });
  return [CSV_HEAD, ...rows].map((cells) => cells.map((cell) => (cell === Infinity ? "inf" : cell)).join()).join("\n") + "\n";
}
