"""Loss and gradient of narrow two-layer networks with one output, jitted.

Samples run along the vector registers in blocks that stay in cache, four hidden units at a time; nothing but
the preactivations of one block is stored between the forward and the backward pass.
"""

from math import factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.engines.jit import njit, njit_sums

Array = NDArray[np.float64]

CODES = {"relu": 0, "tanh": 1}
UNITS = 4  # units come in fours: the caller pads with zeros
BLOCK = 168  # samples: a block of preactivations of 64 units stays in the second-level cache

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is log 2 to 33 more bits
SHIFTER = 1.5 * 2.0**52  # added to a number, it leaves its whole part in the lowest bits
TAYLOR = tuple(1 / factorial(k) for k in range(2, 14))  # of exp, error 1e-17 at log(2)/2


class Weights(NamedTuple):
    """Parameters of f = c + a'phi(W x + b) for B networks, gains and shifts included."""

    W: Array
    """(B, N, d), N a multiple of 4."""
    b: Array
    """(B, N)."""
    a: Array
    """(B, N)."""
    c: Array
    """(B,)."""


class Sums(NamedTuple):
    """Sums over the samples of each network: of r^2, and of r times the derivatives of f."""

    squares: Array
    W: Array
    b: Array
    a: Array
    c: Array


def gradient(weights: Weights, X: Array, Y: Array, activation: str, hidden: bool) -> Sums:
    """Sum of squares of r = f - y for each network, and half its gradient; X (B or 1, n, d), Y (B or 1, n).

    The gradients of W and b are 0 unless `hidden`.

    >>> a, X, Y = np.array([[1.0, 0, 0, 0]]), np.ones((1, 1, 1)), np.zeros((1, 1))
    >>> gradient(Weights(a[..., None], 0 * a, a, np.zeros(1)), X, Y, "relu", hidden=True).a
    array([[1., 0., 0., 0.]])
    """
    n = X.shape[1]
    blocks = -(-n // BLOCK)
    size = 8 * -(-n // (8 * blocks))  # of equal size
    sums = Sums(np.zeros(len(weights.W)), *(np.zeros_like(part) for part in weights))
    _networks(weights, X, Y, CODES[activation], hidden, size, sums)
    return sums


@njit
def tanh(z: Array, rest: Array, power: Array) -> None:
    """tanh in place, within 2 units in the last place, several numbers at once; rest, power: room.

    tanh |z| = E/(E + 2) with E = exp(2|z|) - 1 = 2^k e + (2^k - 1), e = exp(r) - 1, |r| <= log(2)/2.
    """
    bits = power.view(np.int64)
    for s in range(z.size):
        y = 2.0 * abs(z[s])
        y = 40.0 if y > 40.0 else y  # there tanh is 1; nan stays
        shifted = y * LOG2_E + SHIFTER
        k = shifted - SHIFTER
        power[s] = shifted
        rest[s] = (y - k * LN2_HIGH) - k * LN2_LOW
    for s in range(z.size):
        bits[s] = (bits[s] + 1023) << 52  # the bits of 2^k
    for s in range(z.size):
        r = rest[s]
        p = TAYLOR[8] + r * (TAYLOR[9] + r * (TAYLOR[10] + r * TAYLOR[11]))
        p = TAYLOR[4] + r * (TAYLOR[5] + r * (TAYLOR[6] + r * (TAYLOR[7] + r * p)))
        p = TAYLOR[0] + r * (TAYLOR[1] + r * (TAYLOR[2] + r * (TAYLOR[3] + r * p)))
        e = power[s] * (r + r * r * p) + (power[s] - 1.0)
        z[s] = np.copysign(e / (e + 2.0), z[s])


@njit
def tanh_of(flat: Array, size: int) -> None:
    """tanh in place of a contiguous vector, `size` numbers at a time."""
    rest, power = np.empty(size), np.empty(size)
    for start in range(0, flat.size, size):
        part = flat[start : start + size]
        tanh(part, rest[: part.size], power[: part.size])


@njit  # not njit_sums: numba hands the leave to reorder on to callees, and tanh does not survive it
def _networks(weights: Weights, X: Array, Y: Array, code: int, hidden: bool, size: int, sums: Sums) -> None:
    """Add to `sums`, network by network and block by block of `size` samples."""
    W, b, a, c = weights
    squares, gW, gb, ga, gc = sums
    N, d = W.shape[1:]
    n = X.shape[1]
    x = np.empty((d, size))
    Z = np.empty((N, size))
    r = np.empty(size)
    rest, power = np.empty(size), np.empty(size)
    for i in range(len(W)):
        inputs, targets = X[min(i, len(X) - 1)], Y[min(i, len(Y) - 1)]
        for start in range(0, n, size):
            used = min(size, n - start)
            for s in range(used):
                for k in range(d):
                    x[k, s] = inputs[start + s, k]
            x[:, used:] = 0.0
            r[:] = c[i]
            for j in range(0, N, UNITS):
                z = Z[j : j + UNITS]
                _preactivations(W[i, j : j + UNITS], b[i, j : j + UNITS], x, z)
                if code == 0:
                    _read_relu(z, a[i, j : j + UNITS], r)
                else:
                    for u in range(UNITS):
                        tanh(z[u], rest, power)
                    _read(z, a[i, j : j + UNITS], r)
            r[used:] = 0.0
            total, square = _residuals(r[:used], targets[start : start + used])
            gc[i] += total
            squares[i] += square
            for j in range(0, N, UNITS):
                z = Z[j : j + UNITS]
                if code == 0:
                    _signals_relu(z, a[i, j : j + UNITS], r, ga[i, j : j + UNITS])
                else:
                    _signals_tanh(z, a[i, j : j + UNITS], r, ga[i, j : j + UNITS])
                if hidden:
                    _outer(z, x, gW[i, j : j + UNITS], gb[i, j : j + UNITS])


@njit_sums
def _preactivations(W: Array, b: Array, x: Array, z: Array) -> None:
    """z = W x + b, four units by four inputs: 16 products for 8 loads and 4 stores."""
    d, size = x.shape
    fours = d - d % 4
    b0, b1, b2, b3 = b[0], b[1], b[2], b[3]
    for s in range(size):
        z[0, s] = b0
        z[1, s] = b1
        z[2, s] = b2
        z[3, s] = b3
    for k in range(0, fours, 4):
        p0, p1, p2, p3 = W[0, k], W[0, k + 1], W[0, k + 2], W[0, k + 3]
        q0, q1, q2, q3 = W[1, k], W[1, k + 1], W[1, k + 2], W[1, k + 3]
        u0, u1, u2, u3 = W[2, k], W[2, k + 1], W[2, k + 2], W[2, k + 3]
        v0, v1, v2, v3 = W[3, k], W[3, k + 1], W[3, k + 2], W[3, k + 3]
        for s in range(size):
            x0, x1, x2, x3 = x[k, s], x[k + 1, s], x[k + 2, s], x[k + 3, s]
            z[0, s] += p0 * x0 + p1 * x1 + p2 * x2 + p3 * x3
            z[1, s] += q0 * x0 + q1 * x1 + q2 * x2 + q3 * x3
            z[2, s] += u0 * x0 + u1 * x1 + u2 * x2 + u3 * x3
            z[3, s] += v0 * x0 + v1 * x1 + v2 * x2 + v3 * x3
    for k in range(fours, d):
        p0, q0, u0, v0 = W[0, k], W[1, k], W[2, k], W[3, k]
        for s in range(size):
            x0 = x[k, s]
            z[0, s] += p0 * x0
            z[1, s] += q0 * x0
            z[2, s] += u0 * x0
            z[3, s] += v0 * x0


@njit_sums
def _outer(z: Array, x: Array, gW: Array, gb: Array) -> None:
    """gW += z x', gb += z 1, four units by two inputs: as many sums as there are registers for."""
    d, size = x.shape
    twos = d - d % 2
    for k in range(0, twos, 2):
        p0 = p1 = q0 = q1 = u0 = u1 = v0 = v1 = 0.0
        for s in range(size):
            x0, x1 = x[k, s], x[k + 1, s]
            p, q, u, v = z[0, s], z[1, s], z[2, s], z[3, s]
            p0 += p * x0
            p1 += p * x1
            q0 += q * x0
            q1 += q * x1
            u0 += u * x0
            u1 += u * x1
            v0 += v * x0
            v1 += v * x1
        gW[0, k] += p0
        gW[0, k + 1] += p1
        gW[1, k] += q0
        gW[1, k + 1] += q1
        gW[2, k] += u0
        gW[2, k + 1] += u1
        gW[3, k] += v0
        gW[3, k + 1] += v1
    for u in range(4):
        total = last = 0.0
        for s in range(size):
            total += z[u, s]
            last += z[u, s] * x[d - 1, s]
        gb[u] += total
        if twos < d:
            gW[u, twos] += last


@njit_sums
def _residuals(r: Array, targets: Array) -> tuple[float, float]:
    """r -= targets; sum of r and of r^2."""
    total = square = 0.0
    for s in range(r.size):
        e = r[s] - targets[s]
        r[s] = e
        total += e
        square += e * e
    return total, square


@njit_sums
def _read_relu(z: Array, a: Array, f: Array) -> None:
    """f += a'max(z, 0)."""
    a0, a1, a2, a3 = a[0], a[1], a[2], a[3]
    for s in range(f.size):
        f[s] += a0 * max(z[0, s], 0.0) + a1 * max(z[1, s], 0.0)
        f[s] += a2 * max(z[2, s], 0.0) + a3 * max(z[3, s], 0.0)


@njit_sums
def _read(h: Array, a: Array, f: Array) -> None:
    """f += a'h."""
    a0, a1, a2, a3 = a[0], a[1], a[2], a[3]
    for s in range(f.size):
        f[s] += a0 * h[0, s] + a1 * h[1, s] + a2 * h[2, s] + a3 * h[3, s]


@njit_sums
def _signals_relu(z: Array, a: Array, r: Array, ga: Array) -> None:
    """ga += max(z, 0) r, then z becomes a phi'(z) r."""
    for u in range(4):
        weight, total = a[u], 0.0
        for s in range(r.size):
            e, v = r[s], z[u, s]
            total += e * max(v, 0.0)
            z[u, s] = weight * e if v > 0.0 else 0.0
        ga[u] += total


@njit_sums
def _signals_tanh(h: Array, a: Array, r: Array, ga: Array) -> None:
    """ga += h r, then h = tanh(z) becomes a phi'(z) r."""
    for u in range(4):
        weight, total = a[u], 0.0
        for s in range(r.size):
            e, v = r[s], h[u, s]
            total += e * v
            h[u, s] = weight * e * (1.0 - v * v)
        ga[u] += total
