"""Oymak, Soltanolkotabi 2020: moderate over-parameterization, one hidden layer.

f(x) = v.phi(W x), v fixed and W trained. E JJ' = |v|^2 Sigma(X) at the start, with

    Sigma(X) = E[phi'(Xw) phi'(Xw)'] o XX',   w ~ N(0, I).

The paper's conditions on the width k ask for k d of the order n^2 and more; experiments show the change at
k d = n, where the Jacobian can have full row rank.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory._arguments import Array, broadcast, non_negative, positive
from theory._modes import finite
from theory.activation import ActivationLike, dual
from theory.papers import Paper

PAPER = Paper(
    key="oymak2020",
    title="Toward moderate overparameterization: global convergence guarantees for training "
    "shallow neural networks",
    error="none: conditions for a training error of 0",
    penalty="none",
    statements={
        "first_layer_kernel": "verified",
        "minimum_eigenvalue": "verified",
        "condition": "verified",
        "smooth_width": "unverified (constant)",
        "relu_width": "unverified (constant)",
    },
)


def first_layer_kernel(
    X: ArrayLike, Z: ArrayLike | None = None, activation: ActivationLike = "relu"
) -> Array:
    """Tangent kernel of the first layer: E[phi'(w.x) phi'(w.z)] x.z, w ~ N(0, I).

    E JJ'/|v|^2 of f(x) = v.phi(W x) with v fixed. For relu x.z (pi - angle)/(2 pi), called H-infinity.

    Parameters
    ----------
    X : (n, d) array_like
    Z : (m, d) array_like, optional
        X by default.
    activation : str or callable

    Returns
    -------
    (n, m) array. Repeated rows give the same numbers, bit by bit, and opposite rows an exact 0 for relu;
    almost parallel rows lose digits, about 1e-16/angle of the entry.

    Raises
    ------
    ValueError
        The activation "sign", whose slope is not a function.

    Source: [oymak2020], Sigma(X); [du2019] and [arora2019] for relu.

    >>> first_layer_kernel([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    array([[0.5, 0. , 0. ],
           [0. , 0.5, 0. ],
           [0. , 0. , 0.5]])
    """
    if activation == "sign":
        raise ValueError("activation = 'sign' has no slope to train a first layer by; use erf or tanh")
    X = finite("X", X, 2)
    other = X if Z is None else finite("Z", Z, 2)
    if other.shape[1] != X.shape[1]:
        raise ValueError(f"Z has shape {other.shape} and X {X.shape}; pass (m, d) and (n, d)")
    # one scalar product per pair, all in the same order: equal rows give equal bits, unlike in X @ Z.T
    products = np.vecdot(X[:, None], other[None])
    a, b = np.vecdot(X, X), np.vecdot(other, other)
    if Z is not None:
        return products * dual(activation, products, a[:, None], b[None], derivative=True) + 0.0  # no -0.0
    i, j = np.triu_indices(len(X))
    products[i, j] *= dual(activation, products[i, j], a[i], a[j], derivative=True)
    products[j, i] = products[i, j]
    return products + 0.0


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
    values = np.linalg.eigvalsh(first_layer_kernel(X, activation=activation))
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
    inputs = finite("X", X, 2)
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

    C is unknown: read it as a scaling law, k d ~ n^2.

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

    Source: [oymak2020] (unverified, theorem number and constant).

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

    C is unknown: read it as a scaling law.

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

    Source: [oymak2020] (unverified, theorem number and constant).

    >>> float(relu_width(n=100, d=10))
    10000.0
    """
    n, d, constant = broadcast(
        n=positive("n", n),
        d=positive("d", d, finite=True),
        constant=positive("constant", constant, finite=True),
    )
    return (constant * (n / d) ** 4)[()]
