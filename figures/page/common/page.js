// The page itself: the view that is shown, its theory and trials, and what people do.

const PAUSE = 120; // milliseconds without a change before trials begin
let view, notes, theory, frozen = null, values = [], job = 0, waiting;

const result = () => (values.length ? judge(values, theory.points) : null);
const cursorAt = () => Math.round($("reading").value / 100 * (theory.dense.length - 1));

function show() { // all that follows from view, theory and trials
  const judged = result(), i = cursorAt(), cursor = theory.dense[i];
  $("reading").setAttribute("aria-valuetext", `${CONSTANTS.along} = ${number(cursor)}`);
  drawError(view, theory, frozen, judged, cursor);
  drawNorm(view, theory, cursor);
  tellReading(view, theory, i);
  tellVerdict(view, theory, judged, values.length);
  tellTable(view, theory, judged, values.length);
  tellNotes(view, theory, notes);
}

function update() { // after a change of the view: theory at once, trials soon
  const { setting } = (theory = theoryOf(view));
  showForm(view);
  $("formula").textContent = mathematical(formulaOf(setting));
  $("command").textContent = commandOf(setting);
  values = [];
  const id = ++job;
  show();
  clearTimeout(waiting);
  const { trials, seed } = setting, points = theory.points.map(({ at }) => at);
  waiting = setTimeout(() => simulate({ id, setting, points, trials, seed }), PAUSE);
}

function changed(name, value) {
  view[name] = value;
  notes = [];
  remember();
  if (["theory", "parts", "log_x", "log_y"].includes(name)) {
    showForm(view);
    show();
  } else update();
}

const remember = () => history.replaceState(null, "", `#${linkOf(view)}`);

function receive({ id, values: row }) {
  if (id !== job) return;
  values.push(row);
  show();
}

let simulate = serve(receive); // here, in slices, unless there is a worker

function startWorker() {
  const here = simulate;
  try {
    const source = new Blob([$("core").textContent], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(source));
    worker.onmessage = (event) => receive(event.data);
    worker.onerror = () => { // a strict frame may refuse it late
      simulate = here;
      update();
    };
    simulate = (message) => worker.postMessage(message);
  } catch {
    simulate = here;
  }
}

function open() {
  ({ view, notes } = readView(location.hash.slice(1)));
  update();
}

function save(name, text, type) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function freeze() {
  frozen = frozen ? null : theory;
  $("freeze").textContent = frozen ? WORDS.thaw : WORDS.freeze;
  show();
}

async function shareLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    $("share").textContent = WORDS.copied;
  } catch {
    prompt(WORDS.share, location.href);
  }
}

function pointed(event) { // the reading follows a pointer over the chart
  const box = $("chart").getBoundingClientRect(), { W, left, right } = frame($("chart"));
  const inside = ((event.clientX - box.left) / box.width * W - left) / (right - left);
  if (inside < 0 || inside > 1) return;
  const { low, high, log } = across(view, theory), at = log ? low * (high / low) ** inside : low + (high - low) * inside;
  const i = theory.dense.reduce((best, v, k) => (Math.abs(v - at) < Math.abs(theory.dense[best] - at) ? k : best), 0);
  $("reading").value = 100 * i / (theory.dense.length - 1);
  show();
}

makeForm($("knobs"), changed);
startWorker();
for (const [id, act] of [["freeze", freeze], ["share", shareLink], ["print", () => print()],
  ["again", () => changed("seed", (view.seed + 1) % SEEDS)],
  ["csv", () => values.length && save(`${CONSTANTS.name}.csv`, csvOf(theory, result()), "text/csv")]]) $(id).addEventListener("click", act);
$("reading").addEventListener("input", show);
$("chart").addEventListener("click", pointed);
addEventListener("hashchange", open);
addEventListener("resize", show);
selfCheck();
open();
