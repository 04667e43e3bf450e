"""References for layers and prompts: deep features, the renormalised kernel, linear attention."""

from hypothesis import assume
from mpmath import inf, mpf

from tests.adversary import box
from tests.adversary.box import Kind, Reference
from tests.adversary.concepts import root
from tests.strategies import decades
from theory.papers import li2021, lu2025, zavatone2023

# beyond these ends an answer is a limit that test_lu2025 and test_li2021 look at
MODEST = Kind(decades(-30, 30) | decades(-1, 1), 2.0)
MODEST_OR_ZERO = Kind(MODEST.drawn | decades(-30, -30).map(lambda _: 0.0), 0.5)


def deep(n: mpf, p: mpf, q: mpf, d: mpf, signal: mpf, noise: mpf) -> mpf:
    """Two layers, in the product of the statement."""
    least = min(p, q, d)
    for size in (p, q, d):
        box.decided(abs(n - size) - 1, max(n, size))
        box.decided(n - size, max(n, size))
    if least < n:
        lost = noise + signal * (1 - least / d)
        return mpf(0) if lost == 0 else mpf(inf) if n - least <= 1 else lost * (n - 1) / (n - least - 1)
    spread = mpf(0) if noise == 0 else mpf(inf) if d - n <= 1 else noise * n / (d - n - 1)
    if d == n:
        return noise + spread
    narrow = min(p, q) - n <= 1
    gain = inf if narrow else (d - n) * ((p - n) * (q - n) / ((p - n - 1) * (q - n - 1)) - 1)
    back = signal * n / d + spread
    return noise + signal * (1 - n / d) + spread + (gain * back if back else 0)


def renormalisation(share: mpf, r: mpf, depth: mpf) -> mpf:
    """Bisection."""
    assume(depth <= 1000)
    if r == 0 or share == 0:
        return mpf(1) if share == 0 else max(1 - share, mpf(0))
    low, high = mpf(10) ** -320, 2 + mpf(10) ** 320
    for _ in range(3000):
        u = root(low * high)
        low, high = (low, u) if u + share - 1 > share * r / u**depth else (u, high)
        if high / low - 1 < mpf(10) ** -20:
            break
    return high


def prompts(tau: mpf, alpha: mpf, kappa: mpf, noise: mpf, ridge: mpf) -> dict[str, mpf]:
    """Partial fractions of means over the Marchenko-Pastur law, and bisection."""
    c, q = 1 / kappa, (1 + noise) / alpha
    if ridge == 0:
        box.decided(tau - 1, mpf(1), "1e-6")

    def W(z: mpf) -> mpf:
        return 2 / (1 + c + z + root((1 + c + z) ** 2 - 4 * c))

    K = mpf(0)
    if ridge > 0 or tau < 1:
        low, high = mpf(10) ** -400, ridge + (1 + q) / tau
        while high / low - 1 > mpf(10) ** -40:
            K = root(low * high)
            above = K - K * (W(q + K) + q * (1 - W(q + K)) / (q + K)) / tau > ridge
            low, high = (low, K) if above else (K, high)
    z = q + K
    w, slope = W(z), W(z) / root((1 + c + z) ** 2 - 4 * c)
    inverse2 = (1 - w - z * slope) / z**2
    square = 1 - 2 * K * (1 - w) / z + K**2 * inverse2
    biased = q * (1 - W(q)) + (K**2 - q**2) * (1 - w) / z - z**2 * K * inverse2 if K else mpf(0)
    left = 1 - square / tau
    known = mpf(inf) if ridge == 0 and tau == 1 else (noise + q * W(q) + biased) / left
    spread = w - z * slope
    fresh = noise + 1 - 2 * w + (1 + q) * (spread + (slope + q * inverse2) * known / tau)
    return {"known_tasks": known, "fresh_tasks": fresh}


REFERENCES: dict[str, Reference] = {
    "zavatone2023.isotropic": Reference(
        lambda n, p, q, d, signal, noise: zavatone2023.isotropic(n, [p, q], d, signal, noise),
        {
            "n": box.POSITIVE, "p": box.LARGER, "q": box.LARGER, "d": box.LARGER,
            "signal": box.NOT_NEGATIVE, "noise": box.NOT_NEGATIVE,
        },
        deep,
        ("n", "p", "q", "d"),
        rtol=1e-10,
        digits=2000,
        slack=1e-300,
    ),
    "li2021.renormalisation": Reference(
        li2021.renormalisation,
        {"share": MODEST_OR_ZERO, "r": MODEST_OR_ZERO, "depth": box.WHOLE},
        renormalisation,
        digits=60,
    ),
    "lu2025.risk": Reference(
        lu2025.risk,
        {"tau": MODEST, "alpha": MODEST, "kappa": MODEST, "noise": MODEST_OR_ZERO, "ridge": MODEST_OR_ZERO},
        prompts,
        digits=500,
    ),
}  # fmt: skip
