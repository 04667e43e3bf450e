"""The solver of the scalar equation and the sums at its root, jitted; `theory.equivalent` is its face.

Names: n, p, ridge as there; lam, mult, power the positive levels; base = g0, u = g - g0.
"""

from math import exp, hypot, inf, isinf, log, sqrt

import numpy as np

from theory.engines.jit import njit, njit_sums

_SAME = 1e-12  # n = rank, n = p and the like are decided at this relative distance


@njit
def fill(n, p, ridge, signal, tail_power, noise, lam, mult, power, tail, fields):
    """Fill fields[:, i] for every point; return the index of a failure or -1."""
    point = np.empty(fields.shape[0])
    weight, tilted = mult * lam, np.empty(lam.size)
    rank = inf if tail > 0 else mult.sum()
    trace = tail + weight.sum()
    size = base = -1.0
    for i in range(n.size):
        if ridge[i] == inf:
            _nothing_learnt(signal[i] * power.sum() + tail_power[i], noise[i], point)
        elif ridge[i] < 0.0:
            known = (signal[i], tail_power[i], noise[i])
            if not _below_zero(n[i], ridge[i], *known, lam, mult, power, tail, point):
                return i
        else:
            if min(n[i], p[i]) != size:  # the threshold is the same along a curve in ridge
                size = min(n[i], p[i])
                base = _base(size, rank, lam, mult, tail)
                tilted[:] = weight / (lam + base)
            u = _distance(n[i], p[i], ridge[i], base, rank, trace, lam, weight, tilted, tail)
            if np.isnan(u):
                return i
            _outputs(
                n[i], p[i], ridge[i], base, u, signal[i], tail_power[i], noise[i],
                lam, mult, power, tail, point,
            )  # fmt: skip
        fields[:, i] = point
    return -1


@njit
def _base(size, rank, lam, mult, tail):
    """g0: the root of T = size, or 0 where the rank does not exceed it."""
    if isinf(size) or (not isinf(rank) and rank - size <= _SAME * rank):  # as `_gap` decides
        return 0.0
    return _threshold(size, rank, lam, mult, tail)


@njit
def _distance(n, p, ridge, base, rank, trace, lam, weight, tilted, tail):
    """u = g - g0 at the root; nan where there is none. tilted = weight/(lam + base)."""
    if ridge == 0.0:
        return 0.0
    if isinf(n) and isinf(p):
        return ridge
    slope, _ = _spectral_sums(base, base, lam, weight, tilted, tail)  # of X at u = 0
    if slope == 0.0:  # no eigenvalues: T = 0
        return ridge

    # g * (n - T) * (p - T) = target, each factor without the sizes that are infinite
    r = min(n, p) if base > 0 else rank
    left_n = inf if isinf(n) else _gap(n, r)
    left_p = inf if isinf(p) else _gap(p, r)
    log_target = log(ridge) + (0.0 if isinf(n) else log(n)) + (0.0 if isinf(p) else log(p))

    # lower end: below `limit` no factor exceeds twice its value at u = 0, or its tangent there
    limit, order, constant = inf, 0, 0.0
    if base > 0:
        limit, constant = base, log(base)
    else:
        order += 1
    for left in (left_n, left_p):
        if left == 0.0:
            order += 1
            constant += log(slope)
        elif not isinf(left):
            limit = min(limit, left / slope)
            constant += log(left)
    guess = (log_target - constant) / order
    low = min(guess - 3 * log(2.0) / order, log(limit))
    high = log(ridge + trace * (1 / n + 1 / p))
    x = min(max(guess, low), high)
    for _ in range(200):
        u = exp(x)
        g = base + u
        s, w = _spectral_sums(base, g, lam, weight, tilted, tail)
        # a factor that vanishes with u goes without it: a subnormal u has no digits, its log x has
        first, of_n, of_p = (g if base > 0 else 1.0), 1.0, 1.0
        steepness = u / g if base > 0 else 1.0
        if left_n == 0.0:
            of_n = s
            steepness += w / s
        elif not isinf(left_n):
            of_n = left_n + u * s
            steepness += u * w / of_n
        if left_p == 0.0:
            of_p = s
            steepness += w / s
        elif not isinf(left_p):
            of_p = left_p + u * s
            steepness += u * w / of_p
        value = order * x + _log_product(first, of_n, of_p) - log_target
        if value > 0:
            high = x
        else:
            low = x
        new = x - value / steepness
        newton = low <= new <= high  # not strict: at convergence the root may be an end
        if not newton:
            new = (low + high) / 2
        step = abs(new - x)
        x = new
        # Newton is quadratic: after a step of 1e-8 the next would be below rounding; a bisection is not
        if (newton and step <= 1e-8) or high - low <= 4e-16 * max(abs(x), 1.0):
            return exp(x)
    return np.nan


