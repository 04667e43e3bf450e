"""The classical U is the left half of a longer curve: beyond the threshold the test loss falls again.

The curves are real where the paper draws a sketch: squared loss on MNIST of minimum-norm fits on p random
Fourier features (cosines and sines), for n = 300 of 5,000 images with a tenth of the training labels drawn
anew. The left panel stops at 0.8 n features, as textbooks draw it; the right one shows the same family up to
10 n, on a logarithmic axis that holds the peak; the training loss falls to zero at the threshold. Dotted
lines are medians of 10 draws at every size, marks are means with intervals (medians next to the threshold).
The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _belkin2019
from sims.experiments.images.growing_models import GrowingModel

CLASSICAL = 0.8


def data(n: int = 300, noise: float = 0.1, trials: int = 10, seed: int = 0) -> dict[str, Any]:
    """Losses against features per sample, p/n = 2N/n, and the bottom of the U."""
    model = GrowingModel("fourier-real", "mnist", n=n, points=24, top=5 * n, label_noise=noise)
    curves = _belkin2019.curves(model, trials, seed)
    ratio = 2 * curves["fourier-real sizes"] / n
    test = curves["fourier-real test every"]
    left = ratio <= CLASSICAL
    bottom = int(np.argmin(np.where(left, test, np.inf)))
    points, train = curves["fourier-real test"], curves["fourier-real train"]
    return {
        "ratio": ratio,
        "median": test,
        "test": points._replace(x=2 * points.x / n),
        "train": train._replace(x=2 * train.x / n),
        "bottom": np.array([ratio[bottom], test[bottom]]),
    }


def draw(data: dict[str, Any]) -> Figure:
    """The U beside the whole curve, whose peak needs a logarithmic axis."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for axes, most in ((left, CLASSICAL), (right, np.inf)):
        shown, train = data["ratio"] <= most, data["train"]
        axes.plot(data["ratio"][shown], data["median"][shown], color="C1", linestyle=":", label="test")
        marks.scatter(axes, data["test"].where(data["test"].x <= most), "C1", None)
        train = train.where(train.x <= most)
        axes.plot(train.x, train.centre, color="C2", linestyle=":", marker=".", label="training")
        axes.set_xscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.set_xlabel("features per sample p/n")
    left.set_ylim(0.0, 1.6)
    left.set_yticks([0.0, 0.5, 1.0, 1.5])
    right.set_yscale("log")
    right.set_ylim(0.1, 2.0 * float(data["median"].max()))
    marks.plain_ticks(right.yaxis)
    left.set_ylabel("squared loss")
    left.plot(*data["bottom"][:, None], color="black", marker="v", linestyle="none", label="sweet spot")
    left.legend(loc="upper left")
    marks.threshold(right, 1.0)
    first, last = right.get_xlim()
    for x, name in ((np.sqrt(first), "under-\nparameterized"), (np.sqrt(last), "over-\nparameterized")):
        right.annotate(
            name, (x, 0.98), xycoords=("data", "axes fraction"), ha="center", va="top", color="0.3",
            fontsize="small",
        )  # fmt: skip
    right.annotate(
        "interpolation\nthreshold", (1.0, 0.05), xycoords=("data", "axes fraction"), xytext=(3, 0),
        textcoords="offset points", color="0.3", fontsize="small",
    )  # fmt: skip
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The bottom of the U and the right end."""
    return {
        "sweet_spot": float(data["bottom"][0]),
        "test_at_sweet_spot": float(data["bottom"][1]),
        "test_at_right_end": float(data["test"].centre[-1]),
    }


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, redraws="Fig. 1†", meanings={"noise": "share of labels drawn anew"}
)
