"""How often a true theory is called wrong: the level of a verdict, stated and measured.

Each mark is the share of 200,000 verdicts on a true mean that call it wrong, with a 95 % interval. On the
thin line the level is what it is stated to be, and the band reaches up to 1.5 times as much. Filled marks are
the test of the verdicts, open ones Student's t on the same outcomes. Where a law has a long tail, as
1/chi-square with 7 degrees of freedom, Student's t calls true theories wrong many times as often as it
states, the more so the smaller the level; the price of keeping the level is a test that is often far below
it. The last law is zero with chance 0.5 and otherwise exponential; with 16 trials nearly all verdicts on it
are undecided. Shares of zero have no mark. The laws are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.special import stdtr

from figures import files
from figures.figure import PaperFigure
from sims.experiments.false_alarms import LAWS, tails
from sims.trials.sample import Sample
from sims.verdict.means import VOUCHED, means
from sims.verdict.shares import Shares

Array = NDArray[np.float64]
SHOWN = {
    "normal": ("C0", "o"),
    "1/chi2, 7": ("C1", "s"),
    "log-normal": ("C2", "^"),
    "half zero, else exponential": ("C3", "D"),
}
TRIALS = (16, 64)
LEVELS = np.geomspace(1e-1, 1e-4, 7)
CHUNK = 10_000


def data(verdicts: int = 200_000) -> dict[str, Any]:
    """Shares of false alarms of both tests, for each law and number of trials."""
    found: dict[str, Any] = {"level": LEVELS}
    for trials in TRIALS:
        for name in SHOWN:
            for test, share in _measured(verdicts, name, trials).items():
                below, above = Shares(share, np.zeros_like(share), verdicts).reach(0.025)
                key = f"{name}, {trials} trials, {test}"
                found[key], found[f"{key}, interval"] = share, np.stack([below, above])
    return found


def _measured(verdicts: int, name: str, trials: int) -> dict[str, Array]:
    """How often each test calls the true mean wrong, at each level."""
    law, rng = LAWS[name], np.random.default_rng([trials, *name.encode()])
    alarms = {"verdict": np.zeros(len(LEVELS)), "Student": np.zeros(len(LEVELS))}
    for count in np.diff([*range(0, verdicts, CHUNK), verdicts]).tolist():
        sample = Sample(law.draw(rng, (trials, count)))
        judged = means(sample, sample.mean, np.full(count, np.nan), VOUCHED)
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.abs(sample.mean - law.mean) / sample.se
        p_values = {
            "verdict": 2 * tails(judged, law.mean).min(axis=0),
            "Student": 2 * stdtr(trials - 1, -score),
        }
        for test, p_value in p_values.items():
            alarms[test] += (p_value[:, None] <= LEVELS).sum(axis=0)
    return {test: count / verdicts for test, count in alarms.items()}


def draw(data: dict[str, Any]) -> Figure:
    """A panel for each number of trials."""
    figure = files.page(1, len(TRIALS), height=0.95)
    panels = figure.subplots(1, len(TRIALS), sharey=True)
    level = data["level"]
    for axes, trials in zip(panels, TRIALS, strict=True):
        axes.fill_between(level, level, 1.5 * level, color="0.85", linewidth=0)
        axes.plot(level, level, color="0.3", linewidth=0.7)
        for name, (color, marker) in SHOWN.items():
            for test, face in (("verdict", color), ("Student", "white")):
                key = f"{name}, {trials} trials, {test}"
                seen = data[key] > 0
                axes.errorbar(
                    level[seen], data[key][seen], data[f"{key}, interval"][:, seen], color=color,
                    marker=marker, linestyle=":", linewidth=0.9, elinewidth=0.7, markerfacecolor=face,
                    label=name if test == "verdict" else None,
                )  # fmt: skip
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(3e-6, 0.3)
        axes.set_xlabel("stated level")
        axes.set_title(f"{trials} trials", loc="left")
    panels[0].set_ylabel("share of false alarms")
    handles, labels = panels[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """At 64 trials and level 1e-3, how many times the level each test has, for the law of a risk."""
    at = int(np.argmin(np.abs(LEVELS - 1e-3)))
    return {
        f"times_the_level_{test}".lower(): float(data[f"1/chi2, 7, 64 trials, {test}"][at] / LEVELS[at])
        for test in ("verdict", "Student")
    }


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"verdicts": "verdicts behind each mark"}
)
