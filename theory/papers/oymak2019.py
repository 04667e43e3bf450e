"""Oymak, Soltanolkotabi 2019: gradient descent takes nearly the shortest path to a global optimum.

Summed loss |f(theta) - y|^2/2, Jacobian with singular values in [alpha, beta] and Lipschitz constant L in
a ball of radius 4 |r_0|/alpha. The constants are the paper's and not checked here; `theory.descent` has
others, with a proof.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative
from theory.engines.modes import decay, jacobian_bounds
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="oymak2019",
    title="Overparameterized nonlinear learning: gradient descent takes the shortest path?",
    authors=("Oymak", "Soltanolkotabi"),
    error="train",
    note="|r|, the root of the summed squares",
    penalty="none: steps of the summed loss",
    statements={
        "step": "verified by simulation; theory.descent.certificate is the proved one",
        "misfit_bound": "verified by simulation; theory.descent.misfit_bound is the proved one",
    },
    topics=("convergence of gradient descent", "implicit bias"),
)


def step(alpha: ArrayLike, beta: ArrayLike, lipschitz: ArrayLike, misfit: ArrayLike) -> Array:
    """Step of gradient descent: min(1, alpha^2/(L |r_0|))/beta^2.

    The constant is the paper's, as we remember it; `theory.descent.certificate` has a proved one.

    Parameters
    ----------
    alpha : array_like >= 0
        Smallest singular value of the Jacobian.
    beta : array_like > 0
        Largest singular value, >= alpha.
    lipschitz : array_like >= 0
        L; 0 for a linear model.
    misfit : array_like >= 0
        |r_0|.

    Returns
    -------
    array

    Source: [oymak2019].

    >>> float(step(alpha=0.5, beta=2.0, lipschitz=0.3, misfit=1.5).round(6))
    0.138889
    """
    alpha, beta, lipschitz, misfit = jacobian_bounds(alpha, beta, lipschitz, misfit)
    bent = product((alpha, 2), (lipschitz, -1), (misfit, -1), (beta, -2))
    straight = product((beta, -2))
    return np.where(lipschitz == 0, straight, np.minimum(straight, bent))[()]


def misfit_bound(alpha: ArrayLike, step: ArrayLike, misfit: ArrayLike, steps: ArrayLike) -> Array:
    """Bound on |r_t| after t steps: (1 - step alpha^2/2)^(t/2) |r_0|.

    The constant is the paper's, as we remember it; `theory.descent.misfit_bound` has a proved one.

    Parameters
    ----------
    alpha : array_like >= 0
        Smallest singular value of the Jacobian.
    step : array_like >= 0
        See `step`; step alpha^2 <= 2.
    misfit : array_like >= 0
        |r_0|.
    steps : array_like >= 0
        t; may be inf.

    Returns
    -------
    array

    Source: [oymak2019].

    >>> float(misfit_bound(alpha=0.4, step=0.3, misfit=2.0, steps=20).round(6))
    1.568658
    """
    alpha, size, misfit, steps = broadcast(
        alpha=non_negative("alpha", alpha),
        step=non_negative("step", step),
        misfit=non_negative("misfit", misfit),
        steps=non_negative("steps", steps, finite=False),
    )
    return decay("step alpha^2/2", product((size, 1), (alpha, 2)) / 2, misfit, steps)[()]
