"""Random ReLU features on MNIST: the peak at N = n, and beyond it a descent below the best narrow model.

Minimum-norm fits to one-hot digits use N features relu(w.x), on n = 400 of 5,000 images without label noise.
Marks are means over 24 draws of images and features, and medians up to N = n, where units that see one image
alone have coefficients without bounds. The dotted line is the median at every N, the horizontal line the
interpolant of the arc-cosine kernel. The parameters are ours; the paper has n = 10,000.
"""

from typing import Any

from matplotlib.figure import Figure

from figures import files
from figures.figure import PaperFigure
from figures.plots import _belkin2019
from sims.experiments.images.growing_models import GrowingModel


def data(n: int = 400, trials: int = 24, seed: int = 0) -> dict[str, Any]:
    """Losses at sizes from n/20 to 4n."""
    return _belkin2019.curves(GrowingModel("relu", "mnist", n=n, points=20), trials, seed)


def draw(data: dict[str, Any]) -> Figure:
    """Zero-one loss and squared loss side by side."""
    figure = files.page(1, 2)
    _belkin2019.losses(figure, data, {"relu": ("features N", "N = n")})
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The best of the left branch, and the right end."""
    return _belkin2019.gains(data, ["relu"])


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
