"""Gram matrices of the arc-cosine family (relu, its NNGP and NTK), jitted: one pass over a product.

For the angle t of two inputs let y = |cos t|, e = 1 - y and back = arccos y. The functions

    J_0 = pi - t,   J_1 = sin t + (pi - t) cos t,   J_2 = 3 sin t cos t + (pi - t)(1 + 2 cos^2 t)

are, for cos t < 0, I_0 = back, I_1 = sin t - y back, I_2 = back (1 + 2y^2) - 3 y sin t, and for cos t >= 0
pi - I_0, pi y + I_1, pi (1 + 2y^2) - I_2. I_k = e^(k + 1/2) times a function of e that is analytic on [0, 1]:
one square root and polynomials of degree 20, right to rounding at parallel and antipodal inputs too.
What is carried from layer to layer is e, not the cosine, for the same reason.
"""

from functools import cache
from math import factorial, fsum, pi, sqrt

import numpy as np

from theory.arguments import Array
from theory.engines.jit import njit, njit_elementwise

_DEGREE = 20  # the nearest singularity is e = 2: Chebyshev coefficients fall as 5.8^-k
_ROW = 512  # entries of a row buffer: all of them stay in the first-level cache


@cache
def tables() -> Array:
    """(3, 21) coefficients in e of I_k/(pi e^(k + 1/2)), highest power first."""
    x = np.cos(pi * (np.arange(400) + 0.5) / 400)
    # T_k(2e - 1) in powers of e: whole numbers below 2^53
    chebyshev = [np.array([1]), np.array([-1, 2])]
    for _ in range(_DEGREE - 1):
        twice = 2 * np.convolve([-1, 2], chebyshev[-1])
        twice[: len(chebyshev[-2])] -= chebyshev[-2]
        chebyshev.append(twice)
    rows = np.empty((3, _DEGREE + 1))
    for order in range(3):
        # many more points than coefficients: what rounding leaves in one value is averaged out
        fit = np.polynomial.chebyshev.chebfit(x, _ratio(order, (x + 1) / 2) / pi, _DEGREE)
        for power in range(_DEGREE + 1):
            terms = zip(fit[power:], chebyshev[power:], strict=True)
            rows[order, _DEGREE - power] = fsum(c * float(t[power]) for c, t in terms)
    return rows


def _ratio(order: int, e: Array) -> Array:
    """I_order/e^(order + 1/2) by power series in back: no cancellation on [0, pi/2]."""
    back = 2 * np.arcsin(np.sqrt(e / 2))
    scale = back / np.sqrt(e)  # e is never 0 at a node
    square = back**2
    if order == 0:
        return scale
    # I_1 = sin b - b cos b; I_2 = b (2 + cos 2b) - 3/2 sin 2b
    total = np.zeros_like(e)
    for k in range(16, 0, -1):
        if order == 1:
            term = 2 * k / factorial(2 * k + 1)
            total = term * (-1) ** (k + 1) + square * total
        elif k >= 2:
            term = 4.0**k * (1 / factorial(2 * k) - 3 / factorial(2 * k + 1))
            total = term * (-1) ** k + square * total
    return total * scale**3 if order == 1 else total * scale**5


@njit
def norms(x, out):
    """Squared lengths of the rows, in float64; equal rows give equal bits."""
    for i in range(x.shape[0]):
        total = 0.0
        for j in range(x.shape[1]):
            entry = np.float64(x[i, j])  # `float` of numba leaves a float32 as it is
            total += entry * entry
        out[i] = total


@njit
def relu(gram, x, z, sw, sb, p, q, inputs, biases, tangent, lower, near, table):
    """Turn the product X Z' in `gram` into the kernel of a relu network, in place.

    p, q (depth + 1, n), (depth + 1, m): sqrt K_l(x, x) of each layer. `inputs`, `biases` (depth + 1):
    weight of the two kinds of parameters of each layer in the tangent kernel. With `lower` only the lower
    triangle is computed, and mirrored.
    """
    n, m = gram.shape
    depth, half = p.shape[0] - 1, sw / 2
    e, s, w, tan, cov = np.empty(_ROW), np.empty(_ROW), np.empty(_ROW), np.empty(_ROW), np.empty(_ROW)
    inverse = np.empty(m)
    for j in range(m):
        inverse[j] = 1 / q[0, j] if q[0, j] > 0 else 0.0
    for i in range(n):
        inverse_i = 1 / p[0, i] if p[0, i] > 0 else 0.0
        end = i if lower else m
        for start in range(0, end, _ROW):
            size = min(_ROW, end - start)
            row, iq = gram[i, start : start + size], inverse[start : start + size]
            _first(row, sw / x.shape[1], sb, inverse_i, iq, inputs[0], biases[0], e, s, tan)
            _refine(e, s, size, x[i], z[start : start + size], sw / x.shape[1], sb, inverse_i, iq, near)
            for l in range(depth):
                qs = q[l, start : start + size]
                _layer(e, s, w, tan, cov, half, p[l, i], qs, inputs[l + 1], biases[l + 1], table)
                if l + 1 < depth:
                    _carry(e, w, half, sb, p[l, i], qs, p[l + 1, i], q[l + 1, start : start + size])
                    for k in range(size):
                        s[k] = 1.0
            for k in range(size):  # an assignment to a slice would take the compiler a second
                row[k] = tan[k] if tangent else cov[k] + sb
    if lower:
        mirror(gram)


