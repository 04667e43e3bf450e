"""The numerics of `pairs` and `logistic`, jitted: correlations and their distance from +-1.

A correlation s (1 - e) with sign s keeps its digits near +-1 only through e. The first e comes from the
inputs themselves: for nearly parallel and antipodal rows x, z the squared sine is that of the part of z
across x, whose entries x_k z_j - x_j z_k are computed to rounding; collinear rows give exactly 0.
"""

from math import asin, frexp, ldexp, pi, sqrt

import numpy as np

from theory.engines.jit import njit, njit_elementwise

NEAR = 1e-3  # e below which it is computed from the rows instead of their product


@njit_elementwise
def polynomials(e, table, zero, one):
    """I_0/pi and I_1/pi."""
    for k in range(e.size):
        x = e[k]
        i0, i1 = table[0, 0], table[1, 0]
        for c in range(1, table.shape[1]):
            i0 = i0 * x + table[0, c]
            i1 = i1 * x + table[1, c]
        root = sqrt(x)
        zero[k], one[k] = root * i0, root * x * i1


@njit
def first(product, x, z, sw, sb, a, b, e, s, distance):
    """e, s and E (u - s v)^2 of K_1 = sw x.z + sb; a, b are the K_1 of the rows with themselves."""
    for i in range(product.shape[0]):
        for j in range(product.shape[1]):
            covariance = sw * product[i, j] + sb
            norm = sqrt(a[i]) * sqrt(b[j])
            s[i, j] = 1.0 if covariance >= 0 else -1.0
            e[i, j] = min(max(1 - abs(covariance) / norm, 0.0), 1.0) if norm > 0 else 1.0
            uneven = sqrt(a[i]) - sqrt(b[j])
            distance[i, j] = uneven * uneven + 2 * norm * e[i, j]
            if e[i, j] < NEAR:
                distance[i, j] = _apart(x[i], z[j], s[i, j], sw)
                if s[i, j] < 0:
                    distance[i, j] += 4 * sb
                sine2 = _sine2(x[i], z[j])
                if sb > 0:
                    sine2 *= (1 - sb / a[i]) * (1 - sb / b[j])
                    sine2 += sb / a[i] * (_apart(x[i], z[j], 1.0, sw) / b[j])
                sine2 = min(sine2, 1.0)
                e[i, j] = sine2 / (1 + sqrt(1 - sine2))


@njit
def _apart(x, z, s, sw):
    """sw |x - s z|^2."""
    total = 0.0
    for k in range(x.size):
        gap = x[k] - s * z[k]
        total += sw * (gap * gap)
    return total


@njit
def _sine2(x, z):
    """Squared sine of the angle between two rows, to a few roundings of its own size."""
    top = 0
    large = 0.0
    for k in range(x.size):
        if abs(x[k]) > abs(x[top]):
            top = k
        large = max(large, abs(z[k]))
    if x[top] == 0 or large == 0:
        return 0.0
    down_x, down_z = -frexp(x[top])[1], -frexp(large)[1]  # powers of two: exact
    pivot_x, pivot_z = ldexp(x[top], down_x), ldexp(z[top], down_z)
    xx = zz = xy = 0.0
    for k in range(x.size):
        xk, zk = ldexp(x[k], down_x), ldexp(z[k], down_z)
        across = _determinant(pivot_x, zk, xk, pivot_z) / pivot_x
        xx += xk * xk
        zz += zk * zk
        xy += xk * across
    along = xy / xx
    rest = 0.0
    for k in range(x.size):
        xk, zk = ldexp(x[k], down_x), ldexp(z[k], down_z)
        across = _determinant(pivot_x, zk, xk, pivot_z) / pivot_x
        off = across - along * xk
        rest += off * off
    return rest / zz


@njit
def _determinant(a, d, b, c):
    """a d - b c to rounding: the errors of both products are exact."""
    p, q = a * d, b * c
    return (p - q) + (_error(a, d, p) - _error(b, c, q))


@njit
def _error(a, b, product):
    """a b - fl(a b), by halves of the digits (Dekker)."""
    t = 134217729.0 * a
    high_a = t - (t - a)
    t = 134217729.0 * b
    high_b = t - (t - b)
    low_a, low_b = a - high_a, b - high_b
    return low_a * low_b - (((product - high_a * high_b) - low_a * high_b) - high_a * low_b)


@njit
def mixture(a, b, e, s, width2, some, weights, kind, out):
    """Sums over the nodes of arcsin r (0), of d arcsin r/d covariance (1), of 2 pi times relu's dual (2)."""
    m = width2.size
    room = np.empty((8, m))
    near_a, far_a, root_a, size_a = room[0], room[1], room[2], room[3]
    near_b, far_b, root_b, size_b = room[4], room[5], room[6], room[7]
    for k in range(a.size):
        if k == 0 or a[k] != a[k - 1]:
            _widen(a[k], width2, near_a, far_a, root_a, size_a)
        if k == 0 or b[k] != b[k - 1]:
            _widen(b[k], width2, near_b, far_b, root_b, size_b)
        sine2, cosine, total = e[k] * (2 - e[k]), s[k] * (1 - e[k]), 0.0
        for t in range(weights.size):
            i, j = some[t, 0], some[t, 1]
            square = near_a[i] + far_a[i] * (near_b[j] + far_b[j] * sine2)
            sine = sqrt(square)
            if kind == 1:
                total += weights[t] / (size_a[i] * size_b[j] * sine)
                continue
            r = root_a[i] * root_b[j] * cosine
            if abs(r) < 0.5:
                angle = asin(r)
            else:
                angle = pi / 2 - 2 * asin(sqrt(square / (2 * (1 + abs(r)))))
                if r < 0:
                    angle = -angle
            if kind == 0:
                total += weights[t] * angle
            else:
                total += weights[t] * (size_a[i] * size_b[j]) * (sine + r * (pi / 2 + angle))
        out[k] = total


@njit
def _widen(a, width2, near, far, root, size):
    for i in range(width2.size):
        near[i] = width2[i] / (a + width2[i])
        far[i] = a / (a + width2[i])
        root[i] = sqrt(far[i])
        size[i] = sqrt(a + width2[i])
