"""Pruning a large model to k coordinates avoids the peak of training those k alone, near k = n.

A linear model has 400 coordinates with eigenvalues 1/k and coefficients in proportion to k^(-1/2); there
are n = 100 samples, and noise 0.05 beside a signal of power 1. Shown is the test error against k of
minimum-norm least squares on the first k coordinates (circles; theory is exact for k < n, then the limit of
large n), and of the fit on all 400, pruned without training it again to the first k (squares) or to the k
of largest |coefficient| sqrt(eigenvalue) (triangles). Lines are theory, marks simulation with 95 %
intervals (near k = n medians), whose risk is exact given the inputs. For k well below n the three differ
little here; with other spectra it is then best to train the k alone. The parameters are ours, chosen among
several spectra.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import chang2021 as claims
from sims.trials.sample import Sample
from theory.papers import chang2021

TOTAL, DRAWS = 400, 4
KEPT = (5, 10, 20, 40, 70, 90, 97, 103, 115, 150, 220, 400)
EIGENVALUES = 1.0 / np.arange(1, TOTAL + 1)
BETA = np.sqrt(EIGENVALUES / (EIGENVALUES**2).sum())
NAMES = ("trained", "first", "largest")
Array = NDArray[np.float64]


def _risks(n: int, noise: float, place: int, rng: np.random.Generator) -> Array:
    """Risks of the three models at every k, averaged over draws of noise and of signs of the target."""
    X = rng.standard_normal((n, TOTAL)) * np.sqrt(EIGENVALUES)
    target = BETA[:, None] * rng.choice([-1.0, 1.0], (TOTAL, DRAWS))
    y = X @ target + np.sqrt(noise) * rng.standard_normal((n, DRAWS))
    whole = np.linalg.pinv(X) @ y
    score = np.sqrt(EIGENVALUES)[:, None] * np.abs(whole)
    rows = []
    for k in KEPT:
        alone = np.zeros_like(whole)
        alone[:k] = np.linalg.pinv(X[:, :k]) @ y
        first = np.where(np.arange(TOTAL)[:, None] < k, whole, 0.0)
        largest = whole * (score >= np.sort(score, axis=0)[-k])
        rows.append([noise + (EIGENVALUES @ (fit - target) ** 2).mean() for fit in (alone, first, largest)])
    return np.array(rows).T.ravel()


def _trained(n: int, noise: float, k: Any) -> Array:
    """Test error of least squares on the first k coordinates."""
    power = EIGENVALUES * BETA**2
    return np.array([
        chang2021.retrained_risk(EIGENVALUES, BETA, n, int(each), noise) if each < n
        else chang2021.pruned_risk(
            EIGENVALUES[:each], BETA[:each], n, int(each), noise + power[each:].sum()
        ) if each > n else np.inf
        for each in k
    ])  # fmt: skip


def _theory(n: int, noise: float, k: Any) -> list[Array]:
    model = EIGENVALUES, BETA, n, k, noise
    return [_trained(n, noise, k), chang2021.pruned_risk(*model), chang2021.pruned_risk(*model, "hessian")]


def data(n: int = 100, noise: float = 0.05, trials: int = 32) -> dict[str, Any]:
    """Risks of the three models, theory at every k of a grid and simulated."""
    line = np.unique(np.concatenate([np.rint(np.geomspace(4, TOTAL, 60)), np.arange(n - 10, n + 11)])).astype(
        int
    )
    found: dict[str, Any] = {"n": n, "line": line}
    sample = marks.simulated(partial(_risks, n, noise), [0], trials, "chang2021 pruning")[0]
    k = np.array(KEPT)
    pruned = claims.pruned.granted({"n": n})
    trained = np.where(k > n, pruned + 1 / np.maximum(np.abs(k - n), 1), 0.0)  # below n theory is exact
    granted = (trained, pruned, claims.magnitude.granted({"n": n}))
    heavy = (np.abs(k - n) <= 5, False, False)
    parts = np.split(sample.values, 3, axis=1)
    for i, (name, part) in enumerate(zip(NAMES, parts, strict=True)):
        found[name] = _theory(n, noise, line)[i]
        found[f"simulated {name}"] = marks.points(
            k, Sample(part), _theory(n, noise, k)[i], granted[i], heavy[i]
        )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Test error against the coordinates that are used."""
    n = data["n"]
    figure = files.page()
    axes = figure.add_subplot()
    labels = ("first k alone", "pruned to first k", "pruned to largest k")
    for i, (name, label, marker) in enumerate(zip(NAMES, labels, "os^", strict=True)):
        axes.plot(data["line"], data[name], f"C{i}", label=label)
        marks.scatter(axes, data[f"simulated {name}"], f"C{i}", None, marker)
    marks.threshold(axes, n, "k = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(0.08, 3.0)
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("coordinates used, k")
    axes.set_ylabel("test error")
    axes.legend(loc="upper left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
