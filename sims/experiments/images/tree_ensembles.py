"""Random forests and boosted trees on one-hot classes, grown as in [belkin2019]: one member, then many.

The size of an ensemble is its number of leaves: those that one member may have, times members. A member of
boosting grows by rounds of ten leaves, a tree of a forest leaf by leaf.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sims.data import Split
from sims.experiments.images.feature_models import Losses, scored

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeRegressor

Array = NDArray[np.float64]

SHRINKAGE = 0.85  # of the paper's boosting
LEAVES = 10  # of one of its trees at most
ROUNDS = 5  # samples per boosting round at the end of the first branch: the fit interpolates then


def full_size(model: str, n: int) -> int:
    """Size at which one member is full grown: n leaves of a tree, or n/5 rounds of ten leaves.

    >>> full_size("forest", 500), full_size("boosting", 500)
    (500, 1000)
    """
    return n if model == "forest" else LEAVES * -(-n // ROUNDS)


def scores(model: str, parts: Split, sizes: Sequence[int], rng: np.random.Generator) -> list[Losses]:
    """Losses of the ensembles of these sizes; beyond `full_size` multiples of it. They have no norm: it is 0.

    A forest's trees see all samples (no bootstrap: else they would not interpolate) and differ by the root of
    d inputs that each split looks at; so do the members of boosting. A tree has two leaves at least, and a
    round of boosting ten: smaller sizes are refused.

    >>> parts = Split(np.eye(4), np.eye(4), np.eye(4), np.eye(4))
    >>> [s.train for s in scores("forest", parts, [2, 4, 8], np.random.default_rng(0))]
    [0.5, 0.0, 0.0]
    """
    smallest = 2 if model == "forest" else LEAVES
    if min(sizes) < smallest:
        raise ValueError(f"sizes = {list(sizes)} of a {model} model must be at least {smallest} leaves")
    full = full_size(model, len(parts.X))
    # what scikit-learn's trees make of their inputs, made once: then they need not look at them each time
    X, X_test = (np.ascontiguousarray(x, dtype=np.float32) for x in (parts.X, parts.X_test))
    parts = parts._replace(X=X, X_test=X_test)  # type: ignore[arg-type]  # of half the length
    grow = _forest if model == "forest" else _boosting
    single = [size for size in sizes if size <= full]
    pairs = grow(parts, single, rng)
    total, members = [np.zeros(parts.Y.shape), np.zeros(parts.Y_test.shape)], 0
    for size in sizes[len(single) :]:
        while members < size // full:
            [member] = grow(parts, [full], rng)
            total = [mean + part for mean, part in zip(total, member, strict=True)]
            members += 1
        pairs.append((total[0] / members, total[1] / members))
    return [scored(parts, *pair, 0.0) for pair in pairs]


def _tree(leaves: int, rng: np.random.Generator) -> "DecisionTreeRegressor":
    from sklearn.tree import DecisionTreeRegressor

    state = int(rng.integers(2**31))
    return DecisionTreeRegressor(max_features="sqrt", max_leaf_nodes=leaves, random_state=state)


def _forest(parts: Split, sizes: Sequence[int], rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Fitted and predicted values of one tree of each size."""
    pairs = []
    for size in sizes:
        tree = _tree(size, rng).fit(parts.X, parts.Y, check_input=False)
        pairs.append(
            (tree.predict(parts.X, check_input=False), tree.predict(parts.X_test, check_input=False))
        )
    return pairs


def _boosting(parts: Split, sizes: Sequence[int], rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Fitted and predicted values of one boosted member after so many leaves."""
    fitted, predicted = np.zeros(parts.Y.shape), np.zeros(parts.Y_test.shape)
    pairs, rounds = [], 0
    for size in sizes:
        while rounds < size // LEAVES:
            tree = _tree(LEAVES, rng).fit(parts.X, parts.Y - fitted, check_input=False)
            fitted = fitted + SHRINKAGE * tree.predict(parts.X, check_input=False)
            predicted = predicted + SHRINKAGE * tree.predict(parts.X_test, check_input=False)
            rounds += 1
        pairs.append((fitted, predicted))
    return pairs
