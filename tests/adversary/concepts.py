"""References for the concepts of `theory`."""

from hypothesis import assume
from mpmath import inf, mp, mpf

from tests.adversary import box
from tests.adversary.box import Reference
from theory import classification, complexity, descent, exact, sphere, tradeoff

root, ln = mp.sqrt, mp.log

CONFIDENCE = {"n": box.AT_LEAST_ONE, "delta": box.OPEN}
CURVED = {
    "alpha": box.SMALLER, "beta": box.POSITIVE, "lipschitz": box.NOT_NEGATIVE, "misfit": box.NOT_NEGATIVE,
}  # fmt: skip


def positive_part(x: mpf) -> mpf:
    return max(x, mpf(0))


def over(a: mpf, b: mpf) -> mpf:
    """a/b, inf over 0."""
    return a / b if b else (mpf(inf) if a else mpf(0))


# -- complexity ------------------------------------------------------------------------------------


def vc_gap(vc_dimension: mpf, n: mpf, delta: mpf) -> mpf:
    D = min(vc_dimension, n)
    entropy = D * ln(2 * mp.e * n / D) if D else 0
    return root(8 / n * (entropy + ln(4 / delta)))


def norm_vc_dimension(data_radius: mpf, margin: mpf, features: mpf) -> mpf:
    def largest(r: mpf) -> mpf:
        k = mp.floor(r) + 2
        while not (r >= k - 1 if k % 2 == 0 else r >= (k - 1) ** 2 * (k + 1) / k**2):
            k -= 1
        return min(k, mp.floor(features) + 1)

    r = (data_radius / margin) ** 2
    below, above = largest(r), largest(r * (1 + mpf("1e-12")))  # a ratio that close counts as whole
    return above if r < mpf(2) ** 52 else below


def kl(distance2: mpf, prior_variance: mpf, posterior_variance: mpf, d: mpf) -> mpf:
    ratio = posterior_variance / prior_variance
    shape = ratio - 1 - ln(ratio) if ratio else mpf(inf)
    return (distance2 / prior_variance + d * shape) / 2


def chi(n: mpf, d: mpf, radius: mpf) -> mpf:
    return radius * root(2 / n) * mp.exp(mp.loggamma((d + 1) / 2) - mp.loggamma(d / 2))


def confidence(n: mpf, delta: mpf) -> mpf:
    return 3 * root(ln(2 / delta) / (2 * n))


# -- descent, exact --------------------------------------------------------------------------------


def certificate(alpha: mpf, beta: mpf, lipschitz: mpf, misfit: mpf) -> dict[str, mpf] | None:
    if alpha > beta:
        return None
    step = min(1 / beta**2, over(mpf(1), lipschitz * misfit)) / 2
    radius = over(2 * misfit, alpha)
    lower = misfit / beta
    contraction = 1 - step * alpha**2
    return {
        "step": step, "radius": radius, "contraction": contraction, "distance_lower": lower,
        "path_upper": radius,
    }  # fmt: skip


def misfit_bound(alpha: mpf, step: mpf, misfit: mpf, steps: mpf, half: int = 1) -> mpf | None:
    rate = step * alpha**2 / half
    assume(abs(rate - 1) > 1e-5)  # what is left of 1 has the digits of a rounded rate
    if rate > 1:
        return None
    return (1 - rate) ** (steps / 2) * misfit if rate < 1 else misfit * (steps == 0)


def least_squares(n: mpf, p: mpf, signal: mpf, noise: mpf, omitted: mpf) -> dict[str, mpf]:
    e = noise + omitted
    gap = abs(p - n) - 1
    box.decided(gap, max(n, p))
    near = gap <= 0 and p > 0
    unseen = signal * positive_part(1 - n / p) if p else mpf(0)
    seen = signal * min(mpf(1), n / p) if p else mpf(0)
    variance = (mpf(inf) if near else e * min(n, p) / gap) if e and p else mpf(0)
    variance_off = mpf(inf) if near and e else unseen + e + variance
    return {
        "test": variance_off,
        "train": e * positive_part(1 - p / n),
        "norm": mpf(inf) if near and e else seen + variance,
        "bias": unseen**2 / signal + omitted if signal else omitted,
    }


