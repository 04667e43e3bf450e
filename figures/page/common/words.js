// Words of the page, all from one file, and numbers as text.

const WORDS = JSON.parse(document.getElementById("words").textContent);
const $ = (id) => document.getElementById(id);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function number(value, digits = 4) {
  if (value === undefined || Number.isNaN(value)) return "";
  if (!finite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value), far = size >= 1e5 || (size > 0 && size < 1e-3);
  const text = far ? value.toExponential(digits - 1) : String(+value.toPrecision(digits));
  return text.replace("-", "−");
}

// a relative size, as sims/verdict/words.py
function share(part) {
  return part >= 10 ? filled(WORDS.times, { number: number(part, 2) }) : `${number(100 * part, 2)} %`;
}

// a line of mathematics with its signs
const SIGNS = [[/</g, "⟨"], [/>/g, "⟩"], [/\bbeta\b/g, "β"], [/\bsum_j\b/g, "Σⱼ"], [/_j\b/g, "ⱼ"], [/sqrt /g, "√"],
  [/p\^-1\/2/g, "1/√p ·"], [/I_p\b/g, "Iₚ"], [/R\^d/g, "ℝᵈ"], [/\bs\(/g, "σ("]];
const mathematical = (text) => SIGNS.reduce((told, [plain, sign]) => told.replace(plain, sign), text);
