"""The fields of `Risk` at the root of the scalar equation, jitted; `theory.equivalent` is its face.

Names: n, p, ridge as there; lam, mult, power the positive levels; base = g0, u = g - g0. `fill` goes through
the points: `theory.engines.root` finds the root, `_at_root` the sums there, and `_outputs` the fields.
`_below_zero` does the same for a negative ridge.
"""

from math import inf, isinf
from typing import NamedTuple

import numpy as np

from theory.engines.jit import njit, njit_sums
from theory.engines.root import distance, gap, negative_distance, per_product, threshold
from theory.risk import Risk

# rows of `fields`: the places of the fields of Risk
(
    TEST, TRAIN, BIAS, VARIANCE, NORM, DF, DF2, KAPPA, GAMMA_EFF,
    VAR_SAMPLES, VAR_FEATURES, VAR_SAMPLES_FEATURES, VAR_NOISE_SAMPLES, VAR_NOISE_SAMPLES_FEATURES,
) = range(len(Risk._fields))  # fmt: skip


class _Target(NamedTuple):
    """What the labels are: a factor of the levels' power, the unlearnable power, the noise variance."""

    signal: float
    tail_power: float
    noise: float


class _Root(NamedTuple):
    """The root g, the sums over the spectrum there, and what they leave of the sizes."""

    g: float
    z: float
    """T, the degrees of freedom."""
    q: float
    """df2."""
    w_over_g: float
    """(T - df2)/g."""
    c_over_g: float
    """C/g."""
    bias: float
    """A."""
    nz: float
    """n - T."""
    pz: float
    """p - T."""


@njit
def fill(n, p, ridge, signal, tail_power, noise, lam, mult, power, tail, fields):
    """Fill fields[:, i] for every point; return the index of a failure or -1."""
    point = np.empty(fields.shape[0])
    weight, tilted = mult * lam, np.empty(lam.size)
    rank = inf if tail > 0 else mult.sum()
    trace = tail + weight.sum()
    size = base = -1.0
    for i in range(n.size):
        target = _Target(signal[i], tail_power[i], noise[i])
        if ridge[i] == inf:
            _nothing_learnt(target.signal * power.sum() + target.tail_power, target.noise, point)
        elif ridge[i] < 0.0:
            if not _below_zero(n[i], ridge[i], target, lam, mult, power, tail, point):
                return i
        else:
            if min(n[i], p[i]) != size:  # the threshold is the same along a curve in ridge
                size = min(n[i], p[i])
                base = threshold(size, rank, lam, mult, tail)
                tilted[:] = weight / (lam + base)
            u = distance(n[i], p[i], ridge[i], base, rank, trace, lam, weight, tilted, tail)
            if np.isnan(u):
                return i
            root = _at_root(n[i], p[i], base, u, target, lam, mult, power, tail)
            _outputs(n[i], p[i], ridge[i], target.noise, root, point)
        fields[:, i] = point
    return -1


@njit
def _nothing_learnt(power, noise, out):
    """Infinite ridge: the predictor is 0."""
    out[:] = 0.0
    out[TEST] = out[TRAIN] = noise + power
    out[BIAS] = power
    out[KAPPA] = out[GAMMA_EFF] = inf


@njit
def _at_root(n, p, base, u, target, lam, mult, power, tail):
    """The sums at the root, with the tail; differences of sizes as sums of positive terms."""
    g = base + u
    z, q, w_over_g, s, power_left, c_over_g = _output_sums(base, g, lam, mult, power)
    power_left, c_over_g = target.signal * power_left, target.signal * c_over_g
    if tail > 0 and g > 0:
        z += tail / g
        w_over_g += per_product(tail, g, g)
        s += per_product(tail, base, g) if base > 0 else 0.0
    elif tail > 0:
        z = inf  # n = p = inf without ridge: nothing below uses the tail
    r = min(n, p) if base > 0 else mult.sum()
    nz, pz = gap(n, r) + u * s, gap(p, r) + u * s
    return _Root(g, z, q, w_over_g, c_over_g, power_left + target.tail_power, nz, pz)


@njit_sums
def _output_sums(base, g, lam, mult, power):
    """T, df2, sum m lam/(lam + g)^2, X/u, sum v^2 (g/(lam + g))^2, sum v^2 lam/(lam + g)^2."""
    z = q = w_over_g = s = power_left = c_over_g = 0.0
    for i in range(lam.size):
        inverse = 1 / (lam[i] + g)
        share, lost = lam[i] * inverse, g * inverse
        z += mult[i] * share
        q += mult[i] * share * share
        w_over_g += mult[i] * share * inverse
        s += mult[i] * share / (lam[i] + base)
        power_left += power[i] * lost * lost
        c_over_g += power[i] * share * inverse
    return z, q, w_over_g, s, power_left, c_over_g


