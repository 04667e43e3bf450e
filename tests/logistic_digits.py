"""Kernels of wide networks of tanh, sigmoid and softplus in 60 digits, and the file of oracles made of them.

The logistic distribution is E Phi(x/tau) with tau/2 of Kolmogorov's distribution, so the duals are means over
(tau, tau') of closed forms. In log tau the density falls doubly exponentially on both sides and is analytic
up to +-i pi/4, as are the closed forms at any variances: the trapezoidal rule of this step leaves 1e-60.
`theory` takes 24 fitted nodes instead; a test compares them with integrals of the functions.

    python -m tests.logistic_digits
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from mpmath import fdot, fsum, mp, mpf

DIGITS = 60
NAMES = ("tanh", "sigmoid", "softplus")
Pair = tuple[mpf, mpf]  # E s(u) s(v) and E s'(u) s'(v)


@cache
def nodes() -> list[Pair]:
    """(tau^2, weight) of the mixture."""
    with mp.workdps(DIGITS + 10):
        step, largest = mpf("0.034"), mpf("2.2")
        points = [mp.exp(largest - step * i) for i in range(142)]  # from 9 down to 0.07
        return [(4 * k * k, step * k * density(k)) for k in points]


def density(k: mpf) -> mpf:
    """Density of Kolmogorov's distribution, each of its two series where it converges fast."""
    if k > mpf("0.9"):
        return 8 * k * fsum((-1) ** (n + 1) * n**2 * mp.exp(-2 * (n * k) ** 2) for n in range(1, 20))
    m = [((2 * n - 1) * mp.pi) ** 2 / 8 for n in range(1, 20)]
    return mp.sqrt(2 * mp.pi) * fsum((2 * e / k**4 - 1 / k**2) * mp.exp(-e / k**2) for e in m)


@cache
def grid() -> list[tuple[mpf, mpf, mpf]]:
    """(tau^2, tau'^2, weight) of the pairs of nodes that 60 digits see."""
    least = mpf(10) ** -(DIGITS + 2)
    products = ((s, t, v * w) for s, v in nodes() for t, w in nodes())
    return [entry for entry in products if entry[2] > least]


def duals(name: str, c: mpf, a: mpf, b: mpf) -> Pair:
    """The dual of the activation and of its slope at a covariance and two variances."""
    scale = 4 if name == "tanh" else 1  # tanh x = 2 sigmoid(2x) - 1
    c, a, b = scale * c, scale * a, scale * b
    angles, densities, rectified = [], [], []
    for s, t, weight in grid():
        if a == b and s > t:
            continue
        weight *= 2 if a == b and s < t else 1
        sine = mp.sqrt((a + s) * (b + t) - c * c)
        angle = mp.atan2(c, sine)
        angles.append(weight * angle)
        if name == "softplus":
            rectified.append(weight * (sine + c * (mp.pi / 2 + angle)))
        else:
            densities.append(weight / sine)
    share = fsum(angles) / (2 * mp.pi)
    if name == "softplus":
        return fsum(rectified) / (2 * mp.pi), mpf(1) / 4 + share
    peak = fsum(densities) / (2 * mp.pi)
    return (4 * share, 16 * peak) if name == "tanh" else (mpf(1) / 4 + share, peak)


@cache
def diagonal(name: str, a: mpf, depth: int, sw: mpf, sb: mpf) -> list[tuple[mpf, mpf]]:
    """(K, Theta) of an input with itself, of each layer."""
    theta, layers = a, [(a, a)]
    for _ in range(depth):
        value, slope = duals(name, a, a, a)
        a = sw * value + sb
        theta = a + sw * theta * slope
        layers.append((a, theta))
    return layers


def recursion(x: Any, z: Any, depth: int, name: str, sw: float, sb: float) -> list[tuple[mpf, mpf]]:
    """(K, Theta) of each layer for these very floats."""
    u, v = ([mpf(float(t)) for t in row] for row in (x, z))
    w, bias = mpf(sw), mpf(sb)
    a, b, c = (w / len(u) * fdot(s, t) + bias for s, t in ((u, u), (v, v), (u, v)))
    left, right = (diagonal(name, own, depth, w, bias) for own in (a, b))
    theta, layers = c, [(c, c)]
    for l in range(depth):
        value, slope = duals(name, c, left[l][0], right[l][0])
        c = w * value + bias
        theta = c + w * theta * slope
        layers.append((c, theta))
    return layers


def cases() -> Iterator[dict[str, Any]]:
    """Oracles: one point against equal, opposite, collinear, nearly equal, other and zero points."""
    rng = np.random.default_rng(11)
    x, z, step = rng.standard_normal((3, 3)).round(6)
    rows = np.array([x, -x, 2 * x, x + 1e-6 * step, -1.5 * (x + 1e-8 * step), z, 0 * z])
    depths = (1, 2, 4, 7, 10)
    for name in NAMES:
        for scale, sw, sb in [(1e-8, 2.0, 0.0), (1.0, 1.5, 0.3), (1e4, 2.0, 0.0), (1e8, 2.0, 0.0)]:
            inputs = scale * rows
            every = [recursion(row, inputs[0], max(depths), name, sw, sb) for row in inputs]
            own = [diagonal_of(row, max(depths), name, sw, sb) for row in inputs]
            for depth in depths:
                for part, function in enumerate(("nngp", "ntk")):
                    sizes = [mp.sqrt(own[0][depth][part] * o[depth][part]) for o in own]
                    yield {
                        "function": f"theory.kernel.{function}",
                        "arguments": {
                            "X": inputs.tolist(), "Z": inputs[0].tolist(), "depth": depth,
                            "activation": name, "sigma_w2": sw, "sigma_b2": sb,
                        },
                        "field": None,
                        "value": [float(layers[depth][part]) for layers in every],
                        "rtol": 0.0,
                        "atol": 1e-9,
                        "unit": [float(f"{float(size):.3g}") or 1.0 for size in sizes],
                        "how": "tests.logistic_digits: the recursion over layers in 60 digits",
                    }  # fmt: skip


def diagonal_of(row: Any, depth: int, name: str, sw: float, sb: float) -> list[tuple[mpf, mpf]]:
    u, w, bias = [mpf(float(t)) for t in row], mpf(sw), mpf(sb)
    return diagonal(name, w / len(u) * fdot(u, u) + bias, depth, w, bias)


def main() -> None:
    with mp.workdps(DIGITS):
        lines = ",\n".join(json.dumps(case) for case in cases())
    path = Path(__file__).parent / "oracles" / "kernel_scales.json"
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
