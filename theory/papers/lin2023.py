"""Lin, Ju, Liang and Shroff 2023: forgetting in overparameterized linear models that learn tasks one by one.

Task t has n rows x ~ N(0, I_p) with labels x.w*_t + noise. The fit of task t is the solution of its least
squares nearest to that of task t - 1, which is where gradient descent ends; the first one starts at 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import SAME, Array, array, integer, non_negative, scalar, symmetric
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="lin2023",
    title="Theory on forgetting and generalization of continual learning",
    authors=("Lin", "Ju", "Liang", "Shroff"),
    error="excess",
    note="squared distances to the tasks' coefficients",
    penalty="none: the solution nearest to that of the task before",
    statements={"distances": "proved: mean of a random projection, one task after another"},
    topics=("continual learning", "forgetting", "transfer learning", "implicit bias"),
)


def distances(p: int, n: int, gram: ArrayLike, norms: ArrayLike, noise: float, steps: int) -> Array:
    """Mean squared distances of the coefficients to those of every task, after some of the tasks.

    With q = min(n/p, 1) the share of directions that n rows show,
        E|w_t - w*_i|^2 = (1 - q) E|w_{t-1} - w*_i|^2 + q |w*_t - w*_i|^2 + noise n/(p - n - 1),
    and noise p/(n - p - 1) in the last term if n > p: exact at every size. The value for i is the excess test
    error on task i: below `norms` it has been learnt, and how much it grows after task i is forgetting.

    Parameters
    ----------
    p, n : int >= 1
        Features, and samples of each task.
    gram : (tasks, tasks) array_like >= 0
        |w*_s - w*_t|^2, symmetric with zeros on its diagonal.
    norms : (tasks,) array_like >= 0
        |w*_t|^2.
    noise : float >= 0
        Label-noise variance.
    steps : int >= 0
        How many tasks have been learnt, in their order; at most as many as there are.

    Returns
    -------
    (tasks,) array; inf with noise and steps > 0 if |n - p| <= 1.

    Source: [lin2023, Thm 4.1†].

    >>> distances(60, 20, [[0.0, 2.0], [2.0, 0.0]], [1.0, 1.0], noise=0.0, steps=2).round(6)
    array([1.111111, 0.888889])
    """
    features, samples = integer("p", p, low=1), integer("n", n, low=1)
    between = non_negative("gram", array("gram", gram, 2))
    start = non_negative("norms", array("norms", norms, 1))
    if between.shape != (start.size, start.size):
        raise ValueError(
            f"gram has shape {between.shape}; pass one row and one column for each of the {start.size} norms"
        )
    symmetric("gram", between, SAME * float(between.max()))
    if np.diagonal(between).max() > SAME * between.max():
        raise ValueError("gram has a diagonal that is not 0; pass squared distances, not inner products")
    count = integer("steps", steps, low=0)
    if count > start.size:
        raise ValueError(f"steps = {count} must be at most the number of tasks, {start.size}")
    seen = min(samples / features, 1.0)
    fitted = float(exact.least_squares(samples, features, 0.0, scalar("noise", noise, low=0.0)).variance)
    found = start
    for task in between[:count]:
        kept = (1 - seen) * found if seen < 1 else 0.0  # of a mean that may be inf
        found = kept + seen * task + fitted
    return found
