"""Regression trees grown by scikit-learn, singly, averaged and boosted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def grown(X: Array, y: Array, leaves: int, rng: np.random.Generator) -> Any:
    """A regression tree of so many leaves at most, which sees a random third of the inputs at each split."""
    try:
        from sklearn.tree import DecisionTreeRegressor  # two seconds that other claims do not wait for
    except ImportError:
        raise ImportError("scikit-learn is not installed; python -m pip install 'overparam[data]'") from None
    seed = int(rng.integers(2**31))
    return DecisionTreeRegressor(max_leaf_nodes=leaves, max_features=1 / 3, random_state=seed).fit(X, y)


def predictions(X: Array, y: Array, fresh: Array, trees: int, leaves: int, rng: np.random.Generator) -> Array:
    """Predictions of each of several trees, (trees, m)."""
    return np.array([grown(X, y, leaves, rng).predict(fresh) for _ in range(trees)])


def boosted(
    X: Array, y: Array, fresh: Array, rounds: int, leaves: int, shrinkage: float, rng: np.random.Generator
) -> Array:
    """Predictions after each round of fitting the residuals, (rounds, m)."""
    steps = []
    for _ in range(rounds):
        tree = grown(X, y, leaves, rng)
        y = y - shrinkage * tree.predict(X)
        steps.append(shrinkage * tree.predict(fresh))
    return np.cumsum(steps, axis=0)
