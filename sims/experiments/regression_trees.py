"""Regression trees grown by scikit-learn, singly, averaged and boosted.

Used by the claims of belkin2019 and curth2023; `images.tree_ensembles` has classification of images.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.data.named import require

Array = NDArray[np.float64]


def samples(n: int, fresh: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """X (n, 6), noisy labels of sin(x_1) + 0.7 x_2, fresh inputs (fresh, 6), and the truth there.

    >>> [a.shape for a in samples(5, 3, 1.0, np.random.default_rng(0))]
    [(5, 6), (5,), (3, 6), (3,)]
    """
    X, new = rng.standard_normal((n, 6)), rng.standard_normal((fresh, 6))
    y, truth = (np.sin(x[:, 0]) + 0.7 * x[:, 1] for x in (X, new))
    return X, y + np.sqrt(noise) * rng.standard_normal(n), new, truth


def grown(X: Array, y: Array, leaves: int, rng: np.random.Generator) -> Any:
    """A regression tree of at most `leaves` leaves, which sees a random third of the inputs at each split."""
    require("sklearn")
    from sklearn.tree import DecisionTreeRegressor  # two seconds that other claims do not wait for

    seed = int(rng.integers(2**31))
    return DecisionTreeRegressor(max_leaf_nodes=leaves, max_features=1 / 3, random_state=seed).fit(X, y)


def predictions(X: Array, y: Array, fresh: Array, trees: int, leaves: int, rng: np.random.Generator) -> Array:
    """Predictions of each of several trees grown on the same samples at `fresh` (m, d), (trees, m)."""
    return np.array([grown(X, y, leaves, rng).predict(fresh) for _ in range(trees)])


def boosted(
    X: Array, y: Array, fresh: Array, rounds: int, leaves: int, shrinkage: float, rng: np.random.Generator
) -> Array:
    """Predictions at `fresh` (m, d) after each round, (rounds, m): each tree fits what the others left."""
    steps = []
    for _ in range(rounds):
        tree = grown(X, y, leaves, rng)
        y = y - shrinkage * tree.predict(X)
        steps.append(shrinkage * tree.predict(fresh))
    return np.cumsum(steps, axis=0)
