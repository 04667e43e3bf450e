"""Kernels of wide networks (NNGP, NTK) and their relatives, as Gram matrices.

A network of `depth` hidden layers in the NTK parameterisation, W and b standard normal:

    h_1 = sigma_w/sqrt(d) W x + sigma_b b,  h_{l+1} = sigma_w/sqrt(N_l) W s(h_l) + sigma_b b,  f = h_{depth+1}

with the same sigma_w^2, sigma_b^2 in every layer including the read-out. Inputs are rows; a 1-D input is
one point and its axis is dropped. float32 inputs give float32 matrices, computed in float64 (but for the
product of the inputs of a relu network). Nearly parallel and antipodal rows keep their digits at any depth:
the distance of their correlation from +-1 is carried from layer to layer. Rows that are equal bit by bit give
equal rows, and their entry is the diagonal, exactly. What leaves the range of floats on its way through the
layers (deep polynomials of small or large inputs) is refused; rows of zeros and sigma_w2 = 0 are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import ActivationLike
from theory.arguments import Array, integer, option
from theory.engines import arc
from theory.engines.gram import matrix, near, points, radial, squares
from theory.engines.wide import Network, variances, with_bias
from theory.names import own_names

__dir__ = own_names(globals())


def nngp(
    X: ArrayLike,
    Z: ArrayLike | None = None,
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
) -> Array:
    """Covariance of the outputs of an infinitely wide network at its random start (NNGP).

    K_1 = sigma_w2 x.z/d + sigma_b2,  K_{l+1} = sigma_w2 E s(u) s(v) + sigma_b2 with (u, v) Gaussian of
    covariance K_l; returns K_{depth+1}. Use it for networks of which the read-out alone is trained, and `ntk`
    where all layers are.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    depth : int >= 0
        Hidden layers; 0 is the linear network.
    activation : str or callable
        See `theory.activation.moments`.
    sigma_w2, sigma_b2 : float >= 0
        Variances of weights and biases.

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Raises
    ------
    ValueError
        Bad shapes, nan, a negative variance or depth, a kernel that exceeds 1e308 or falls below 1e-300.
    ConvergenceError
        A callable that no quadrature resolves.

    Source: [lee2018]; [cho2009] for relu.

    >>> x, z = [0.6, -0.3, 0.8], [0.2, 0.9, -0.4]
    >>> float(nngp(x, z).round(12))
    0.088725114225
    """
    network = Network(depth, activation, sigma_w2, sigma_b2)
    return matrix(X, Z, network.fill(tangent=False), network.diagonal(tangent=False))


def ntk(
    X: ArrayLike,
    Z: ArrayLike | None = None,
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
    parameterization: str = "ntk",
    widths: Sequence[int] | None = None,
) -> Array:
    """Neural tangent kernel of an infinitely wide network, all layers trained.

        Theta_1 = K_1,   Theta_{l+1} = K_{l+1} + sigma_w2 Theta_l E s'(u) s'(v),

    with K_l of `nngp`. In the standard parameterisation, W ~ N(0, sigma_w2/n_l) and b ~ N(0, sigma_b2)
    without factors in front, the part of the weights of a layer is n_{l-1}/sigma_w2 and that of its biases
    1/sigma_b2 times as large.

    Use it for what training a wide network does; `ntk_layers` says which layer contributes what,
    `first_layer` is the part of the first weights that convergence proofs need, and `nngp` the kernel of a
    trained read-out.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    depth : int >= 0
        Hidden layers; 0 is the linear network.
    activation : str or callable
        Not "sign", which has no gradient.
    sigma_w2, sigma_b2 : float >= 0
        Variances of weights and biases; in the standard parameterisation sigma_b2 = 0 means no biases.
    parameterization : "ntk" or "standard"
    widths : sequence of int >= 1, optional
        Widths of the hidden layers; the standard parameterisation needs them, the other does not depend on
        them.

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Raises
    ------
    ValueError
        Bad shapes, nan, a negative variance or depth, an unknown parameterization, missing widths, a
        kernel that exceeds 1e308 or falls below 1e-300.
    ConvergenceError
        A callable that no quadrature resolves.

    Source: [jacot2018, Thm 1†]; [lee2019] for the two parameterisations.

    >>> x, z = [0.6, -0.3, 0.8], [0.2, 0.9, -0.4]
    >>> ntk([x, z])
    array([[ 1.45333333, -0.0216172 ],
           [-0.0216172 ,  1.34666667]])
    """
    network = Network(depth, activation, sigma_w2, sigma_b2, parameterization, widths)
    return matrix(X, Z, network.fill(tangent=True), network.diagonal(tangent=True))


def ntk_layers(
    X: ArrayLike,
    Z: ArrayLike,
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
) -> Array:
    """Parts of the neural tangent kernel of one pair of inputs, by layer of parameters.

    The weights of layer l give (K_l - sigma_b2) and its biases sigma_b2, both times
    prod_{k >= l} sigma_w2 E s'(u) s'(v) under K_k; the sum is `ntk`. Use it for one pair of inputs, to see
    which parameters carry the kernel; `ntk` makes whole matrices.

    Parameters
    ----------
    X, Z : (d,) array_like
    depth : int >= 0
    activation : str or callable
    sigma_w2, sigma_b2 : float >= 0

    Returns
    -------
    (2 (depth + 1),) array: W_1, b_1, W_2, b_2, ...

    Source: [jacot2018, Thm 1†]; [lee2019].

    >>> ntk_layers([0.6, -0.3, 0.8], [0.2, 0.9, -0.4], depth=1).round(8)
    array([-0.11034231,  0.        ,  0.08872511,  0.        ])
    """
    x, z = (points(name, value) for name, value in (("X", X), ("Z", Z)))
    for name, value in (("X", x), ("Z", z)):
        if value.ndim != 1:
            raise ValueError(f"{name} has shape {value.shape}; pass one point, (d,)")
    layers = integer("depth", depth, low=0) + 1
    parts = np.zeros(2 * layers)
    for part in range(2 * layers):
        network = Network(depth, activation, sigma_w2, sigma_b2)
        network.inputs[:] = network.biases[:] = 0.0
        if part % 2:
            network.biases[part // 2] = network.sb
        else:
            network.inputs[part // 2] = 1.0
        parts[part] = matrix(x, z, network.fill(tangent=True), network.diagonal(tangent=True))
    return parts


def spectrum(
    X: ArrayLike,
    kernel: str = "ntk",
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
) -> Array:
    """Eigenvalues of a Gram matrix, in ascending order.

    Absolute accuracy is about n 1e-16 of the largest; what lies below is rounding.

    Parameters
    ----------
    X : (n, d) array_like
    kernel : "ntk" or "nngp"
    depth : int >= 0
    activation : str or callable
    sigma_w2, sigma_b2 : float >= 0

    Returns
    -------
    (n,) array

    Source: [jacot2018, Sec. 5†] for what the eigenvalues are good for.

    >>> spectrum([[1.0, 0.0], [-1.0, 0.0]]).round(12)  # opposite inputs share no unit
    array([2., 2.])
    """
    kernels: dict[str, Callable[..., Array]] = {"ntk": ntk, "nngp": nngp}
    chosen = kernels[option("kernel", kernel, *kernels)]
    gram = np.atleast_2d(chosen(X, None, depth, activation, sigma_w2, sigma_b2))
    return np.asarray(np.linalg.eigvalsh(gram), dtype=float)


def first_layer(X: ArrayLike, Z: ArrayLike | None = None, activation: ActivationLike = "relu") -> Array:
    """Tangent kernel of the weights of the first layer alone: E[s'(w.x) s'(w.z)] x.z, w ~ N(0, I).

    E JJ'/|v|^2 of f(x) = v.s(W x) with v fixed; for relu x.z (pi - angle)/(2 pi), often called H-infinity.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    activation : str or callable
        Not "sign", which has no gradient.

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Source: [oymak2020], Sigma(X); [du2019] and [arora2019] for relu.

    >>> first_layer([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    array([[0.5, 0. , 0. ],
           [0. , 0.5, 0. ],
           [0. , 0. , 0.5]])
    """
    d = points("X", X).shape[-1]
    network = Network(1, activation, float(d), 0.0)  # K_1 = x.z
    network.inputs[:] = 1 / d, 0.0
    return matrix(X, Z, network.fill(tangent=True), network.diagonal(tangent=True))


def arc_cosine(X: ArrayLike, Z: ArrayLike | None = None, order: int = 1, depth: int = 1) -> Array:
    """Arc-cosine kernel, composed with itself.

    k(x, z) = |x|^n |z|^n J_n(t)/pi = 2 E (w.x)_+^n (w.z)_+^n for w ~ N(0, I), t the angle: J_0 = pi - t,
    J_1 = sin t + (pi - t) cos t, J_2 = 3 sin t cos t + (pi - t)(1 + 2 cos^2 t).

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    order : 0, 1 or 2
        n: steps, rectified linear units, their squares.
    depth : int >= 1
        Compositions.

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped. A zero vector has no angle: at order 0 it counts as
    orthogonal to all but itself. Order 2 grows doubly exponentially with depth, and overflows to inf.

    Source: [cho2009, Eq. 1-6† and Sec. 2.3†].

    >>> arc_cosine([[1.0, 0.0], [0.0, 1.0]], order=0)
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    order, depth = integer("order", order, low=0), integer("depth", depth, low=1)
    if order > 2:
        raise ValueError(f"order = {order} must be 0, 1 or 2")

    def logarithm(x: Array) -> Array:
        """Logarithm of k(x, x) after all compositions: k' = J_n(0)/pi k^n."""
        if order == 0:
            return np.zeros(len(x))
        step = np.log(3.0) if order == 2 else 0.0
        with np.errstate(divide="ignore"):
            value = order * np.log(squares(x)) + step
        for _ in range(depth - 1):
            value = order * value + step
        return value

    def fill(out: Array, x: Array, z: Array, lower: bool) -> None:
        p, q = np.sqrt(squares(x)), np.sqrt(squares(z))
        logs = logarithm(x) / 2, logarithm(z) / 2
        with np.errstate(over="ignore"):
            arc.arc_cosine(out, x, z, order, depth, p, q, *logs, lower, near(out), arc.tables())

    def diagonal(x: Array) -> Array:
        if order == 1:
            return squares(x)
        with np.errstate(over="ignore"):
            return np.exp(logarithm(x))

    return matrix(X, Z, fill, diagonal)


def gaussian(X: ArrayLike, Z: ArrayLike | None = None, bandwidth: float = 1.0) -> Array:
    """Gaussian kernel exp(-|x - z|^2/(2 bandwidth^2)).

    Its functions are smooth; use `laplace` for targets with kinks.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    bandwidth : float > 0

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Source: [rahimi2007].

    >>> gaussian([[0.0], [2.0]]).round(6)
    array([[1.      , 0.135335],
           [0.135335, 1.      ]])
    """

    def exponent(out: Array, h: float) -> None:
        out *= -0.5 / h**2

    return radial(X, Z, bandwidth, exponent)


def laplace(X: ArrayLike, Z: ArrayLike | None = None, bandwidth: float = 1.0) -> Array:
    """Laplace kernel exp(-|x - z|/bandwidth), |.| the Euclidean length.

    It has a kink at x = z, so that its functions are rough; use `gaussian` for smooth targets.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    bandwidth : float > 0

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Source: [rahimi2007].

    >>> laplace([[0.0], [2.0]]).round(6)
    array([[1.      , 0.135335],
           [0.135335, 1.      ]])
    """

    def exponent(out: Array, h: float) -> None:
        np.sqrt(out, out=out)
        out *= -1 / h

    return radial(X, Z, bandwidth, exponent)


def empirical_ntk_variance(
    X: ArrayLike, Z: ArrayLike | None = None, sigma_w2: float = 2.0, sigma_b2: float = 0.0
) -> Array:
    """Width times the variance of the empirical NTK at random start, one hidden relu layer.

    N Var = sigma_w2^2 [E u_+^2 v_+^2 + 2 c E u_+ v_+ + 3 c^2 P - (E u_+ v_+ + c P)^2], P = P(u, v > 0),
    c = E u v = K_1. Exact at every width N: the units are independent.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    sigma_w2, sigma_b2 : float >= 0

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Source: own calculation from the Gaussian moments of [cho2009, Eq. 1-6†].

    >>> float(empirical_ntk_variance([0.6, -0.3, 0.8]).round(6))
    6.336533
    """
    sw, sb = variances(sigma_w2, sigma_b2)
    x, z = points("X", X), None if Z is None else points("Z", Z)
    # inputs with one more coordinate for the bias: their products are K_1
    u, v = with_bias(x, sw, sb), None if z is None else with_bias(z, sw, sb)
    fourth, second, aligned = (arc_cosine(u, v, order) / 2 for order in (2, 1, 0))
    c = nngp(x, z, 0, "identity", sw, sb)
    value = fourth + 2 * c * second + 3 * c**2 * aligned - (second + c * aligned) ** 2
    return np.asarray(sw**2 * value)[()]
