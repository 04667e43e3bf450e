"""A small trained network on noisy 8 x 8 digits: its squared loss peaks where parameters equal n K labels.

Networks with one hidden layer of tanh units are trained by L-BFGS (800 steps) on n = 60 of the 8 x 8 digits,
with a fifth of the labels drawn anew. Up to the threshold each network starts from the narrower one. Marks
are medians with the 5 % and 95 % quantiles of 40 draws, at all sizes. Read this as a sign rather than a
measurement: the height of the peak depends on how long one trains. The parameters are ours; the paper has
MNIST, n = 4,000 and no label noise. On MNIST (`--set images=mnist n=400 trials=24`, some minutes) the peak
stands at about twice n K, where these networks first fit their labels.
"""

from typing import Any

from matplotlib.figure import Figure

from figures import files
from figures.figure import PaperFigure
from figures.plots import _belkin2019
from sims.experiments.images.growing_models import GrowingModel


def data(
    n: int = 60, noise: float = 0.2, trials: int = 40, images: str = "digits", seed: int = 0
) -> dict[str, Any]:
    """Losses at sizes from n K/16 to 5 n K parameters."""
    model = GrowingModel("network", images, n=n, points=8, label_noise=noise)
    return _belkin2019.curves(model, trials, seed)


def draw(data: dict[str, Any]) -> Figure:
    """Zero-one loss and squared loss side by side."""
    figure = files.page(1, 2)
    _belkin2019.losses(figure, data, {"network": ("parameters", "n K")})
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The best of the left branch, and the right end."""
    return _belkin2019.gains(data, ["network"])


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    redraws="Fig. 3†",
    meanings={"noise": "share of labels drawn anew", "images": "data set, digits or mnist (extra `data`)"},
)