@njit
def _log_product(a, b, c):
    """log(a b c), by one logarithm where nothing overflows."""
    pair = a * b
    product = pair * c
    if 1e-290 < pair < 1e290 and 1e-290 < product < 1e290:
        return log(product)
    return log(a) + log(b) + log(c)


@njit_sums
def _spectral_sums(base, g, lam, weight, tilted, tail):
    """X/u = sum m lam/((lam + base)(lam + g)) and dX/du = sum m lam/(lam + g)^2, with the tail."""
    s = w = 0.0
    for i in range(lam.size):
        inverse = 1 / (lam[i] + g)
        s += tilted[i] * inverse
        w += weight[i] * inverse * inverse
    if tail > 0:
        share = tail / g
        s += share / base
        w += share / g
    return s, w


@njit
def _gap(size, r):
    """size - r, exactly 0 where the two agree to rounding."""
    return 0.0 if abs(size - r) <= _SAME * r else size - r


@njit
def _threshold(size, rank, lam, mult, tail):
    """g0 > 0 with T(g0) = size, for rank > size."""
    if lam.size == 1:  # size g^2 + b g = tail lam
        b = (size - mult[0]) * lam[0] - tail
        root = hypot(b, 2 * sqrt(size * tail) * sqrt(lam[0]))
        return 2 * tail * (lam[0] / (b + root)) if b > 0 else (root - b) / (2 * size)
    smallest, trace = inf, tail
    for i in range(lam.size):
        smallest = min(smallest, lam[i])
        trace += mult[i] * lam[i]
    # T <= trace/g, and T >= tail/g or rank smallest/(smallest + g)
    high = log(trace / size)
    low = log(tail / size) if tail > 0 else log(smallest * (rank - size) / size)
    x = (low + high) / 2
    for _ in range(200):
        g = exp(x)
        above, plus, minus, w = _split_sums(g, lam, mult)
        if tail > 0:
            minus += tail / g
            w += tail / g
        value = (size - above + plus) - minus  # size - T
        if value > 0:
            high = x
        else:
            low = x
        new = x - value / w
        newton = low <= new <= high
        if not newton:
            new = (low + high) / 2
        step = abs(new - x)
        x = new
        if (newton and step <= 1e-8) or high - low <= 4e-16 * max(abs(x), 1.0):
            break
    return exp(x)


@njit_sums
def _split_sums(g, lam, mult):
    """T = above - plus + minus, and -dT/dlog g.

    Levels above g enter as m - m g/(lam + g): in size - T only whole numbers cancel.
    """
    above = plus = minus = w = 0.0
    for i in range(lam.size):
        inverse = 1 / (lam[i] + g)
        share = mult[i] * min(lam[i], g) * inverse
        w += share * max(lam[i], g) * inverse
        if lam[i] > g:
            above += mult[i]
            plus += share
        else:
            minus += share
    return above, plus, minus, w


@njit
def _below_zero(n, ridge, signal, tail_power, noise, lam, mult, power, tail, out):
    """All fields at a negative ridge, p = inf; False where the risk has diverged.

    To the levels a tail is an added ridge: no difference of 1/g is left where g approaches 0.
    """
    added = ridge + tail / n
    rank, weight = mult.sum(), mult * lam
    base = _base(n, rank, lam, mult, 0.0)
    tilted = weight / (lam + base)
    if added < 0.0:
        u = _negative(n, added, base, lam, weight, tilted)
    else:
        u = _distance(n, inf, added, base, rank, weight.sum(), lam, weight, tilted, 0.0)
    if np.isnan(u):
        return False
    _outputs(n, inf, added, base, u, signal, tail_power, noise, lam, mult, power, 0.0, out)
    if tail > 0:
        g, test = base + u, out[0]
        per_g2 = _ratio(_ratio(test, g), g)
        if g == 0.0 and test == 0.0:  # the limit ridge -> -tail/n
            per_g2 = _ratio(n * signal * (power / lam / lam).sum(), _gap(n, rank))
        out[1] = ridge * ridge * per_g2
        out[4] += tail / n * per_g2
        out[5] = n * (1 - ridge / g) if g > 0 else inf
    return True


