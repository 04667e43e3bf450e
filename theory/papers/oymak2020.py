"""Oymak, Soltanolkotabi 2020: moderate over-parameterization, one hidden layer.

f(x) = v.phi(W x), v fixed and W trained. E JJ' = |v|^2 Sigma(X) at the start, with

    Sigma(X) = E[phi'(Xw) phi'(Xw)'] o XX',   w ~ N(0, I),   which is `theory.kernel.first_layer`.

The paper's conditions on the width k ask for k d of the order n^2 and more; experiments show the change at
k d = n, where the Jacobian can have full row rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import kernel
from theory.activation import ActivationLike
from theory.arguments import Array, broadcast, data, non_negative, positive
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="oymak2020",
    title="Toward moderate overparameterization: global convergence guarantees for training "
    "shallow neural networks",
    authors=("Oymak", "Soltanolkotabi"),
    error="none",
    note="conditions for a training error of 0",
    penalty="none",
    statements={
        "minimum_eigenvalue": "verified",
        "condition": "verified",
        "smooth_width": "unverified (constant)",
        "relu_width": "unverified (constant)",
    },
    topics=("lazy training", "convergence of gradient descent"),
)


def minimum_eigenvalue(X: ArrayLike, activation: ActivationLike = "relu") -> float:
    """Smallest eigenvalue of Sigma(X).

    Parameters
    ----------
    X : (n, d) array_like
    activation : str or callable

    Returns
    -------
    float; 0 where rounding does not tell it from 0, as for repeated inputs.

    Source: [oymak2020]; [du2019] calls it lambda_0 for relu.

    >>> minimum_eigenvalue([[1.0, 0.0], [0.0, 1.0]])
    0.5
    """
    values = np.linalg.eigvalsh(kernel.first_layer(data("X", X, 2), activation=activation))
    return float(values[0]) if values[0] > len(values) * np.finfo(float).eps * values[-1] else 0.0


def condition(X: ArrayLike, activation: ActivationLike = "relu") -> float:
    """The paper's condition number of the data: sqrt(d/n) |X|/lambda_min(Sigma(X)).

    Parameters
    ----------
    X : (n, d) array_like
    activation : str or callable

    Returns
    -------
    float; inf for a singular Sigma(X).

    Source: [oymak2020] (definition number unverified).

    >>> condition([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    2.0
    """
    inputs = data("X", X, 2)
    n, d = inputs.shape
    least = minimum_eigenvalue(inputs, activation)
    return float(np.sqrt(d / n) * np.linalg.norm(inputs, 2)) / least if least > 0 else np.inf


def smooth_width(
    n: ArrayLike,
    d: ArrayLike,
    condition: ArrayLike = 1.0,
    delta: ArrayLike = 1.0,
    constant: ArrayLike = 1.0,
) -> Array:
    """Width that suffices for smooth activations: sqrt(k d) = C (1 + delta) condition^3 n.

    The paper gives no value of C: read the formula as a scaling law, k d ~ n^2. Use `relu_width` for
    activations with a kink.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    d : array_like > 0
        Dimension of the inputs.
    condition : array_like > 0
        See `condition`.
    delta : array_like >= 0
        Slack of the probability.
    constant : array_like > 0
        C.

    Returns
    -------
    array

    Source: [oymak2020]; taken from the paper, theorem number and constant are not checked here.

    >>> float(smooth_width(n=100, d=10, delta=0.0))
    1000.0
    """
    n, d, condition, delta, constant = broadcast(
        n=positive("n", n),
        d=positive("d", d, finite=True),
        condition=positive("condition", condition),
        delta=non_negative("delta", delta),
        constant=positive("constant", constant, finite=True),
    )
    return ((constant * (1 + delta) * condition**3 * n) ** 2 / d)[()]


def relu_width(n: ArrayLike, d: ArrayLike, constant: ArrayLike = 1.0) -> Array:
    """Width that suffices for relu on well-spread inputs: k d = C n^4/d^3.

    The paper gives no value of C: read the formula as a scaling law.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    d : array_like > 0
        Dimension of the inputs.
    constant : array_like > 0
        C.

    Returns
    -------
    array

    Source: [oymak2020]; taken from the paper, theorem number and constant are not checked here.

    >>> float(relu_width(n=100, d=10))
    10000.0
    """
    n, d, constant = broadcast(
        n=positive("n", n),
        d=positive("d", d, finite=True),
        constant=positive("constant", constant, finite=True),
    )
    return (constant * (n / d) ** 4)[()]