@njit
def _outputs(n, p, ridge, noise, root, out):
    """All fields of Risk."""
    parts = _variances(n, p, noise, root)
    variance = parts[0] + parts[1] + parts[2] + parts[3] + parts[4]
    test = noise + root.bias + variance
    train_share = 1.0 if isinf(n) else root.nz / n
    out[TEST] = test
    out[TRAIN] = train_share * train_share * test if train_share != 0.0 else 0.0
    out[BIAS] = root.bias
    out[VARIANCE] = variance
    out[NORM] = _norm(n, p, root.bias + noise, root)
    out[DF] = root.z
    out[DF2] = root.q
    out[KAPPA] = root.g if isinf(p) else (ridge if isinf(n) else root.g * (root.pz / p))
    out[GAMMA_EFF] = root.g
    out[VAR_SAMPLES], out[VAR_FEATURES], out[VAR_SAMPLES_FEATURES] = parts[0], parts[1], parts[2]
    out[VAR_NOISE_SAMPLES], out[VAR_NOISE_SAMPLES_FEATURES] = parts[3], parts[4]


@njit
def _variances(n, p, noise, root):
    """The five variances in the order of Risk: samples, features, both, noise through samples and both."""
    g, z, q, w_over_g, c_over_g, bias, nz, pz = root
    w, c = g * w_over_g, g * c_over_g
    nq, pq = nz + w, pz + w
    samples = ratio(bias * q, nq) if not isinf(n) else 0.0
    noise_samples = ratio(noise * q, nq) if not isinf(n) else 0.0
    features = both = noise_both = 0.0
    if not isinf(p):
        features = ratio(c * w, pq)
        if not isinf(n):
            if g > 0:
                d = nz * pz + w * (nz + pz)
                both = ratio(n * bias * w * w, d * nq) + ratio(w * c * (q * pz + w * z), d * pq)
                noise_both = ratio(noise * n * w * w, d * nq)
            # ridge 0 and rank r <= min(n, p): the limits ridge -> 0
            elif nz == 0.0 and pz > 0.0:
                both = n * bias / (4 * pz)
                noise_both = n * noise / (4 * pz)
            elif nz == 0.0 and pz == 0.0:
                both = n * c_over_g / (3 * w_over_g) if w_over_g > 0 else 0.0
                both += inf if bias > 0 else 0.0
                noise_both = inf if noise > 0 else 0.0
    return samples, features, both, noise_samples, noise_both


@njit
def _norm(n, p, error, root):
    """E |a|^2, where `error` is bias + noise."""
    g, _, _, w_over_g, c_over_g, _, nz, pz = root
    w = g * w_over_g
    if isinf(p):
        return c_over_g + (ratio(w_over_g * error, nz + w) if not isinf(n) else 0.0)
    if isinf(n):
        return ratio(p * c_over_g, pz + w)
    if g > 0:
        d = nz * pz + w * (nz + pz)
        return ratio(p * (w_over_g * error + (nz + w) * c_over_g), d)
    # ridge 0 and rank r <= min(n, p): the limits ridge -> 0
    if nz == 0.0 and pz > 0.0:
        return inf if error > 0 else p * c_over_g / pz
    if nz == 0.0 and pz == 0.0:
        return inf if error + c_over_g > 0 else 0.0
    return ratio(p * (w_over_g * error + nz * c_over_g), nz * pz)


@njit
def _below_zero(n, ridge, target, lam, mult, power, tail, out):
    """All fields at a negative ridge, p = inf; False where the risk has diverged.

    To the levels a tail is an added ridge: no difference of 1/g is left where g approaches 0.
    """
    added = ridge + tail / n
    rank, weight = mult.sum(), mult * lam
    base = threshold(n, rank, lam, mult, 0.0)
    tilted = weight / (lam + base)
    if added < 0.0:
        u = negative_distance(n, added, base, lam, weight, tilted)
    else:
        u = distance(n, inf, added, base, rank, weight.sum(), lam, weight, tilted, 0.0)
    if np.isnan(u):
        return False
    root = _at_root(n, inf, base, u, target, lam, mult, power, 0.0)
    _outputs(n, inf, added, target.noise, root, out)
    if tail > 0:
        g, test = root.g, out[TEST]
        per_g2 = ratio(ratio(test, g), g)
        if g == 0.0 and test == 0.0:  # the limit ridge -> -tail/n
            per_g2 = ratio(n * target.signal * (power / lam / lam).sum(), gap(n, rank))
        out[TRAIN] = ridge * ridge * per_g2
        out[NORM] += tail / n * per_g2
        out[DF] = n * (1 - ridge / g) if g > 0 else inf
    return True


@njit
def ratio(a, b):
    """a/b for a, b >= 0 with 0/0 = 0 and a/0 = inf."""
    if a == 0.0:
        return 0.0
    return inf if b == 0.0 else a / b