@njit
def _negative(n, ridge, base, lam, weight, tilted):
    """u < 0 for a negative ridge, p = inf, no tail; nan where the risk has diverged or n >= rank."""
    if base == 0.0 or isinf(ridge):
        return np.nan
    # g (n - T(g)) grows with g as long as its slope n - df2(g) is positive: find the end of that
    low, high = 0.0, base
    for _ in range(2000):
        g = high / 2 if low == 0.0 else sqrt(low * high)
        if g <= low or g >= high or g < 1e-300:
            break
        s, w = _spectral_sums(base, g, lam, weight, tilted, 0.0)
        if (g - base) * s + g * w < 0:  # n - df2 = (n - T) + (T - df2)
            low = g
        else:
            high = g
    end = high - base
    left, right = end, 0.0
    for _ in range(2000):
        u = (left + right) / 2
        if u <= left or u >= right:
            break
        s, _ = _spectral_sums(base, base + u, lam, weight, tilted, 0.0)
        if (base + u) * u * s > n * ridge:
            right = u
        else:
            left = u
    # the root must lie inside, not at the end where the risk diverges
    return right if left > end else np.nan


@njit
def _nothing_learnt(power, noise, out):
    """Infinite ridge: the predictor is 0."""
    out[:] = 0.0
    out[0] = out[1] = noise + power
    out[2] = power
    out[7] = out[8] = inf


@njit
def _outputs(n, p, ridge, base, u, signal, tail_power, noise, lam, mult, power, tail, out):
    """All fields of Risk, in its order."""
    g = base + u
    z, q, w_over_g, s, power_left, c_over_g = _output_sums(base, g, lam, mult, power)
    power_left, c_over_g = signal * power_left, signal * c_over_g
    if tail > 0 and g > 0:
        z += tail / g
        w_over_g += tail / g**2
        s += tail / (base * g) if base > 0 else 0.0
    elif tail > 0:
        z = inf  # n = p = inf without ridge: nothing below uses the tail
    r = min(n, p) if base > 0 else mult.sum()
    nz, pz = _gap(n, r) + u * s, _gap(p, r) + u * s
    w, c = g * w_over_g, g * c_over_g
    bias = power_left + tail_power
    error = bias + noise
    nq, pq = nz + w, pz + w

    var_x = _ratio(bias * q, nq) if not isinf(n) else 0.0
    var_xe = _ratio(noise * q, nq) if not isinf(n) else 0.0
    var_w = var_xw = var_xwe = 0.0
    kappa, train_share = g, 1.0
    if isinf(p):
        norm = c_over_g + (_ratio(w_over_g * error, nq) if not isinf(n) else 0.0)
        if not isinf(n):
            train_share = nz / n
    elif isinf(n):
        var_w = _ratio(c * w, pq)
        norm = _ratio(p * c_over_g, pq)
        kappa = ridge
    else:
        kappa, train_share = g * (pz / p), nz / n
        d = nz * pz + w * (nz + pz)
        var_w = _ratio(c * w, pq)
        if g > 0:
            var_xw = _ratio(n * bias * w * w, d * nq) + _ratio(w * c * (q * pz + w * z), d * pq)
            var_xwe = _ratio(noise * n * w * w, d * nq)
            norm = _ratio(p * (w_over_g * error + nq * c_over_g), d)
        else:
            # ridge 0 and rank r <= min(n, p): the limits ridge -> 0
            norm = _ratio(p * (w_over_g * error + nz * c_over_g), nz * pz)
            if nz == 0.0 and pz > 0.0:
                var_xw = n * bias / (4 * pz)
                var_xwe = n * noise / (4 * pz)
                norm = inf if error > 0 else p * c_over_g / pz
            elif nz == 0.0 and pz == 0.0:
                var_xw = n * c_over_g / (3 * w_over_g) if w_over_g > 0 else 0.0
                var_xw += inf if bias > 0 else 0.0
                var_xwe = inf if noise > 0 else 0.0
                norm = inf if error + c_over_g > 0 else 0.0
    variance = var_x + var_w + var_xw + var_xe + var_xwe
    test = noise + bias + variance
    out[0] = test
    out[1] = train_share * train_share * test if train_share != 0.0 else 0.0
    out[2] = bias
    out[3] = variance
    out[4] = norm
    out[5] = z
    out[6] = q
    out[7] = kappa
    out[8] = g
    out[9] = var_x
    out[10] = var_w
    out[11] = var_xw
    out[12] = var_xe
    out[13] = var_xwe


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
def _ratio(a, b):
    """a/b for a, b >= 0 with 0/0 = 0 and a/0 = inf."""
    if a == 0.0:
        return 0.0
    return inf if b == 0.0 else a / b
