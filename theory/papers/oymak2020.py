"""Oymak, Soltanolkotabi 2020: moderate over-parameterization, one hidden layer.

f(x) = v.phi(W x), v fixed and W trained. E JJ' = |v|^2 Sigma(X) at the start, with

    Sigma(X) = E[phi'(Xw) phi'(Xw)'] o XX',   w ~ N(0, I),   which is `theory.kernel.first_layer`.

Conditions on the width k that are certain to suffice ask for k d of the order n^2 and more; experiments show
the change at k d = n, where the Jacobian can have full row rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import kernel
from theory.activation import ActivationLike
from theory.arguments import Array, broadcast, data, non_negative, positive
from theory.engines.products import product
from theory.engines.spectral import rounding
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
        "smooth_width": "proved from `certify`; the paper's constant is not known to us",
        "relu_width": "proved up to the constant; the paper's constant is not known to us",
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
    return float(values[0]) if values[0] > rounding(values) else 0.0


def condition(X: ArrayLike, activation: ActivationLike = "relu") -> float:
    """The paper's condition number of the data: sqrt(d/n) |X|/lambda_min(Sigma(X)).

    Parameters
    ----------
    X : (n, d) array_like
    activation : str or callable

    Returns
    -------
    float; inf for a singular Sigma(X).

    Source: [oymak2020].

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
    """Width from which `theory.descent.certify` holds at the start: sqrt(k d) = C (1 + delta) condition n.

    Smooth activations, inputs of norm 1, |v_l| = |v|/sqrt(k), a misfit |r_0| = (1 + delta) sqrt(n).
    The squared singular values of J_0 are at least |v|^2 lambda, lambda = lambda_min(Sigma(X)), in the
    mean, and `theory.descent.two_layer_lipschitz` is L = max|phi''| |X| |v|/sqrt(k). So

        8 L |r_0|/(|v|^2 lambda) <= 1   is   sqrt(k) >= 8 max|phi''| (1 + delta) sqrt(n) |X|/(|v| lambda),

    the width with C = 8 max|phi''|/|v|. A draw of J_0 whose least eigenvalue is half its mean needs 2 C.
    The default C = 1 is a scaling law alone: k d ~ n^2.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    d : array_like > 0
        Dimension of the inputs.
    condition : array_like > 0
        See `condition`.
    delta : array_like >= 0
        Misfit at the start beyond sqrt(n), as a share of it; in the paper it sets the probability.
    constant : array_like > 0
        C.

    Returns
    -------
    array

    Source: own derivation, above; [oymak2020] for the model.

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
    return product((constant, 2), (1 + delta, 2), (condition, 2), (n, 2), (d, -1))[()]


def relu_width(n: ArrayLike, d: ArrayLike, constant: ArrayLike = 1.0) -> Array:
    """Width that suffices for relu on well-spread inputs: k = C n^4/d^3 units, k d = C n^4/d^2 weights.

    The slope of relu jumps, so that `theory.descent.two_layer_lipschitz` is inf; count the units whose
    sign changes instead. Inputs of norm 1, |v_l| = 1/sqrt(k), |r_0| ~ sqrt(n), lambda as in `condition`:

    - Weights that move by R in all change the sign at one input of m <= k c + R^2/c^2 units, for every c
      > 0 (those within c of 0, and those that move by c), so of m ~ (k R)^(2/3) with the best c.
    - Then |J - J_0| <= |X| sqrt(m/k), which must not exceed sigma_min(J_0)/2 = sqrt(lambda)/2.
    - The solution is within R = 4 |r_0|/sigma_min(J_0) = 4 sqrt(n/lambda).

    Together k ~ n |X|^6/lambda^4. Well spread means n >= d, |X|^2 ~ n/d and lambda ~ 1. C is unknown: read
    it as a scaling law, of gradient descent with small steps.

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

    Source: own derivation, above; [oymak2020] for the model.

    >>> float(relu_width(n=100, d=10))
    100000.0
    """
    n, d, constant = broadcast(
        n=positive("n", n),
        d=positive("d", d, finite=True),
        constant=positive("constant", constant, finite=True),
    )
    return product((constant, 1), (n, 4), (d, -3))[()]
