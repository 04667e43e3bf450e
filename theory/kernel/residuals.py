"""Kernels of infinitely wide residual networks of rectified linear units."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, integer, scalar
from theory.engines import angles
from theory.engines.gram import matrix, points, squares
from theory.engines.pairs import Pairs
from theory.names import own_names

__dir__ = own_names(globals())


class Residual(NamedTuple):
    """Both kernels of a residual network."""

    nngp: Array
    """Covariance of the outputs at random start."""
    ntk: Array
    """Neural tangent kernel, all layers trained."""


def residual(X: ArrayLike, Z: ArrayLike | None = None, depth: int = 1, branch: float = 1.0) -> Residual:
    """Kernels of a residual network: h_{l+1} = h_l + b W relu(h_l)/sqrt(N), W standard normal.

    h_1 = W x/sqrt(d), f = w.h/sqrt(N) after `depth` branches:
        K <- K + b^2 E s(u) s(v),    Theta <- Theta (1 + b^2 E s'(u) s'(v)) + b^2 E s(u) s(v)
    from K = Theta = x.z/d, (u, v) Gaussian of covariance K; nngp = K and ntk = Theta + K. The skip keeps the
    angles of inputs: with b^2 ~ 1/depth the kernels have a limit at infinite depth, which `nngp` and `ntk`
    have not.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    depth : int >= 0
        Branches; 0 is the linear network.
    branch : float >= 0
        b.

    Returns
    -------
    Residual
        (nngp, ntk), (n, m) arrays; the axis of a 1-D input is dropped.

    Raises
    ------
    ValueError
        Bad shapes, nan, a negative depth or branch, kernels that exceed 1e308.

    Source: own calculation, as in [jacot2018]; [cho2009] for the means.

    >>> x, z = [0.6, -0.3, 0.8], [0.2, 0.9, -0.4]
    >>> [float(kernel.round(6)) for kernel in residual(x, z, depth=3, branch=0.7)]
    [-0.099974, -0.245013]
    """
    depth, b = integer("depth", depth, low=0), scalar("branch", branch, low=0.0)
    given = {"X": X} if Z is None else {"X": X, "Z": Z}
    longest = max(float(np.abs(points(name, rows)).max()) for name, rows in given.items())
    with np.errstate(over="ignore"):
        largest = (1 + np.float64(b) ** 2) ** (depth + 1) * longest**2
    if not largest < 1e300:
        raise ValueError(
            f"depth = {depth} and branch = {b:g} make kernels beyond 1e300; take a smaller branch"
        )
    found = []
    for tangent in (False, True):

        def fill(out: Array, x: Any, z: Any, lower: bool, tangent: bool = tangent) -> None:
            out[:] = _recursion(np.asarray(x, dtype=float), np.asarray(z, dtype=float), depth, b)[tangent]

        def diagonal(x: Any, tangent: bool = tangent) -> Array:
            size = squares(np.asarray(x, dtype=float)) / x.shape[1]
            grown = (1 + b**2 / 2) ** depth
            # Theta/K grows by b^2/2/(1 + b^2/2) a branch, from 1
            return size * grown * (2 + depth * (b**2 / 2) / (1 + b**2 / 2) if tangent else 1.0)

        found.append(matrix(X, Z, fill, diagonal))
    return Residual(*found)


def _recursion(x: Array, z: Array, depth: int, b: float) -> tuple[Array, Array]:
    """Both kernels of all pairs of rows; e = 1 - |correlation| is carried as a sum of positive terms."""
    product = x @ z.T
    a, c = squares(x) / x.shape[1], squares(z) / x.shape[1]
    e, s, distance = (np.empty_like(product) for _ in range(3))
    angles.first.patient(50 * product.size)(product, x, z, 1 / x.shape[1], 0.0, a, c, e, s, distance)
    pair, half = Pairs(a[:, None], c, e, s), b**2 / 2
    size = pair.norm.copy()
    theta = size * s * (1 - e)
    for _ in range(depth):
        zero, one = pair.angles
        dual = np.where(s > 0, 1 - e, 0.0) + one  # 2 E s(u) s(v) of unit variances
        theta = theta * (1 + half * (1 + s * (1 - 2 * zero)) / 2) + half * size * dual
        opposite = half * one >= 1 - e  # of inputs with s < 0: the correlation becomes positive
        rest = np.where(
            s > 0,
            e + half * (e - one),
            np.where(opposite, 2 - e + half * (1 - one), e + half * (1 + one)),
        )
        s = np.where((s > 0) | opposite, 1.0, -1.0)
        e = np.clip(rest / (1 + half), 0.0, 1.0)
        size = size * (1 + half)
        pair = Pairs(a[:, None], c, e, s)
    kernel = size * s * (1 - e)
    return kernel, theta + kernel
