"""Trees on MNIST: to grow a single one soon helps no more, to average many full-grown ones does.

The upper row is a random forest, the lower one boosting with trees of ten leaves and shrinkage 0.85. Up to
the vertical line one member grows; from there on members of full size are averaged. Both fit one-hot digits
without a bootstrap and without label noise, on n = 400 and 200 of 5,000 images; the curves are means over 8
draws. The size of an ensemble is no capacity that theory knows of, so no peak is claimed. The parameters
are ours.
"""

from typing import Any

from matplotlib.figure import Figure

from figures import files
from figures.figure import PaperFigure
from figures.plots import _belkin2019
from sims.experiments.images.growing_models import GrowingModel


def data(forest: int = 400, boosting: int = 200, trials: int = 24, seed: int = 0) -> dict[str, Any]:
    """Losses at sizes in leaves, of both ensembles."""
    return {
        **_belkin2019.curves(GrowingModel("forest", "mnist", n=forest, points=16), trials, seed),
        **_belkin2019.curves(GrowingModel("boosting", "mnist", n=boosting, points=13), trials, seed),
    }


def draw(data: dict[str, Any]) -> Figure:
    """A row for each ensemble."""
    figure = files.page(2, 2)
    rows = {"forest": ("leaves of a forest", "second tree"), "boosting": ("leaves, boosted", "second member")}
    _belkin2019.losses(figure, data, rows)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The best of the left branches, and the right ends."""
    return _belkin2019.gains(data, ["forest", "boosting"])


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    redraws="Fig. 4†",
    meanings={"forest": "images of the forest", "boosting": "images of boosting"},
)
