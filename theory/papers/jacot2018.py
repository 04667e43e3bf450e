"""Jacot, Gabriel, Hongler 2018: the neural tangent kernel.

Weights are divided by sqrt(width) and multiply nothing else, biases are multiplied by beta: sigma_w^2 = 1 and
sigma_b^2 = beta^2 of `theory.kernel`. The paper counts L layers including the read-out: L = depth + 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import kernel
from theory.activation import ActivationLike
from theory.arguments import Array, scalar
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="jacot2018",
    title="Neural tangent kernel: convergence and generalization in neural networks",
    authors=("Jacot", "Gabriel", "Hongler"),
    error="none",
    note="a kernel",
    penalty="none",
    statements={"ntk": "verified by simulation"},
    topics=("neural tangent kernel", "lazy training"),
)


def ntk(
    X: ArrayLike,
    Z: ArrayLike | None = None,
    depth: int = 1,
    activation: ActivationLike = "relu",
    bias: float = 0.1,
) -> Array:
    """Limit of the neural tangent kernel, in the paper's parameterisation.

    Theta_1 = Sigma_1 = x.z/d + beta^2,  Theta_{l+1} = Theta_l E s'(u) s'(v) + Sigma_{l+1},
    Sigma_{l+1} = E s(u) s(v) + beta^2.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    depth : int >= 0
        Hidden layers: L - 1 of the paper.
    activation : str or callable
    bias : float
        beta.

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Source: [jacot2018, Thm 1†].

    >>> ntk([[1.0, 0.0], [0.0, 1.0]], bias=0.0).round(6)
    array([[0.5     , 0.079577],
           [0.079577, 0.5     ]])
    """
    return np.asarray(kernel.ntk(X, Z, depth, activation, 1.0, scalar("bias", bias) ** 2))[()]
