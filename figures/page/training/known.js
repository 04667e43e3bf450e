// Solved problems that the page carries, solved here.

function solvedHere(known) { // its fields, in the order of the constants
  const told = flowRisk(known, known.n, known.time);
  return CONSTANTS.fields.map((name) => told[name]);
}
