"""Trees on MNIST: to grow a single one soon helps no more, to average many full-grown ones does.

Above a random forest, below boosting (trees of ten leaves, shrinkage 0.85): one member grows to the vertical
line, from there on members of full size are averaged. One-hot digits, no bootstrap, n = 400 and 200 of 5,000
images, means over 8 and 5 draws. No label noise. Parameters ours. The size of an ensemble is no capacity
that theory knows of, and no peak is claimed.
"""

from typing import Any

from matplotlib.figure import Figure

from figures import files
from figures.plots import _belkin2019
from sims.experiments.images.growing_models import GrowingModel

FOREST = GrowingModel("forest", "mnist", n=400, points=16)
BOOSTING = GrowingModel("boosting", "mnist", n=200, points=13)


def data() -> dict[str, Any]:
    """Losses at sizes in leaves, of both ensembles."""
    return {**_belkin2019.curves(FOREST, 8), **_belkin2019.curves(BOOSTING, 5)}


def draw(data: dict[str, Any]) -> Figure:
    """A row for each ensemble."""
    figure = files.page(2, 2)
    rows = {"forest": ("leaves of a forest", "second tree"), "boosting": ("leaves, boosted", "second member")}
    _belkin2019.losses(figure, data, rows)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The best of the left branches, and the right ends."""
    return _belkin2019.gains(data, ["forest", "boosting"])