@njit_elementwise
def _first(row, sw, sb, inverse, iq, inputs, biases, e, s, tan):
    """First layer: e and the sign of the cosine, and the tangent kernel of the input weights."""
    for k in range(iq.size):
        linear = sw * row[k]
        cosine = (linear + sb) * inverse * iq[k]
        e[k] = max(1 - abs(cosine), 0.0)
        s[k] = 1.0 if cosine >= 0 else 0.0
        tan[k] = inputs * linear + biases


@njit
def _refine(e, s, size, x, z, sw, sb, inverse, iq, near):
    """e of nearly parallel and antipodal pairs from their difference: 1 - cosine keeps no digits."""
    for k in range(size):
        if e[k] < near:
            sign = 1.0 if s[k] == 1.0 else -1.0
            # dividing before multiplying: the rows may be as small as 1e-160 or as large as 1e150
            gap = sb * (inverse - sign * iq[k]) ** 2
            for j in range(x.size):
                gap += sw * (x[j] * inverse - sign * (z[k, j] * iq[k])) ** 2
            e[k] = gap / 2


@njit_elementwise
def _layer(e, s, w, tan, cov, half, p, q, inputs, biases, table):
    """One layer: cov without the bias, tan, and w = 1 - normalised cov."""
    for k in range(q.size):
        x = e[k]
        i0, i1 = table[0, 0], table[1, 0]
        for c in range(1, _DEGREE + 1):
            i0 = i0 * x + table[0, c]
            i1 = i1 * x + table[1, c]
        root = sqrt(x)
        i0, i1 = root * i0, root * x * i1
        cosine = s[k] * (1 - x) + i1
        back = s[k] + (1 - 2 * s[k]) * i0
        w[k] = (1 - s[k]) + s[k] * x - i1
        c_new = half * (p * q[k]) * cosine
        tan[k] = inputs * c_new + biases + half * tan[k] * back
        cov[k] = c_new


@njit_elementwise
def _carry(e, w, half, sb, p, q, p_next, q_next):
    """e of the next layer as a sum of positive terms."""
    for k in range(q.size):
        if sb == 0.0:
            e[k] = w[k]
            continue
        scale = p_next * q_next[k]
        uneven = half * sb * (p - q[k]) ** 2 / (scale + half * (p * q[k]) + sb)
        e[k] = (half * (p * q[k]) * w[k] + uneven) / scale


@njit
def arc_cosine(gram, x, z, order, depth, p, q, log_p, log_q, lower, near, table):
    """Turn the product X Z' in `gram` into the composed arc-cosine kernel, in place.

    p, q: lengths of the rows; log_p, log_q: logarithms of sqrt k(x, x) of the result.
    """
    n, m = gram.shape
    e, s, tan = np.empty(_ROW), np.empty(_ROW), np.empty(_ROW)
    inverse = np.empty(m)
    for j in range(m):
        inverse[j] = 1 / q[j] if q[j] > 0 else 0.0
    for i in range(n):
        inverse_i = 1 / p[i] if p[i] > 0 else 0.0
        end = i if lower else m
        for start in range(0, end, _ROW):
            size = min(_ROW, end - start)
            row, iq = gram[i, start : start + size], inverse[start : start + size]
            _first(row, 1.0, 0.0, inverse_i, iq, 0.0, 0.0, e, s, tan)
            _refine(e, s, size, x[i], z[start : start + size], 1.0, 0.0, inverse_i, iq, near)
            for k in range(size):
                cosine = _composed(order, depth, e[k], s[k], table[order])
                row[k] = cosine * np.exp(log_p[i] + log_q[start + k])
    if lower:
        mirror(gram)


@njit
def _composed(order, depth, e, s, table):
    """Normalised arc-cosine kernel after `depth` compositions."""
    cosine = 0.0
    for _ in range(depth):
        part = table[0]
        for c in range(1, _DEGREE + 1):
            part = part * e + table[c]
        part *= sqrt(e) * e**order
        if order == 2:
            part /= 3
        if s == 0.0:  # obtuse, which only the first layer can be
            cosine = part
            e, s = 1 - part, 1.0
        elif order == 0:
            cosine, e = 1 - part, part
        elif order == 1:
            cosine, e = 1 - e + part, e - part
        else:
            cosine, e = (1 + 2 * (1 - e) ** 2) / 3 - part, 2 * e * (2 - e) / 3 + part
    return cosine


@njit
def distances(gram, x, z, p, q, lower, near):
    """Turn the product X Z' in `gram` into squared distances, in place; p, q squared lengths of the rows."""
    n, m = gram.shape
    for i in range(n):
        for j in range(i if lower else m):
            gap = p[i] + q[j] - 2 * gram[i, j]
            if gap < near * (p[i] + q[j]):
                gap = 0.0
                for k in range(x.shape[1]):
                    gap += (np.float64(x[i, k]) - np.float64(z[j, k])) ** 2
            gram[i, j] = gap
    if lower:
        mirror(gram)


@njit
def mirror(gram):
    """Copy the lower triangle to the upper, tile by tile."""
    n, tile = gram.shape[0], 64
    for a in range(0, n, tile):
        for b in range(0, a + 1, tile):
            for i in range(a, min(a + tile, n)):
                for j in range(b, min(b + tile, i)):
                    gram[j, i] = gram[i, j]
