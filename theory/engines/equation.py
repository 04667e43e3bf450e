"""The fields of `Risk` at the root of the scalar equation, jitted; `theory.equivalent` is its face.

Names: n, p, ridge as there; lam, mult, power the positive levels; base = g0, u = g - g0. `fill` goes through
the points: `theory.engines.root` finds the root, `_at_root` the sums there, and `_outputs` the fields.
`fill_negative` does the same for negative ridges, and is compiled where there are some. Loops over numbers
are written out: an assignment to a slice alone takes the compiler a second, for the message of a wrong shape.
"""

from math import inf, isinf, isnan, nan
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
def fill(n, p, ridge, signal, tail_power, noise, lam, mult, power, tail, known, fields):
    """Fill fields[:, i] for every point with ridge[i] >= 0; return the index of a failure or -1.

    known[:, i] is g0 and, where `theory.engines.single` has found it, u, else nan; of more levels it has no
    columns.
    """
    weight, tilted = np.empty(lam.size), np.empty(lam.size)
    levels, trace, learnable = _totals(lam, mult, power, weight)
    rank = inf if tail > 0 else levels
    trace += tail
    size = base = -1.0
    for i in range(n.size):
        if ridge[i] < 0.0:
            continue
        if ridge[i] == inf:
            _nothing_learnt(signal[i] * learnable + tail_power[i], noise[i], fields, i)
            continue
        u = nan
        if known.size > 0:
            base, u = known[0, i], known[1, i]
        elif min(n[i], p[i]) != size:  # the threshold is the same along a curve in ridge
            size = min(n[i], p[i])
            base = threshold(size, rank, lam, mult, tail)
            _tilt(weight, lam, base, tilted)
        if isnan(u):
            if known.size > 0:
                _tilt(weight, lam, base, tilted)
            u = distance(n[i], p[i], ridge[i], base, rank, trace, lam, weight, tilted, tail)
        if isnan(u):
            return i
        target = _Target(signal[i], tail_power[i], noise[i])
        root = _at_root(n[i], p[i], base, u, levels, target, lam, mult, power, tail)
        _outputs(n[i], p[i], ridge[i], target.noise, root, fields, i)
    return -1


@njit
def _totals(lam, mult, power, weight):
    """The number of levels, their trace and their power; weight = mult lam."""
    levels = trace = learnable = 0.0
    for k in range(lam.size):
        weight[k] = mult[k] * lam[k]
        levels += mult[k]
        trace += weight[k]
        learnable += power[k]
    return levels, trace, learnable


@njit
def _tilt(weight, lam, base, tilted):
    """tilted = weight/(lam + base)."""
    for k in range(lam.size):
        tilted[k] = weight[k] / (lam[k] + base)


@njit
def _nothing_learnt(power, noise, fields, i):
    """Infinite ridge: the predictor is 0."""
    for row in range(fields.shape[0]):
        fields[row, i] = 0.0
    fields[TEST, i] = fields[TRAIN, i] = noise + power
    fields[BIAS, i] = power
    fields[KAPPA, i] = fields[GAMMA_EFF, i] = inf


@njit
def _at_root(n, p, base, u, levels, target, lam, mult, power, tail):
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
    r = min(n, p) if base > 0 else levels
    moved = u * s if s > 1e-290 else _moved(base, u, lam, mult, tail)
    nz, pz = gap(n, r) + moved, gap(p, r) + moved
    return _Root(g, z, q, w_over_g, c_over_g, power_left + target.tail_power, nz, pz)


@njit
def _moved(base, u, lam, mult, tail):
    """X = u (sum m lam/((lam + base)(lam + g)) + tail/(base g)), where the sum leaves the range of floats."""
    total = tail / base * (u / (base + u)) if base > 0 else 0.0
    for i in range(lam.size):
        total += mult[i] * (lam[i] / (lam[i] + base)) * (u / (lam[i] + base + u))
    return total


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
def _outputs(n, p, ridge, noise, root, fields, i):
    """All fields of Risk."""
    samples, features, both, noise_samples, noise_both = _variances(n, p, noise, root)
    variance = samples + features + both + noise_samples + noise_both
    test = noise + root.bias + variance
    train_share = 1.0 if isinf(n) else root.nz / n
    fields[TEST, i] = test
    fields[TRAIN, i] = train_share * train_share * test if train_share != 0.0 else 0.0
    fields[BIAS, i] = root.bias
    fields[VARIANCE, i] = variance
    fields[NORM, i] = _norm(n, p, root.bias + noise, root)
    fields[DF, i] = root.z
    fields[DF2, i] = root.q
    kappa = root.g if isinf(p) else (ridge if isinf(n) else root.g * (root.pz / p))
    fields[KAPPA, i] = kappa
    fields[GAMMA_EFF, i] = max(root.g, kappa)  # the ridge, with n = inf, may exceed g by rounding
    fields[VAR_SAMPLES, i], fields[VAR_FEATURES, i], fields[VAR_SAMPLES_FEATURES, i] = samples, features, both
    fields[VAR_NOISE_SAMPLES, i], fields[VAR_NOISE_SAMPLES_FEATURES, i] = noise_samples, noise_both


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
def fill_negative(n, ridge, signal, tail_power, noise, lam, mult, power, tail, fields):
    """`fill` for every point with ridge[i] < 0, and p = inf; a failure is where the risk has diverged.

    To the levels a tail is an added ridge: no difference of 1/g is left where g approaches 0.
    """
    weight, tilted = np.empty(lam.size), np.empty(lam.size)
    rank, trace, _ = _totals(lam, mult, power, weight)
    for i in range(n.size):
        if ridge[i] >= 0.0:
            continue
        added = ridge[i] + tail / n[i]
        base = threshold(n[i], rank, lam, mult, 0.0)
        _tilt(weight, lam, base, tilted)
        if added < 0.0:
            u = negative_distance(n[i], added, base, lam, weight, tilted)
        else:
            u = distance(n[i], inf, added, base, rank, trace, lam, weight, tilted, 0.0)
        if isnan(u):
            return i
        target = _Target(signal[i], tail_power[i], noise[i])
        root = _at_root(n[i], inf, base, u, rank, target, lam, mult, power, 0.0)
        _outputs(n[i], inf, added, target.noise, root, fields, i)
        if tail > 0:
            per_g2 = _per_g2(n[i], root.g, fields[TEST, i], target.signal, rank, lam, power)
            fields[TRAIN, i] = ridge[i] * ridge[i] * per_g2
            fields[NORM, i] += tail / n[i] * per_g2
            fields[DF, i] = n[i] * (1 - ridge[i] / root.g) if root.g > 0 else inf
    return -1


@njit
def _per_g2(n, g, test, signal, rank, lam, power):
    """test/g^2, by its limit where both are 0, at ridge -> -tail/n."""
    if g > 0.0 or test > 0.0:
        return ratio(ratio(test, g), g)
    total = 0.0
    for k in range(lam.size):
        total += power[k] / lam[k] / lam[k]
    return ratio(n * signal * total, gap(n, rank))


@njit
def ratio(a, b):
    """a/b for a, b >= 0 with 0/0 = 0 and a/0 = inf."""
    if a == 0.0:
        return 0.0
    return inf if b == 0.0 else a / b