def ols_validation(n: mpf, p: mpf, noise: mpf) -> dict[str, mpf] | None:
    for gap in (n - p, n - 1 - p, n - 2 - p):
        box.decided(gap, n)
    if p >= n:
        return None
    free = p == 0 or noise == 0
    return {
        "train": noise * (1 - p / n),
        "gcv": noise * n / (n - p),
        "test": noise if free else noise * (n - 1) / (n - p - 1) if p < n - 1 else mpf(inf),
        "loo": noise if free else noise * (n - 2) / (n - p - 2) if p < n - 2 else mpf(inf),
    }


# -- classification, sphere ------------------------------------------------------------------------


def isotropic_kappa(gamma: mpf, ridge: mpf) -> mpf:
    """kappa (1 - gamma/(1 + kappa)) = ridge."""
    b = 1 - gamma - ridge
    return (root(b**2 + 4 * ridge) - b) / 2


def least_squares_error(gamma: mpf, mean_norm: mpf, ridge: mpf) -> mpf:
    delta = 1 - gamma / (1 + isotropic_kappa(gamma, ridge)) ** 2
    r = mean_norm
    return lower_tail(-(r**2) * root(delta) / root(r**2 + gamma))


def lower_tail(x: mpf) -> mpf:
    """P(G < x), 0 where a float is."""
    if x < -60:
        return mpf(0)
    with mp.workdps(60):
        return mp.ncdf(+x)


def separability(mean_norm: mpf) -> mpf:
    r = mean_norm
    low, high = mpf(0), mpf(60)
    for _ in range(250):
        x = (low + high) / 2
        mean = mp.npdf(x) - x * mp.ncdf(-x)
        low, high = (x, high) if x * mp.ncdf(-x) < r**2 * mean else (low, x)
    return mp.ncdf(-high)


def harmonics(degree: mpf, d: mpf) -> mpf:
    k, d = int(degree), int(d)
    return (2 * k + d - 2) * mp.binomial(k + d - 3, d - 2) / k if k else mpf(1)


def legendre(degree: mpf, d: mpf, t: mpf) -> mpf:
    before, now = mpf(1), t
    if degree == 0:
        return before
    for k in range(1, int(degree)):
        before, now = now, ((2 * k + d - 2) * t * now - k * before) / (k + d - 2)
    return now


