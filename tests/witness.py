"""The scalar equation and its outputs once more: 80 digits, bisection, the textbook formulas.

Nothing is arranged against cancellation here; the digits take care of it.
"""

from mpmath import exp, fsum, inf, log, mp, mpf

from tests.strategies import Point

DIGITS = 80


def risk(point: Point, digits: int = DIGITS) -> dict[str, mpf]:
    """Fields of Risk, for ridge > 0, or ridge 0 with n != p and min(n, p) below the rank."""
    with mp.workdps(digits):
        problem, n, p, ridge = point
        n, p, ridge = mpf(n), mpf(p), mpf(ridge)
        rows = zip(problem.eigenvalues, problem.multiplicity, problem.power, strict=True)
        levels = [(mpf(float(lam)), mpf(float(m)), mpf(float(v2))) for lam, m, v2 in rows]
        tail, tail_power, noise = mpf(problem.tail), mpf(problem.tail_power), mpf(problem.noise)

        def T(g: mpf) -> mpf:
            return fsum(m * lam / (lam + g) for lam, m, _ in levels) + tail / g

        def above_root(g: mpf) -> bool:
            return T(g) < min(n, p) and g * (1 - T(g) / p) * (1 - T(g) / n) > ridge

        trace = tail + fsum(m * lam for lam, m, _ in levels)
        low, high = mpf(-5 * digits), log(2 * (ridge + trace * (1 / n + 1 / p)))
        while high - low > mpf(10) ** (3 - DIGITS):
            middle = (low + high) / 2
            low, high = (low, middle) if above_root(exp(middle)) else (middle, high)
        g = exp(high)

        z = T(g) if ridge > 0 else min(n, p)
        q = fsum(m * (lam / (lam + g)) ** 2 for lam, m, _ in levels)
        w = fsum(m * lam * g / (lam + g) ** 2 for lam, m, _ in levels) + tail / g
        A = fsum(v2 * (g / (lam + g)) ** 2 for lam, _, v2 in levels) + tail_power
        C = fsum(v2 * lam * g / (lam + g) ** 2 for lam, _, v2 in levels)
        fields = {
            "bias": A,
            "var_samples": A * q / (n - q),
            "var_noise_samples": noise * q / (n - q),
            "df": z,
            "df2": q,
            "kappa": g * (1 - z / p),
            "gamma_eff": g,
        }
        if p == inf:
            test = n * (A + noise) / (n - q)
            norm = (w * (A + noise) + (n - q) * C) / (g * (n - q))
            V_W = V_XW = V_XWe = mpf(0)
        else:
            D = (n - q) * (p - q) - w**2
            test = n * ((p - q) * (A + noise) + w * C) / D
            norm = p * (w * (A + noise) + (n - q) * C) / (g * D)
            V_W = C * w / (p - q)
            V_XW = n * A * w**2 / (D * (n - q)) + w * C * (q * (p - z) + w * z) / (D * (p - q))
            V_XWe = noise * n * w**2 / (D * (n - q))
        return fields | {
            "test": test,
            "train": (1 - z / n) ** 2 * test,
            "variance": test - noise - A,
            "norm": norm,
            "var_features": V_W,
            "var_samples_features": V_XW,
            "var_noise_samples_features": V_XWe,
        }
