"""A wide network trains like the model that is linear in its parameters; a narrow one strays from it.

The networks have one hidden layer of tanh units and start from f = 0, with n = 4 samples in d = 3. (a) The
mean prediction at two fresh inputs against the time of training on the summed loss. Lines are the linear
model of infinite width, filled marks networks of 256 units, open marks networks of 4 units. The wide
networks are judged; theory is granted a relative error of 2/width, and 4/width at the last time. (b) The
training loss of the same networks, as mean over networks; here the wide ones are granted 0.5/width to
16/width, which grows with time. Later, not shown, the relative gap of the loss grows further. The
parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.lee2019 import task
from sims.network import Network, start
from sims.training.solvers import flow
from sims.trials.sample import Sample
from theory.papers import lee2019

N, D = 4, 3
TIMES = np.array([0.03, 0.1, 0.3, 1.0, 3.0])
# allowances times width; measured at widths 32 and 128: below 1.3, at the last time 2.6;
# of the loss 0.2, 0.6, 0.9, 2.2, 12
MEAN, LOSS = np.array([2.0, 2.0, 2.0, 2.0, 4.0]), np.array([0.5, 1.0, 2.0, 4.0, 16.0])
X, Y, FRESH = task(SimpleNamespace(n=N, d=D))
Array = NDArray[np.float64]


def _trained(networks: int, width: int, rng: np.random.Generator) -> Array:
    """Mean predictions at the fresh inputs, then mean loss, at each time."""
    network = Network(D, (width,), activation="tanh", symmetric=True)
    theta = start(network, rng.spawn(networks))
    run = flow(network, theta, X, Y, N * TIMES, X_test=FRESH, rtol=1e-4, atol=1e-6)
    assert run.test is not None
    means = run.test.mean(axis=1)
    return np.concatenate([means[:, 0], means[:, 1], run.loss.mean(axis=1)])


def _linear(time: Array) -> list[Array]:
    """Both predictions and the loss of infinite width."""
    fresh = lee2019.predictive(X, Y, FRESH, time, 1, "tanh").mean
    gap = lee2019.predictive(X, Y, X, time, 1, "tanh").mean - Y
    return [fresh[:, 0], fresh[:, 1], (gap**2).mean(axis=1) / 2]


def data(wide: int = 256, narrow: int = 4, networks: int = 8, trials: int = 32) -> dict[str, Any]:
    """Predictions and loss over time: of infinite width, wide and narrow."""
    time = np.geomspace(0.02, 5.0, 100)
    names = ("x_1", "x_2", "loss")
    found: dict[str, Any] = {
        "wide": wide,
        "narrow": narrow,
        "time": time,
        **dict(zip(names, _linear(time), strict=True)),
    }
    for kind, width in (("wide", wide), ("narrow", narrow)):
        sample = marks.simulated(partial(_trained, networks), [width], trials, f"lee2019 {kind}")[0]
        for name, part, theory in zip(names, np.split(sample.values, 3, axis=1), _linear(TIMES), strict=True):
            judged: dict[str, Any] = {
                "theory": theory,
                "allowance": (LOSS if name == "loss" else MEAN) / width,
            }
            found[f"{kind} {name}"] = marks.points(TIMES, Sample(part), **(judged if width == wide else {}))
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Predictions beside the loss."""
    wide, narrow = data["wide"], data["narrow"]
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for axes, names in ((left, ("x_1", "x_2")), (right, ("loss",))):
        for i, (name, marker) in enumerate(zip(names, "os", strict=False)):
            first = i == 0
            axes.plot(data["time"], data[name], f"C{i}", label="infinite width" if first else None)
            marks.scatter(
                axes, data[f"wide {name}"], f"C{i}", f"{wide} units, 95 %" if first else None, marker
            )
            low, x, high = (np.array(getattr(data[f"narrow {name}"], of)) for of in ("low", "centre", "high"))
            axes.errorbar(
                TIMES, x, [x - low, high - x], color="C6", fmt=marker, markerfacecolor="white",
                elinewidth=0.9, label=f"{narrow} units, 95 %" if first else None,
            )  # fmt: skip
    left.axhline(0.0, color="0.4", linewidth=0.7, zorder=0)
    left.set_ylim(-0.75, 0.5)
    left.set_ylabel("mean prediction at two inputs")
    right.set_ylabel("training loss")
    right.set_yscale("log")
    marks.plain_ticks(right.yaxis)
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        axes.set_xlabel("time of training")
        marks.plain_ticks(axes.xaxis)
        axes.legend()
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    meanings={
        "wide": "units of the wide networks",
        "narrow": "units of the narrow networks",
        "networks": "networks whose mean is one draw",
    },
)
