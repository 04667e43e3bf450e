"""Three data sets, many splits: the error that is told before training, and the one that is measured.

Each split takes n = 120 rows of a data set of scikit-learn, tells the error of the recommended fit of ReLU
features (or of linear ridge, where that errs less) from these rows alone, and then fits it. Bars are the told
95 % intervals and marks the mean errors of up to 1,000 other rows, both over the told error; splits are in
the order of the marks. Bars leave the panel where few rows make most of the error. Marks are open where they
miss the interval by more than the error of their own mean: that happens about as often as the intervals say.
The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import binomtest

from figures import files, marks
from figures.figure import PaperFigure
from sims import data as tables
from sims.sweet_spot.checked import checked

SETS = ("breast-cancer", "diabetes", "digits")
LEVEL = 0.95


def data(n: int = 120, trials: int = 24, seed: int = 0) -> dict[str, Any]:
    """Ends of the told interval and measured errors, over the told error, and where the latter lie."""
    found: dict[str, Any] = {}
    for name in SETS:
        table = tables.load(name)
        splits = [checked(table, n, seed * trials + k) for k in range(trials)]
        splits.sort(key=lambda split: split.measured / split.told.value)
        found |= {
            f"{name} low": np.array([split.told.low / split.told.value for split in splits]),
            f"{name} high": np.array([split.told.high / split.told.value for split in splits]),
            f"{name} measured": np.array([split.measured / split.told.value for split in splits]),
            f"{name} side": np.array([split.side for split in splits]),
        }
    inside = _inside(found)
    if binomtest(int(inside.sum()), len(inside), LEVEL).pvalue < marks.FALSE_ALARM:
        raise marks.Disagreement(f"{inside.sum()} of {len(inside)} measured errors lie in their intervals")
    return found


def _inside(data: dict[str, Any]) -> Any:
    return np.concatenate([data[f"{name} side"] == 0 for name in SETS])


def draw(data: dict[str, Any]) -> Figure:
    """A panel for each data set."""
    figure = files.page(1, len(SETS), height=1.0)
    panels = figure.subplots(1, len(SETS), sharey=True)
    for axes, name in zip(panels, SETS, strict=True):
        low, high, measured = (data[f"{name} {what}"] for what in ("low", "high", "measured"))
        place, missed = np.arange(1, len(low) + 1), data[f"{name} side"] != 0
        axes.axhline(1.0, color="0.5", linewidth=0.7)
        axes.vlines(place, low, high, color="C0", alpha=0.4, linewidth=2.2, label="told, 95 %")
        axes.plot(place[~missed], measured[~missed], "o", color="C1", label="measured")
        axes.plot(place[missed], measured[missed], "o", color="C1", markerfacecolor="white", label="outside")
        axes.set_title(name, loc="left")
        axes.set_xlabel("split")
    measured = np.concatenate([data[f"{name} measured"] for name in SETS])
    panels[0].set_yscale("log")
    panels[0].set_ylim(0.8 * measured.min(), 1.25 * measured.max())
    marks.plain_ticks(panels[0].yaxis)
    panels[0].set_ylabel("error over told")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Splits, and the share of them whose measured error lies in the interval."""
    inside = _inside(data)
    return {"splits": float(len(inside)), "inside": float(inside.mean())}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"trials": "splits of each data set"})