REFERENCES: dict[str, Reference] = {
    "complexity.vc_gap": Reference(
        complexity.vc_gap, {"vc_dimension": box.NOT_NEGATIVE, **CONFIDENCE}, vc_gap
    ),
    "complexity.norm_vc_dimension": Reference(
        complexity.norm_vc_dimension,
        {"data_radius": box.NOT_NEGATIVE, "margin": box.POSITIVE, "features": box.NOT_NEGATIVE},
        norm_vc_dimension,
        ("data_radius", "margin"),
    ),
    "complexity.occam_gap": Reference(
        complexity.occam_gap,
        {"bits": box.NOT_NEGATIVE, **CONFIDENCE},
        lambda bits, n, delta: root((bits * ln(2) + ln(1 / delta)) / (2 * n)),
    ),
    "complexity.rademacher_gaussian": Reference(
        complexity.rademacher_gaussian,
        {"n": box.AT_LEAST_ONE, "d": box.WHOLE, "radius": box.NOT_NEGATIVE},
        chi,
        digits=400,
    ),
    "complexity.rademacher_gap": Reference(
        complexity.rademacher_gap,
        {"complexity": box.NOT_NEGATIVE, **CONFIDENCE, "lipschitz": box.NOT_NEGATIVE},
        lambda complexity, n, delta, lipschitz: 2 * lipschitz * complexity + confidence(n, delta),
    ),
    "complexity.margin_gap": Reference(
        complexity.margin_gap,
        {
            "radius": box.NOT_NEGATIVE, "data_radius": box.NOT_NEGATIVE, "margin": box.POSITIVE,
            **CONFIDENCE,
        },
        lambda radius, data_radius, margin, n, delta: (
            2 * radius * data_radius / (margin * root(n)) + confidence(n, delta)
        ),
    ),
    "complexity.gaussian_kl": Reference(
        complexity.gaussian_kl,
        {
            "distance2": box.NOT_NEGATIVE, "prior_variance": box.POSITIVE,
            "posterior_variance": box.NOT_NEGATIVE, "d": box.WHOLE,
        },
        kl,
        ("prior_variance", "posterior_variance"),
    ),
    "complexity.pac_bayes": Reference(
        lambda empirical, kl, n, delta: complexity.pac_bayes(empirical, kl, n, delta, "mcallester"),
        {"empirical": box.UNIT, "kl": box.NOT_NEGATIVE, **CONFIDENCE},
        lambda empirical, kl, n, delta: empirical + root((kl + ln(2 * root(n) / delta)) / n / 2),
    ),
    "complexity.uniform_stability": Reference(
        complexity.uniform_stability,
        {
            "ridge": box.NOT_NEGATIVE, "n": box.AT_LEAST_ONE, "kernel_bound": box.POSITIVE,
            "lipschitz": box.POSITIVE,
        },
        lambda ridge, n, kernel_bound, lipschitz: over((lipschitz * kernel_bound) ** 2, 2 * ridge * n),
    ),
    "complexity.stability_gap": Reference(
        complexity.stability_gap,
        {
            "stability": box.NOT_NEGATIVE, "n": box.AT_LEAST_ONE, "loss_bound": box.NOT_NEGATIVE,
            "delta": box.OPEN,
        },
        lambda stability, n, loss_bound, delta: (
            2 * stability + (4 * n * stability + loss_bound) * root(ln(1 / delta) / (2 * n))
        ),
    ),
    "descent.certificate": Reference(
        descent.certificate,
        CURVED,
        certificate,
        ("beta", "alpha"),
    ),
    "descent.misfit_bound": Reference(
        descent.misfit_bound,
        {
            "alpha": box.SMALLER, "step": box.SMALLER, "misfit": box.NOT_NEGATIVE, "steps": box.NOT_NEGATIVE,
        },
        misfit_bound,
    ),
    "exact.least_squares": Reference(
        exact.least_squares,
        {
            "n": box.POSITIVE, "p": box.NOT_NEGATIVE, "signal": box.NOT_NEGATIVE, "noise": box.NOT_NEGATIVE,
            "omitted": box.NOT_NEGATIVE,
        },
        least_squares,
        ("n", "p"),
        slack=1e-300,
    ),
    "exact.ols_validation": Reference(
        exact.ols_validation,
        {"n": box.POSITIVE, "p": box.SMALLER, "noise": box.NOT_NEGATIVE},
        ols_validation,
        ("n", "p"),
    ),
    "tradeoff.cost": Reference(
        tradeoff.cost, {"n": box.POSITIVE, "p": box.POSITIVE}, lambda n, p: n * p
    ),
    "classification.least_squares_error": Reference(
        classification.least_squares_error,
        {"gamma": box.POSITIVE, "mean_norm": box.NOT_NEGATIVE, "ridge": box.NOT_NEGATIVE},
        least_squares_error,
        ("gamma", "mean_norm"),
        rtol=1e-10,
    ),
    "classification.separability_threshold": Reference(
        classification.separability_threshold, {"mean_norm": box.NOT_NEGATIVE}, separability, digits=60,
        rtol=1e-9,
    ),
    "sphere.multiplicity": Reference(
        sphere.multiplicity, {"degree": box.DEGREE, "d": box.DIMENSION}, harmonics
    ),
    "sphere.legendre": Reference(
        sphere.legendre, {"degree": box.DEGREE, "d": box.DIMENSION, "t": box.UNIT}, legendre, rtol=1e-9
    ),
}  # fmt: skip
