"""Du et al. 2019: gradient descent provably optimises a wide two-layer relu network.

Output weights +-1 fixed, summed loss. lambda_0 is the smallest eigenvalue of the relu kernel of the first
layer; it is positive unless two inputs are parallel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, pair, positive, share, whole_or_inf
from theory.engines.modes import decay
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper, oymak2020

__dir__ = own_names(globals())

PAPER = Paper(
    key="du2019",
    title="Gradient descent provably optimizes over-parameterized neural networks",
    authors=("Du", "Zhai", "Póczos", "Singh"),
    error="train",
    note="the root of the summed squares",
    penalty="none: steps of the summed loss",
    statements={
        "minimum_eigenvalue": "verified",
        "residual_bound": "verified for the kernel; by simulation for networks narrower than the paper's",
        "required_width": "stated in the paper, which gives no constant",
        "largest_step": "stated in the paper, which gives no constant",
    },
    checked={
        "minimum_eigenvalue": "text",
        "residual_bound": "text",
        "required_width": "text",
        "largest_step": "text",
    },
    topics=("lazy training", "convergence of gradient descent"),
)


def minimum_eigenvalue(X: ArrayLike) -> float:
    """lambda_0, the smallest eigenvalue of the relu kernel x.z (pi - angle)/(2 pi).

    Parameters
    ----------
    X : (n, d) array_like
        Inputs; the paper's have norm 1.

    Returns
    -------
    float; 0 for repeated inputs.

    Source: [du2019, Assumption 3.1]; it is positive by Thm 3.1 where no two inputs are parallel.

    >>> minimum_eigenvalue([[1.0, 0.0], [0.0, 1.0]])
    0.5
    """
    return oymak2020.minimum_eigenvalue(X, "relu")


def residual_bound(X: ArrayLike, y: ArrayLike, step: ArrayLike, steps: ArrayLike) -> Array:
    """Bound on the misfit after k steps from an output of zero: (1 - step lambda_0/2)^(k/2) |y|.

    Parameters
    ----------
    X : (n, d) array_like
        Inputs; the paper's have norm 1.
    y : (n,) array_like
    step : array_like > 0
        Step on the summed loss, step lambda_0 <= 2; see `largest_step` for where the bound is claimed.
    steps : array_like of whole numbers >= 0
        k; may be inf.

    Returns
    -------
    array; |y| for repeated inputs.

    Source: [du2019, Thm 4.1].

    >>> residual_bound([[1.0, 0.0], [0.0, 1.0]], [3.0, 4.0], step=1.0, steps=[0, 2])
    array([5.  , 3.75])
    """
    inputs, labels = pair("X", X, "y", y)
    size, count = broadcast(step=positive("step", step, finite=True), steps=whole_or_inf("steps", steps))
    misfit = np.asarray(np.linalg.norm(labels))
    return decay("step lambda_0/2", size * minimum_eigenvalue(inputs) / 2, misfit, count)[()]


def required_width(
    n: ArrayLike, eigenvalue: ArrayLike, delta: ArrayLike = 0.05, constant: ArrayLike = 1.0
) -> Array:
    """Width that suffices with probability 1 - delta: C n^6/(lambda_0^4 delta^3).

    The paper gives no value of C: read the formula as a scaling law.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    eigenvalue : array_like >= 0
        lambda_0.
    delta : array_like in (0, 1]
    constant : array_like > 0
        C.

    Returns
    -------
    array; inf at eigenvalue 0.

    Source: [du2019, Thm 3.2 and 4.1].

    >>> float(required_width(n=10, eigenvalue=0.5, delta=1.0))
    16000000.0
    """
    n, eigenvalue, delta, constant = broadcast(
        n=positive("n", n),
        eigenvalue=non_negative("eigenvalue", eigenvalue),
        delta=share("delta", delta),
        constant=positive("constant", constant, finite=True),
    )
    return product((constant, 1), (n, 6), (eigenvalue, -4), (delta, -3))[()]


def largest_step(n: ArrayLike, eigenvalue: ArrayLike, constant: ArrayLike = 1.0) -> Array:
    """Step for which the paper proves convergence: C lambda_0/n^2, of the summed loss.

    The paper gives no value of C: read the formula as a scaling law.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    eigenvalue : array_like >= 0
        lambda_0.
    constant : array_like > 0
        C.

    Returns
    -------
    array

    Source: [du2019, Thm 4.1].

    >>> float(largest_step(n=10, eigenvalue=0.5))
    0.005
    """
    n, eigenvalue, constant = broadcast(
        n=positive("n", n),
        eigenvalue=non_negative("eigenvalue", eigenvalue),
        constant=positive("constant", constant, finite=True),
    )
    return product((constant, 1), (eigenvalue, 1), (n, -2))[()]
