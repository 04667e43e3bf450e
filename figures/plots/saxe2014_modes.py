"""A deep linear network learns one mode after the other; layers out of balance learn them without a plateau.

Strength of two modes of the target, s = 3 and s = 1, against time, in two linear layers that start at
the strength 0.01 in every mode. Left: balanced layers, each mode a step after a plateau. Right: layers
out of balance by L = 2, which learn from the start on. Lines are theory, marks the integrated flow of
both layers in random bases. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims import Claim
from sims.claims.papers.kunin2024 import unbalanced
from sims.claims.papers.saxe2014 import strength
from sims.trials.sample import Sample

TIMES = (0.5, 1.0, 2.0, 3.0)
LINE = np.linspace(0.0, 4.2, 300)
MODES = ("weak", "strong")
CLAIMS = {"balanced": strength, "L = 2": unbalanced}


def data(strong: float = float(strength.defaults["strong"]), trials: int = 24) -> dict[str, Any]:
    """Both modes of both networks, at all times and at some."""
    found: dict[str, Any] = {"strong": strong, "time": LINE}
    for name, claim in CLAIMS.items():
        at = {**claim.defaults, "strong": strong}

        def run(place: int, rng: np.random.Generator, claim: Claim = claim, at: Any = at) -> Any:
            return claim.measure({**at, "time": TIMES[place]}, rng)

        samples = marks.simulated(run, range(len(TIMES)), trials, f"saxe2014 {name}")
        truth = np.array([claim.expectation({**at, "time": time}) for time in TIMES])
        lines = np.array([claim.expectation({**at, "time": time}) for time in LINE])
        for i, mode in enumerate(MODES):
            found[f"theory {name} {mode}"] = lines[:, i]
            chosen = [Sample(sample.values[:, [i]]) for sample in samples]
            allowed = claim.granted(at)
            found[f"{name} {mode}"] = marks.points(TIMES, chosen, truth[:, i], allowed, outcome="every")
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Balanced layers and layers out of balance beside one another."""
    strong = data["strong"]
    figure = files.page()
    for axes, name in zip(figure.subplots(1, 2, sharey=True), CLAIMS, strict=True):
        for i, (mode, marker) in enumerate((("strong", "o"), ("weak", "s"))):
            label = f"s = {strong if mode == 'strong' else strength.defaults[mode]:g}"
            axes.plot(data["time"], data[f"theory {name} {mode}"], color=f"C{i}", label=label)
            marks.scatter(axes, data[f"{name} {mode}"], f"C{i}", None, marker)
        axes.set_title(name, fontsize="small")
        axes.set_xlabel("time")
    figure.axes[0].set_ylabel("strength")
    figure.axes[1].legend(loc="center right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, meanings={"strong": "strength of the strong mode"})
