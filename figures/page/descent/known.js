// Solved problems that the page carries, solved here.

function problemOf({ lam, mult, power, tail, tailPower, noise }) {
  const [a, b, c] = [lam, mult, power].map((list) => Float64Array.from(list));
  return { lam: a, mult: b, power: c, tail, tailPower, noise };
}

// the fields of a reference problem, in the order of Risk
const solvedHere = (known) => {
  const told = risk(problemOf(known), written(known.n), written(known.p), known.ridge);
  return FIELDS.map((name) => told[name]);
};
