"""The spectral averages of gradient flow on least squares; `theory.dynamics` is their face.

After time t the function 1 - e^-tx of the sample covariance C = X'X/n has been learnt. What is needed
are averages of such functions under the limit of its spectrum, per unit of target power (`signal`,
weighted by the power of the levels) and of error (label noise and unlearnable power). Points are
one-dimensional arrays of equal length, L levels lie along the last axis.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.arguments import SAME, Array
from theory.errors import ConvergenceError

Complex = NDArray[np.complex128]


class Flow(NamedTuple):
    """Averages at every point.

    train_signal, train_noise and gap vanish exponentially beyond the threshold: they are given
    without the factors e^(-2 decay), e^(-2 decay) and e^-decay.
    """

    kept: Array
    """sum v^2 a^2 with a the average of e^-tC in the level."""
    spread: Array
    """sum v^2 (average of e^-tC Sigma e^-tC/lambda - a^2)."""
    gain: Array
    """tr [C^+ (I - e^-tC)^2 Sigma]/n."""
    df: Array
    """tr (I - e^-tC)."""
    train_signal: Array
    """sum v^2/lambda (average of C e^-2tC)."""
    train_noise: Array
    """tr e^(-2t XX'/n)/n."""
    gap: Array
    """tr e^(-t XX'/n)/n = 1 - df/n."""
    decay: Array
    """t times the lower end of the spectrum of XX'/n; 0 for n >= rank."""
    norm_signal: Array
    """sum v^2/lambda (average of (I - e^-tC)^2)."""
    norm_noise: Array
    """tr [C^+ (I - e^-tC)^2]/n."""


def one_level(rank: Array, n: Array, time: Array) -> Flow:
    """`rank` eigenvalues 1 of total power 1, by quadrature of the law of Marchenko and Pastur.

    x = edge + 4 sqrt(gamma) sin^2(theta/2) has the density 2 sin^2(theta)/(pi x) on (0, pi), beside
    the atom 1 - 1/gamma at x = 0 for gamma = rank/n > 1. All terms are positive.
    """
    with np.errstate(over="ignore"):  # e^-inf = 0
        return _in_chunks(_one_level, 2000, rank, n, time)


def _one_level(rank: Array, n: Array, time: Array) -> Flow:
    n = np.maximum(n, rank / 1e307)  # fewer would make gamma inf; the answers are those of none
    gamma, surplus = rank / n, _surplus(rank, n)
    over = surplus < 0
    edge = (surplus / (1 + np.sqrt(gamma))) ** 2
    decay = np.where(over, time * edge, 0.0)
    atom = np.where(over, -surplus / np.where(over, gamma, 1.0), 0.0)
    null = np.maximum(surplus, 0.0)  # the atom of XX'/n

    theta, weights = half_circle()
    above = 4 * np.sqrt(gamma)[:, None] * np.sin(theta / 2) ** 2
    x = edge[:, None] + above
    density = 2 / np.pi * np.sin(theta) ** 2 * weights
    bulk = density / x
    learnt = -np.expm1(-time[:, None] * x)
    left = np.exp(-time[:, None] * np.where(over[:, None], above, x))
    average = (bulk * learnt).sum(axis=1)
    gain = gamma * (bulk * learnt * (learnt / x)).sum(axis=1)
    return Flow(
        kept=(atom + np.exp(-decay) * (bulk * left).sum(axis=1)) ** 2,
        spread=(bulk * (learnt - average[:, None]) ** 2).sum(axis=1) + atom * average**2,
        gain=gain,
        df=rank * average,
        train_signal=(density * left**2).sum(axis=1),
        train_noise=null + gamma * (bulk * left**2).sum(axis=1),
        gap=null + gamma * (bulk * left).sum(axis=1),
        decay=decay,
        norm_signal=(bulk * learnt**2).sum(axis=1),
        norm_noise=gain,
    )


def half_circle(panels: int = 49) -> tuple[Array, Array]:
    """Nodes and weights on (0, pi): Gauss-Legendre panels that halve towards 0.

    Near 0 lie the pole of 1/x close to the threshold and all of e^-tx at late times, at any scale.
    """
    nodes, weights = np.polynomial.legendre.leggauss(20)
    high = np.pi * 0.5 ** np.arange(panels)[:, None]
    low = np.append(high[1:], [[0.0]], axis=0)
    half = (high - low) / 2
    return (low + half * (1 + nodes)).ravel(), (half * weights).ravel()


def levels(eigenvalues: Array, multiplicity: Array, power: Array, n: Array, time: Array) -> Flow:
    """Positive eigenvalues, by contour integrals of e^-tz around the spectrum.

    With w = m/n and kappa(z) the root of z = -kappa (1 - sum w lambda/(lambda + kappa)), the average
    of (C - z)^-1 in a level is -(kappa/z)/(lambda + kappa), and that of tr (XX'/n - z)^-1/n is
    1/kappa. Every integrand falls off as z^-2 beside its exponential, so that constants may be added
    to e^-tz: expm1 keeps the digits at early times.
    """

    def chunk(n: Array, time: Array) -> Flow:
        return _levels(eigenvalues, multiplicity, power, n, time)

    with np.errstate(over="ignore"):
        return _in_chunks(chunk, max(1, 40_000 // max(48, eigenvalues.size)), n, time)


def _levels(lam: Array, m: Array, power: Array, n: Array, time: Array) -> Flow:
    w = m / n[:, None]
    surplus = _surplus(np.full_like(n, m.sum()), n)
    over = surplus < 0
    origin = np.zeros_like(n)  # kappa at z = 0
    origin[over] = _root(lam, w[over], surplus[over], 1)
    slope = np.where(over, origin * (w * lam / (lam + origin[:, None]) ** 2).sum(axis=1), surplus)
    top = (np.sqrt(lam.max()) + np.sqrt((w * lam).sum(axis=1))) ** 2
    path = _contour(time, top, lam, w, origin, slope)

    # 1 - e^-tz and its square, without the constants where the contour is cut
    once = np.where(path.closed, np.expm1(path.exponent), np.exp(path.exponent)) * path.measure
    twice = np.where(path.closed, once * np.expm1(path.exponent), once * (np.exp(path.exponent) - 2))
    learnt = _real(once[..., None] * lam * path.inverse)
    shape = path.inverse @ power
    # the part of 1/kappa that is no pole at z = 0
    regular = np.where(over[:, None], 1 / path.kappa, path.bend / path.ratio)
    left = path.measure * np.exp(path.exponent)
    left2 = left * np.exp(path.exponent)
    flow = Flow(
        kept=((1 - learnt) ** 2) @ power,
        spread=np.maximum(_spread(path, once, lam, w, power), 0.0),
        gain=np.maximum(-_real(twice * path.lost / path.ratio), 0.0),
        df=np.maximum(learnt @ m, 0.0),
        train_signal=np.maximum(_real(left2 * path.y * shape), 0.0),
        train_noise=_real(left2 * path.ratio),
        gap=_real(left * path.ratio),
        decay=np.zeros_like(n),
        norm_signal=np.maximum(-_real(twice * shape), 0.0),
        norm_noise=np.maximum(-_real(twice * regular), 0.0),
    )
    wide = surplus <= 0  # no more samples than the rank
    if wide.any():
        beyond = _beyond_threshold(lam, w[wide], power, surplus[wide], origin[wide], top[wide], time[wide])
        for name, value in beyond.items():
            getattr(flow, name)[wide] = value
    return flow


def _beyond_threshold(
    lam: Array, w: Array, power: Array, surplus: Array, origin: Array, top: Array, time: Array
) -> dict[str, Array]:
    """The averages over XX'/n for n <= rank, by a contour around its spectrum [edge, top] alone."""
    summit = np.zeros_like(origin)  # kappa at the edge, where dz/dkappa = 0
    over = surplus < 0
    summit[over] = _root(lam, w[over], surplus[over], 2)
    weight = w * (lam / (lam + summit[:, None])) ** 2
    edge = (origin - summit) ** 2 * (weight / (lam + origin[:, None])).sum(axis=1)
    path = _contour(time, top - edge, lam, w, summit, np.zeros_like(edge))
    # constants integrate to 0: measure kappa from where the exponential is largest
    first = (summit + path.start)[:, None]
    left = -path.measure * path.y * np.exp(path.exponent) * (path.x - path.start[:, None])
    left2 = left * np.exp(path.exponent)
    shape = (path.inverse / (lam + first[..., None])) @ power
    return {
        "train_signal": _real(left2 * shape),
        "train_noise": _real(left2 / (path.kappa * first)),
        "gap": _real(left / (path.kappa * first)),
        "decay": time * edge,
    }


class Contour(NamedTuple):
    """Nodes z on the lower half of an ellipse around [z0, z0 + span], and the root there.

    With b = kappa(z0) and x = kappa - b, y = z0 - z = x (slope + x bend).
    """

    y: Complex
    exponent: Complex
    """t y = -t (z - z0)."""
    measure: Complex
    """dy/(2 pi i y), 0 at the padding."""
    closed: NDArray[np.bool_]
    """(P, 1): the nodes go all around; else e^-tz is nothing where they end."""
    start: Array
    """x at the left end of the ellipse."""
    x: Complex
    kappa: Complex
    inverse: Complex
    """(P, J, L): 1/(lambda + kappa)."""
    bend: Complex
    ratio: Complex
    """y/x = slope + x bend."""
    lost: Complex
    """1 - ratio."""


def _contour(time: Array, span: Array, lam: Array, w: Array, base: Array, slope: Array) -> Contour:
    """The ellipse confocal to the segment, its left end at distance 2/t or span/8, by trapezoid rule.

    y = span sinh^2((mu + i theta)/2). The step in theta is mu/7: the integrand is analytic within
    mu, so the error is e^-44 of its largest value.
    """
    with np.errstate(divide="ignore"):
        mu = 2 * np.arcsinh(np.sqrt(np.minimum(2 / time / span, 1 / 8)))
        # beyond this angle e^-tz < e^-40
        sine = np.sqrt(np.minimum(40 / np.cosh(mu) / span / time, 1.0))
    half = np.ceil(22 / mu)
    step = np.pi / half
    count = np.minimum(np.ceil(2 * np.arcsin(sine) / step), half)[:, None]
    index = np.arange(count.max())
    angle = (np.minimum(index, count - 1) + 0.5) * step[:, None]

    argument = (mu[:, None] + 1j * angle) / 2
    sinh, cosh = np.sinh(argument), np.cosh(argument)
    y = span[:, None] * sinh**2
    tangent = np.where(index < count - 1, 1j * (step * span)[:, None] * sinh * cosh, 0.0)
    shifted = lam + base[:, None]
    weight = w * (lam / shifted) ** 2
    start = _real_root(span * np.sinh(mu / 2) ** 2, slope, weight, shifted)
    x = _follow(y, tangent, start, slope, weight, shifted)
    inverse = 1 / (shifted[:, None, :] + x[..., None])
    bend = np.einsum("pl,pjl->pj", weight, inverse)
    return Contour(
        y=y,
        exponent=time[:, None] * y,
        measure=np.where(index < count, step[:, None] / (2 * np.pi) * cosh / sinh, 0.0),
        closed=count == half[:, None],
        start=start,
        x=x,
        kappa=base[:, None] + x,
        inverse=inverse,
        bend=bend,
        ratio=slope[:, None] + x * bend,
        lost=np.einsum("pl,pjl->pj", weight * shifted, inverse),
    )


def _follow(
    y: Complex, tangent: Complex, start: Array, slope: Array, weight: Array, shifted: Array
) -> Complex:
    """The root x of x (slope + x bend(x)) = y at every node, from one to the next.

    A step is 1/7 of the distance to the nearest singularity of kappa, a univalent function: Newton's
    method converges from the tangent. Im kappa Im z < 0 makes the root unique, so it is the test.
    """
    root = np.empty_like(y)
    x, step = start.astype(complex), np.zeros(start.shape, complex)
    for j in range(y.shape[1]):
        x = x + step
        for _ in range(50):
            inverse = 1 / (shifted + x[:, None])
            bend = (weight * inverse).sum(axis=1)
            steepness = slope + 2 * x * bend - x * x * (weight * inverse**2).sum(axis=1)
            change = (x * (slope + x * bend) - y[:, j]) / steepness
            x = x - change
            if (abs(change) <= 1e-9 * abs(x)).all():  # quadratic: the next would be below rounding
                break
        else:
            raise ConvergenceError(_ADVICE)
        if not (x.imag > 0).all():
            raise ConvergenceError(_ADVICE)
        root[:, j] = x
        step = tangent[:, j] / steepness
    return root


_ADVICE = (
    "no root of the equation on the contour around the spectrum after 50 Newton steps; "
    "rescale the eigenvalues towards 1 or merge close levels"
)


def _real_root(y: Array, slope: Array, weight: Array, shifted: Array) -> Array:
    """The root x > 0 of x (slope + x bend(x)) = y > 0, good enough to start from.

    The logarithm of the left side rises with log x at a slope in [1, 2]: each step halves the error.
    """
    log_y = np.log(y)
    log_x = log_y
    for _ in range(40):
        x = np.exp(log_x)
        bend = (weight / (shifted + x[:, None])).sum(axis=1)
        log_x = log_x - (log_x + np.log(slope + x * bend) - log_y) / 2
    return np.exp(log_x)


def _root(lam: Array, w: Array, surplus: Array, order: int) -> Array:
    """kappa > 0 with f = sum w (lambda/(lambda + kappa))^order = 1, for sum w = 1 - surplus > 1.

    f^(-1/order) is a power mean of functions linear in kappa, so concave: Newton's method from the
    left never passes the root. Levels above kappa enter f - 1 by what they lack of w.
    """
    x = lam.min() * np.expm1(np.log1p(-surplus) / order)
    for _ in range(200):
        inverse = 1 / (lam + x[:, None])
        share, lost = lam * inverse, x[:, None] * inverse
        large = lam > x[:, None]
        lacking = lost if order == 1 else lost * (1 + share)
        whole = np.where(large.all(axis=1), -surplus, np.where(large, w, 0.0).sum(axis=1) - 1)
        rest = np.where(large, -w * lacking, w * share**order).sum(axis=1)
        excess = np.maximum(whole + rest, 0.0)
        steepness = (w * share**order * inverse).sum(axis=1) * np.exp(-np.log1p(excess) * (1 + 1 / order))
        change = -np.expm1(-np.log1p(excess) / order) / steepness
        x = x + change
        if (change <= 1e-9 * x).all():
            return x
    raise ConvergenceError(
        f"no threshold of the spectrum {lam.min():g} .. {lam.max():g}: rescale it towards 1"
    )


def _spread(path: Contour, once: Complex, lam: Array, w: Array, power: Array) -> Array:
    """The double integral of k1 k2 P Q/(1 - Q) with the sums, each over (lambda + k1)(lambda + k2),

    P of v^2, Q of w lambda^2, S of w lambda; 1 - Q = -z1/k1 + k2 S without cancellation.
    """
    total = np.zeros(len(w))
    outer = once * path.kappa
    for conjugate in (False, True):  # the second contour: both halves
        inverse, kappa, other = (a.conj() if conjugate else a for a in (path.inverse, path.kappa, outer))
        turned = inverse.swapaxes(1, 2)
        p = (path.inverse * power) @ turned
        q = (path.inverse * (w * lam**2)[:, None, :]) @ turned
        s = (path.inverse * (w * lam)[:, None, :]) @ turned
        rest = (path.y / path.kappa)[..., None] + kappa[:, None, :] * s
        total += _real(outer * np.einsum("pij,pj->pi", p * q / rest, other))
    return total


def _real(half: Complex) -> Array:
    """Sum over the nodes of the half contour (axis 1) and their mirror images."""
    return 2 * half.real.sum(axis=1)


def _surplus(rank: Array, n: Array) -> Array:
    """1 - rank/n, exactly 0 where the two agree to rounding."""
    with np.errstate(invalid="ignore"):
        difference = np.where(np.abs(n - rank) <= SAME * rank, 0.0, n - rank)
        return np.where(np.isinf(n), 1.0, difference / n)


def _in_chunks(function: Callable[..., Flow], size: int, *points: Array) -> Flow:
    """`function` of the points, `size` at a time to bound the memory."""
    count = len(points[0])
    if count == 0:
        return Flow(*np.empty((len(Flow._fields), 0)))
    parts = [function(*(a[i : i + size] for a in points)) for i in range(0, count, size)]
    return Flow(*(np.concatenate(field) for field in zip(*parts, strict=True)))
