// A chart as SVG: lines, bands, marks and rules on two axes.

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// round numbers in a range: 1, 2 and 5 times powers of ten, or fewer
function ticks(low, high, log, most) {
  if (log) {
    const found = [];
    for (const digits of [[1, 2, 5], [1, 3], [1]]) {
      found.length = 0;
      for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e++)
        for (const digit of digits) {
          const value = +`${digit}e${e}`;
          if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) found.push(value);
        }
      if (found.length <= most) break;
    }
    return found;
  }
  const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= rough * (1 - 1e-9));
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => +((Math.ceil(low / step - 1e-9) + k) * step).toPrecision(12));
}

// axis = {low, high, log, label}; what lies far outside stays near, for a curve may go to infinity
function scale({ low, high, log }, start, end) {
  const at = log ? (v) => Math.log(Math.max(v, 1e-300) / low) / Math.log(high / low) : (v) => (v - low) / (high - low);
  return (v) => start + (end - start) * (v === Infinity ? 1.5 : Math.min(1.5, Math.max(-0.5, at(v))));
}

// the inside of a chart, in units of its view box; letters are larger where it is narrow
function frame(svg) {
  const [, , W, H] = svg.getAttribute("viewBox").split(" ").map(Number), narrow = svg.clientWidth < 480;
  return { narrow, W, H, left: narrow ? 84 : 64, right: W - (narrow ? 36 : 14), top: 12, bottom: H - (narrow ? 66 : 46) };
}

// parts: {kind: "line" | "band" | "marks" | "rule", name, ...}, drawn in their order
function drawChart(svg, { x: across, y: up, parts, cursor, told }) {
  const { narrow, H, left, right, top, bottom } = frame(svg);
  const x = scale(across, left, right), y = scale(up, bottom, top);
  const point = (a, b) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`;
  const grid = [];
  for (const v of ticks(across.low, across.high, across.log, narrow ? 5 : 9))
    grid.push(`<path class="grid" d="M${x(v).toFixed(1)} ${top}V${bottom}"/>`
      + `<text x="${x(v).toFixed(1)}" y="${bottom + (narrow ? 24 : 17)}">${number(v)}</text>`);
  for (const v of ticks(up.low, up.high, up.log, narrow ? 5 : 7))
    grid.push(`<path class="grid" d="M${left} ${y(v).toFixed(1)}H${right}"/>`
      + `<text class="end" x="${left - 7}" y="${(y(v) + 4).toFixed(1)}">${number(v)}</text>`);
  const drawn = parts.map((part) => DRAWERS[part.kind](part, { x, y, point, top, bottom }));
  const line = cursor === undefined ? "" : `<path class="cursor" d="M${x(cursor).toFixed(1)} ${top}V${bottom}"/>`;
  const inside = `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/>`;
  svg.innerHTML = `<clipPath id="${svg.id}-inside">${inside}</clipPath>`
    + grid.join("") + `<g clip-path="url(#${svg.id}-inside)">${drawn.join("")}${line}</g>`
    + `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`
    + `<text x="${(left + right) / 2}" y="${H - 8}">${escaped(across.label)}</text>`
    + `<text transform="translate(${narrow ? 20 : 15} ${(top + bottom) / 2}) rotate(-90)">${escaped(up.label)}</text>`;
  svg.setAttribute("aria-label", told);
}

const DRAWERS = {
  line: ({ name, x, y }, { point }) => `<path class="line ${name}" d="M${x.map((v, i) => point(v, y[i])).join("L")}"/>`,
  band: ({ name, x, low, high }, { point }) => {
    const there = x.map((v, i) => point(v, high[i])), back = x.map((v, i) => point(v, low[i])).reverse();
    return `<path class="band ${name}" d="M${[...there, ...back].join("L")}Z"/>`;
  },
  marks: ({ name, x, y, low, high }, at) => x.map((v, i) => (finite(y[i])
    ? `<g class="mark ${name[i]}"><path d="M${at.point(v, low[i])}V${at.y(high[i]).toFixed(1)}"/>`
      + `<circle cx="${at.x(v).toFixed(1)}" cy="${at.y(y[i]).toFixed(1)}" r="4"/></g>` : "")).join(""),
  rule: ({ x: v, label, above }, { x, top, bottom }) =>
    `<path class="rule" d="M${x(v).toFixed(1)} ${top}V${bottom}"/>`
      + `<text class="start" x="${(x(v) + 5).toFixed(1)}" y="${above ? top + 16 : bottom - 8}">${escaped(label)}</text>`,
};

// a range for a curve: up to `above` times its 90 % quantile, for a peak goes far beyond
function around(values, log, above) {
  const sorted = values.filter((v) => finite(v) && (v > 0 || !log)).sort((a, b) => a - b);
  if (!sorted.length) return log ? [0.1, 1] : [0, 1];
  const high = Math.max(sorted[Math.floor(0.9 * (sorted.length - 1))], 1e-12) * above;
  if (!log) return [0, high];
  const low = Math.max(sorted[0] / 1.15, high / 1e6);
  return [low, Math.max(high, 2 * low)];
}

function legend(node, entries) { // [[classes of a part, label, kind]]
  node.replaceChildren(...entries.map(([name, label, kind]) => {
    const picture = { line: `<path class="line ${name}" d="M0 7H26"/>`,
      band: `<rect class="band ${name}" width="26" height="14"/>`,
      marks: `<g class="mark ${name}"><path d="M13 0V14"/><circle cx="13" cy="7" r="4"/></g>` }[kind];
    const item = element("span");
    item.innerHTML = `<svg viewBox="0 0 26 14" aria-hidden="true">${picture}</svg>${escaped(label)}`;
    return item;
  }));
}
