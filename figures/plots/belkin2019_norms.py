"""Norms on MNIST: largest at the interpolation threshold, and falling beyond it towards the kernel's.

Each panel shows the squared norm N |a|² of minimum-norm fits to one-hot digits on N random features, for n
= 300 of 5,000 images: cosines and sines of N frequencies, with the threshold at n/2, and N ReLU units, with
the threshold at n. The thin line is the median of 24 draws at every size; marks are means with intervals
(medians next to the threshold, and for ReLU up to it); the horizontal line is the norm of the kernel's
interpolant. The parameters are ours.
"""

from typing import Any

from matplotlib.figure import Figure

from figures import files
from figures.figure import PaperFigure
from figures.plots import _belkin2019
from sims.experiments.images.growing_models import GrowingModel

PANELS = {
    "fourier-real": ("Fourier frequencies N", "2N = n"),
    "relu": ("ReLU features N", "N = n"),
}


def data(n: int = 300, trials: int = 24, seed: int = 0) -> dict[str, Any]:
    """Norms at every size up to four times the threshold."""
    found: dict[str, Any] = {}
    for model in PANELS:
        found.update(_belkin2019.curves(GrowingModel(model, "mnist", n=n, points=16), trials, seed))
    return found


def draw(data: dict[str, Any]) -> Figure:
    """A panel for each family of features."""
    figure = files.page(1, len(PANELS))
    for axes, (model, (sizes, turn)) in zip(figure.subplots(1, len(PANELS)), PANELS.items(), strict=True):
        _belkin2019.panel(axes, data, model, "norm", turn)
        axes.set_xlabel(sizes)
        axes.set_ylabel("squared norm N |a|²")
    _belkin2019.legend(figure)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Norms over that of the kernel at the right end."""
    return {
        f"{model}_norm_over_kernel".replace("-", "_"): float(
            data[f"{model} norm"].centre[-1] / data[f"{model} norm limit"]
        )
        for model in PANELS
    }


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
