// The page solves problems whose answers Python wrote into it: a stale page, or another Math.exp, tells on itself.

const written = (value) => (value === "inf" ? Infinity : value);

function apart(a, b) { // relative difference, of what is below the floor to that; Infinity where one alone is not finite
  if (a === b) return 0;
  const difference = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), CONSTANTS.floor);
  return Number.isNaN(difference) ? Infinity : difference;
}

function selfCheck() {
  let worst = 0, count = 0;
  for (const known of JSON.parse($("reference").textContent))
    solvedHere(known).forEach((value, i) => {
      count += 1;
      worst = Math.max(worst, apart(value, written(known.want[i])));
    });
  const good = worst <= 1e-12;
  $("check").textContent = filled(good ? WORDS.check_good : WORDS.check_bad, { count, worst: worst.toExponential(1) });
  $("check").className = good ? "" : "disagrees";
}
