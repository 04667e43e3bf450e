"""The solver of the scalar equation and the sums at its root, jitted; `theory.equivalent` is its face.

Names: n, p, ridge as there; lam, mult, power the positive levels; base = g0, u = g - g0.
"""

from math import exp, inf, isinf, log, sqrt

import numpy as np

from theory._numba import njit

_SAME = 1e-12  # n = rank, n = p and the like are decided at this relative distance


@njit
def fill(n, p, ridge, signal, tail_power, noise, lam, mult, power, tail, fields):
    """Fill fields[:, i] for every point; return the index of a failure or -1."""
    point = np.empty(fields.shape[0])
    for i in range(n.size):
        if isinf(ridge[i]):
            _nothing_learnt(signal[i] * power.sum() + tail_power[i], noise[i], point)
        else:
            base, u = _root(n[i], p[i], ridge[i], lam, mult, tail)
            if np.isnan(u):
                return i
            _outputs(
                n[i], p[i], ridge[i], base, u, signal[i], tail_power[i], noise[i],
                lam, mult, power, tail, point,
            )  # fmt: skip
        fields[:, i] = point
    return -1


@njit
def _root(n, p, ridge, lam, mult, tail):
    """(g0, u) with g0 + u the root; u is nan where there is none."""
    size = min(n, p)
    rank = inf if tail > 0 else mult.sum()
    if isinf(size):
        return 0.0, ridge
    base = 0.0 if rank <= size * (1 + _SAME) else _threshold(size, rank, lam, mult, tail)
    if ridge == 0.0:
        return base, 0.0
    if ridge < 0.0:
        return base, _negative(n, ridge, base, lam, mult, tail)

    # g * (n - T) * (p - T) = target, each factor without the sizes that are infinite
    r = size if base > 0 else rank
    left_n, left_p = _gap(n, r), _gap(p, r)
    log_target = log(ridge)
    if not isinf(n):
        log_target += log(n)
    if not isinf(p):
        log_target += log(p)
    trace = tail
    slope = tail / base**2 if tail > 0 else 0.0
    for i in range(lam.size):
        trace += mult[i] * lam[i]
        slope += mult[i] * lam[i] / (lam[i] + base) ** 2
    upper = ridge + trace * (1 / n + 1 / p)
    if slope == 0.0:  # no eigenvalues: T = 0
        return base, ridge

    # lower end: below `limit` no factor exceeds twice its value at u = 0, or its tangent there
    limit, order, constant = inf, 0, 0.0
    if base > 0:
        limit, constant = base, log(base)
    else:
        order += 1
    for size_left in (left_n, left_p):
        if size_left == 0.0:
            order += 1
            constant += log(slope)
        elif not isinf(size_left):
            limit = min(limit, size_left / slope)
            constant += log(size_left)
    guess = (log_target - constant) / order
    low = min(guess - 3 * log(2.0) / order, log(limit))
    high = log(upper)
    x = min(max(guess, low), high)
    for _ in range(200):
        u = exp(x)
        g = base + u
        s, w = 0.0, 0.0
        for i in range(lam.size):
            ratio = mult[i] * lam[i] / (lam[i] + g)
            s += ratio / (lam[i] + base)
            w += ratio / (lam[i] + g)
        if tail > 0:
            s += tail / (base * g)
            w += tail / g**2
        value, steepness = log(g) - log_target, u / g
        for size_left in (left_n, left_p):
            if not isinf(size_left):
                rest = size_left + u * s
                value += log(rest)
                steepness += u * w / rest
        if value > 0:
            high = x
        else:
            low = x
        new = x - value / steepness
        if not low <= new <= high:  # not strict: at convergence the root may be an end
            new = (low + high) / 2
        step = abs(new - x)
        x = new
        # Newton is quadratic: after a step of 1e-9 the next would be below rounding
        if step <= 1e-9 or high - low <= 1e-15 * abs(x):
            return base, exp(x)
    return base, np.nan


@njit
def _gap(size, r):
    """size - r, exactly 0 where the two agree to rounding."""
    return 0.0 if abs(size - r) <= _SAME * r else size - r


@njit
def _threshold(size, rank, lam, mult, tail):
    """g0 > 0 with T(g0) = size, for rank > size."""
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
        # size - T: levels above g enter as m - m g/(lambda + g), so only whole numbers cancel
        whole, plus, minus, w = size, 0.0, 0.0, 0.0
        for i in range(lam.size):
            small = mult[i] * min(lam[i], g) / (lam[i] + g)
            if lam[i] > g:
                whole -= mult[i]
                plus += small
            else:
                minus += small
            w += small * max(lam[i], g) / (lam[i] + g)
        if tail > 0:
            minus += tail / g
            w += tail / g
        value = (whole + plus) - minus
        if value > 0:
            high = x
        else:
            low = x
        new = x - value / w
        if not low <= new <= high:
            new = (low + high) / 2
        step = abs(new - x)
        x = new
        if step <= 1e-9 or high - low <= 1e-15 * abs(x):
            break
    return exp(x)


@njit
def _negative(n, ridge, base, lam, mult, tail):
    """u < 0 for a negative ridge, p = inf; nan where the risk has diverged or n >= rank."""
    if base == 0.0:
        return np.nan
    # g (n - T(g)) grows with g where n > df2(g): find the end of that range, then the root
    low, high = 0.0, base
    for _ in range(200):
        g = (low + high) / 2 if low == 0.0 else sqrt(low * high)
        if g <= low or g >= high or g < 1e-300:
            break
        q = 0.0
        for i in range(lam.size):
            q += mult[i] * (lam[i] / (lam[i] + g)) ** 2
        if q > n:
            low = g
        else:
            high = g
    left, right = high - base, 0.0
    for _ in range(2000):
        u = (left + right) / 2
        if u <= left or u >= right:
            break
        s = tail / (base * (base + u)) if tail > 0 else 0.0
        for i in range(lam.size):
            s += mult[i] * lam[i] / ((lam[i] + base) * (lam[i] + base + u))
        if (base + u) * u * s > n * ridge:
            right = u
        else:
            left = u
    # the root must lie inside, not at the end where the risk diverges
    return right if left > high - base else np.nan


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
    z = q = w_over_g = s = power_left = c_over_g = 0.0
    for i in range(lam.size):
        share = lam[i] / (lam[i] + g)
        z += mult[i] * share
        q += mult[i] * share**2
        w_over_g += mult[i] * share / (lam[i] + g)
        s += mult[i] * share / (lam[i] + base)
        power_left += signal * power[i] * (g / (lam[i] + g)) ** 2
        c_over_g += signal * power[i] * share / (lam[i] + g)
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
    out[1] = train_share * train_share * test if train_share > 0 else 0.0
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


@njit
def _ratio(a, b):
    """a/b for a, b >= 0 with 0/0 = 0 and a/0 = inf."""
    if a == 0.0:
        return 0.0
    return inf if b == 0.0 else a / b
