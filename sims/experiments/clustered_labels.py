"""Inputs in clusters, a share of each cluster's labels wrong: x = centre + spread N(0, I), scaled to norm 1.

The centres have norm 1, their clean labels alternate between +1 and -1, and the first `corruption` share of
the labels of each cluster is flipped. Used by the claims and the figure of li2020.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.experiments.signed_networks import unit_inputs

Array = NDArray[np.float64]


class Clustered(NamedTuple):
    """A data set of clusters, cluster after cluster."""

    X: Array
    """Inputs (clusters * copies, d) of norm 1."""
    y: Array
    """Observed labels (clusters * copies,), some of them wrong."""
    clean: Array
    """Clean label of each cluster, (clusters,)."""


def centers(clusters: int, d: int) -> tuple[Array, Array]:
    """Centres (clusters, d) and their clean labels (clusters,): the same in every trial.

    >>> centers(3, 5)[1]
    array([ 1., -1.,  1.])
    """
    return unit_inputs(clusters, d, seed=6), np.where(np.arange(clusters) % 2, -1.0, 1.0)


def draw(
    clusters: int, copies: int, d: int, corruption: float, spread: float, rng: np.random.Generator
) -> Clustered:
    """`copies` samples about each centre; the share `corruption` of each cluster's labels is wrong.

    >>> draw(2, 4, 3, corruption=0.25, spread=0.0, rng=np.random.default_rng(0)).y
    array([-1.,  1.,  1.,  1.,  1., -1., -1., -1.])
    """
    points, clean = centers(clusters, d)
    X = np.repeat(points, copies, axis=0)
    X = X + spread * rng.standard_normal(X.shape)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = np.repeat(clean, copies).reshape(clusters, copies)
    y[:, : round(corruption * copies)] *= -1
    return Clustered(X, y.ravel(), clean)
