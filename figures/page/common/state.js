// The view: a value for each knob, read from a link, shown in the form, and written to the link.

const KNOBS = CONSTANTS.knobs;
const SEEDS = 65536;

const usual = () => ({ ...Object.fromEntries(KNOBS.map((knob) => [knob.name, knob.default])), seed: 0, lock: "" });

// the value of a knob nearest to what a text asks for, or undefined
function nearest(knob, text) {
  if (knob.kind === "choice") return knob.options.includes(text) ? text : undefined;
  if (knob.kind === "switch") return { 0: 0, 1: 1 }[text];
  const wanted = Number(text);
  if (text.trim() === "" || !finite(wanted)) return undefined;
  return knob.steps.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
}

// the view of a link, and notes on what it asked for and did not get
function readView(link) {
  const view = usual(), notes = [];
  const words = { ...CONSTANTS.opening, ...Object.fromEntries(new URLSearchParams(link)) };
  for (const [key, text] of Object.entries(words)) {
    const knob = KNOBS.find(({ name }) => name === key);
    if (key === "lock") view.lock = text;
    else if (key === "seed") view.seed = Math.abs(Math.trunc(Number(text)) || 0) % SEEDS;
    else if (!knob) notes.push(filled(WORDS.unknown, { key }));
    else {
      view[key] = nearest(knob, text) ?? knob.default;
      if (String(view[key]) !== text && Number(text) !== view[key])
        notes.push(filled(WORDS.changed, { asked: `${key} = ${text}`, shown: `${key} = ${view[key]}` }));
    }
  }
  return { view, notes };
}

// the words of a link: what differs from the view that the page opens with
function linkOf(view) {
  const opening = { ...usual(), ...readView("").view }, link = new URLSearchParams();
  for (const key of Object.keys(opening)) if (view[key] !== opening[key]) link.set(key, view[key]);
  return String(link);
}

// ---- the form

function makeForm(form, changed) { // every control calls changed(name, value)
  const controls = KNOBS.map((knob) => control(knob, changed));
  const seed = element("input", { type: "number", id: "seed", min: 0, max: SEEDS - 1, step: 1 });
  seed.addEventListener("change", () => changed("seed", Math.abs(Math.trunc(+seed.value) || 0) % SEEDS));
  const after = KNOBS.findIndex(({ name }) => name === "trials") + 1;
  controls.splice(after, 0, element("label", { "data-knob": "seed", for: "seed" }, WORDS.labels.seed, " ", seed));
  form.prepend(...controls);
  form.addEventListener("submit", (event) => event.preventDefault());
}

function control(knob, changed) {
  const { name, kind } = knob, label = element("label", { "data-knob": name, for: name });
  if (kind === "choice") {
    const options = knob.options.map((value) => element("option", { value }, WORDS.options[value] ?? value));
    const select = element("select", { id: name }, ...options);
    select.addEventListener("change", () => changed(name, select.value));
    label.append(WORDS.labels[name], " ", select);
  } else if (kind === "switch") {
    const box = element("input", { type: "checkbox", id: name });
    box.addEventListener("change", () => changed(name, +box.checked));
    label.className = "switch";
    label.append(box, " ", WORDS.labels[name]);
  } else {
    const range = element("input", { type: "range", id: name, min: 0, max: knob.steps.length - 1, step: 1 });
    range.addEventListener("input", () => changed(name, knob.steps[+range.value]));
    label.append(WORDS.labels[name], " ", element("output", { for: name, id: `${name}-value` }), range);
  }
  return label;
}

function showForm(view) {
  const locked = view.lock.split(",");
  for (const { name, kind, steps } of KNOBS) {
    const shownValue = shownAs(name, view[name]);
    if (kind === "switch") $(name).checked = !!view[name];
    else if (kind === "choice") $(name).value = view[name];
    else {
      $(name).value = steps.indexOf(view[name]);
      $(name).setAttribute("aria-valuetext", shownValue);
      $(`${name}-value`).textContent = shownValue;
    }
  }
  $("seed").value = view.seed;
  for (const label of document.querySelectorAll("[data-knob]")) {
    const { knob } = label.dataset;
    label.hidden = !applies(knob, view) || locked.includes(knob) || locked.includes("all");
  }
}
