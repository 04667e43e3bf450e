"""Woodworth et al. 2020: kernel and rich regimes of diagonal linear networks.

beta = w_+^2 - w_-^2, all 2 p weights from alpha, gradient flow on the squared loss of n <= p samples. The
scale alpha of the start (beta moves on the scale alpha^2) selects the interpolator: minimum l2 norm for
large alpha, the kernel regime, and minimum l1 norm for alpha -> 0, reached logarithmically slowly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, data, pair, positive, real
from theory.engines import singular
from theory.engines.products import product
from theory.errors import ConvergenceError
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="woodworth2020",
    title="Kernel and rich regimes in overparametrized models",
    authors=("Woodworth", "Gunasekar", "Lee", "Moroshko", "Savarese", "Golan", "Soudry", "Srebro"),
    error="none",
    note="the coefficients",
    penalty="none: gradient flow to the end",
    statements={
        "limit": "proved if the flow converges to an interpolator",
        "penalty": "proved",
    },
    topics=("implicit bias", "lazy training"),
)

_STEPS = 500


def limit(X: ArrayLike, y: ArrayLike, alpha: float) -> Array:
    """Where the flow ends: beta = 2 alpha^2 sinh(X'nu) with X beta = y.

    The interpolator of smallest `penalty`; nu minimises 2 alpha^2 sum cosh(X'nu) - y.nu.

    Parameters
    ----------
    X : (n, p) array_like
        Rows may depend on one another.
    y : (n,) array_like
    alpha : float > 0
        Weights at the start.

    Returns
    -------
    (p,) array

    Raises
    ------
    ValueError
        X beta = y has no solution.
    ConvergenceError
        Newton's method did not reach an interpolator; alpha is out of range of the data.

    Warns
    -----
    SingularKernelWarning
        Directions of X below 1e-12 of the largest singular value are left out, and neither equal rows nor a
        gap in the spectrum explain the rank.

    Source: [woodworth2020, Thm 1†].

    >>> limit([[1.0, 2.0]], [1.0], alpha=0.1).round(6)
    array([0.066858, 0.466571])
    >>> limit([[1.0, 2.0]], [1.0], alpha=1e3).round(6)
    array([0.2, 0.4])
    """
    X, y = pair("X", X, "y", y)
    size = positive("alpha", alpha, finite=True)
    if size.ndim:
        raise ValueError(f"alpha has shape {size.shape}; pass one number")
    U, s, V = np.linalg.svd(X, full_matrices=False)
    singular.check_jacobian("X", X, s, SAME * float(s[0]), np.inf)
    rank = int((s > SAME * s[0]).sum())
    U, s, V = U[:, :rank], s[:rank], V[:rank].T
    labels = U.T @ y
    if np.linalg.norm(y - U @ labels) > 1e-9 * np.linalg.norm(y):
        raise ValueError("X beta = y has no solution; make the rows of X independent or correct y")
    least = V @ (labels / s)  # the minimum l2 norm; any interpolator is it plus a vector orthogonal to V
    with np.errstate(over="ignore", divide="ignore", under="ignore"):
        unit = 2 * size * size
        target = least / unit
    if not (0 < unit < np.inf and np.abs(target).max() < 1e150):
        raise ConvergenceError(f"alpha = {float(size):g} is out of range; use a value nearer to 1")
    return unit * np.sinh(_newton(V, target, float(size)))


def _newton(V: Array, target: Array, alpha: float) -> Array:
    """z in the range of V with V' sinh(z) = V' target.

    No coordinate of z moves by more than 1 in a step: then cosh grows by a factor e at most, which makes
    every step reduce the convex objective, and nothing overflows on the way.
    """
    z = np.zeros(len(V))
    for _ in range(_STEPS):
        root = np.sqrt(np.cosh(z))
        # the Newton step as least squares: its condition is the root of that of the Hessian; with the
        # heavy rows first QR keeps the digits of the light ones
        order = np.argsort(-root)
        Q, R = np.linalg.qr((root[:, None] * V)[order])
        step = V @ np.linalg.solve(R, Q.T @ ((target - np.sinh(z)) / root)[order])
        longest, scale = np.abs(step).max(), np.abs(z).max()
        z = z + step / max(longest, 1.0)
        if longest <= 1e-8 * min(scale, 1.0):  # the next error is its square
            break
    gap = np.linalg.norm(V.T @ (np.sinh(z) - target))
    if not gap <= 1e-9 * np.linalg.norm(np.sinh(z)):
        raise ConvergenceError(
            f"no interpolator found for alpha = {alpha:g}: relative gap {gap / np.linalg.norm(target):.1e} "
            f"after at most {_STEPS} Newton steps; use an alpha nearer to 1 or rescale y"
        )
    return z


def penalty(beta: ArrayLike, alpha: ArrayLike) -> Array:
    """What the flow minimises: alpha^2 sum [2 - sqrt(4 + z^2) + z asinh(z/2)], z = beta/alpha^2.

    About |beta|_2^2/(4 alpha^2) for large and log(1/alpha^2) |beta|_1 for small alpha.

    Parameters
    ----------
    beta : (..., p) array_like
        Coefficients on the last axis.
    alpha : array_like > 0
        Weights at the start; broadcast against the other axes of beta.

    Returns
    -------
    array

    Source: [woodworth2020, Thm 1†].

    >>> float(penalty([0.2, 0.4], alpha=1.0).round(9))
    0.04985993
    """
    b = np.atleast_1d(real("beta", beta))
    size, scale = np.abs(data("beta", b, b.ndim)), positive("alpha", alpha, finite=True)[..., None]
    z = product((size, 1), (scale, -2))
    near, far = z < 1e-9, z > 1e17  # there z may underflow or overflow
    middle = np.where(near | far, 1.0, z)
    # 2 - sqrt(4 + z^2) = -z^2/(2 + sqrt(4 + z^2)), and alpha^2 z = beta
    slope = np.arcsinh(middle / 2) - middle / (2 + np.hypot(2, middle))
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        slope = np.where(far, np.log(size) - 2 * np.log(scale) - 1, slope)
        cost = np.where(near, product((size, 2), (scale, -2)) / 4, size * slope)
        return cost.sum(axis=-1)[()]
