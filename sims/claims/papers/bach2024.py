"""Double descent of minimum-norm least squares on random projections of the inputs."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import projections
from sims.verdict import edge
from theory import exact
from theory.papers import bach2024


def _parts(s: Settings, rng: np.random.Generator) -> Array:
    problem = projections.problem(s.n)
    Phi, features = projections.draw(problem, s.n, 2 * s.n, rng)
    narrow, wide = (projections.excess(problem, Phi, features[:, :p], s.ridge) for p in (s.n // 2, 2 * s.n))
    return np.ravel([narrow, wide])


def _parts_theory(s: Settings, price: float = 1.0) -> Array:
    """The parts as `_parts` orders them; `price` weighs what p = 2n adds to infinitely many projections."""
    problem = projections.problem(s.n, noise=1.0)
    limit = bach2024.minimum_norm(problem, s.n, [s.n / 2, 2 * s.n, np.inf])
    parts = np.stack([limit.noiseless, limit.noise_part], axis=1)
    return np.ravel([parts[0], price * parts[1] + (1 - price) * parts[2]])


def _swapped(s: Settings) -> Array:
    limit = bach2024.minimum_norm(projections.problem(s.n, noise=1.0), [s.n / 2, 2 * s.n], s.n)
    return np.stack([limit.noiseless, limit.noise_part], axis=1).ravel()


minimum_norm = Claim(
    statement="Least squares on p random projections of the inputs misses a part of the target and fits a "
    "part of the noise. The spectrum of the inputs tells both parts of the error, before and beyond p = n. "
    "Towards p = n both grow like 1/|n - p|; many projections bring both down to what all inputs give.",
    formula="p < n: target n M/(n - p), noise p/(n - p); p > n: target n A/(n - q) + n M/(p - n), "
    "noise q/(n - q) + n/(p - n). r_i = lambda_i/(lambda_i + g) is learnt of direction i, "
    "sum r_i = min(n, p); M = sum power_i (1 - r_i), A = sum power_i (1 - r_i)^2, q = sum r_i^2",
    source="[bach2024, Prop. 3 and 4†]",
    kind="asymptotic",
    defaults={"n": 50, "ridge": 0.0},
    simulated="n samples and p = n/2 or 2n random projections of three levels of eigenvalues; "
    "the exact error of the minimum-norm fit to the target, "
    "and to noise of variance 1, given samples and projections",
    trial=_parts,
    theory=_parts_theory,
    allowance=lambda s: 2.5 / s.n,  # measured: 2 to 4, 1 to 2, and 1 % at n = 50, 100 and 200
    heavy_tailed=lambda s: np.repeat([s.n // 2 <= edge(s.n), s.n <= edge(s.n)], 2),
    labels=("noiseless, p = n/2", "noise, p = n/2", "noiseless, p = 2n", "noise, p = 2n"),
    grows=("n",),
    trials=256,
    quick=128,
    sabotage={
        "n and p swapped": _swapped,
        "the terms over p - n dropped": lambda s: _parts_theory(s, price=0.0),
        "a ridge": {"defaults": {"ridge": 0.01}},
    },
)


def _noise_below(s: Settings, rng: np.random.Generator) -> float:
    problem = projections.problem(s.n)
    return float(projections.excess(problem, *projections.draw(problem, s.n, s.p, rng), 0.0).noise_part[0])


noise_below = Claim(
    statement="Below the threshold label noise costs as much as in ordinary least squares on p inputs, "
    "whatever spectrum was projected.",
    formula="E noise part = noise p/(n - p - 1) at p < n - 1, noise p/(n - p) for large n",
    source="[bach2024, Prop. 3†]; at finite n the mean of an inverse Wishart matrix",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 30, "p": 15},
    simulated="n samples and p random projections of three levels of eigenvalues; "
    "the exact error of the least-squares fit to noise of variance 1, given samples and projections",
    trial=_noise_below,
    theory=lambda s: exact.least_squares(s.n, s.p, signal=0.0, noise=1.0).variance,
    heavy_tailed=lambda s: abs(s.n - s.p) <= edge(s.n),
    labels=("noise part",),
    trials=2000,
    quick=500,
    sabotage={
        "p/(n - p), its limit": lambda s: s.p / (s.n - s.p),
        "(p + 1)/(n - p - 1)": lambda s: (s.p + 1) / (s.n - s.p - 1),
        "p/n": lambda s: s.p / s.n,
    },
    exercise=Exercise(
        question="What does label noise of variance 1 add to the error of least squares "
        "on p < n random projections, exactly?",
        answer="p/(n - p - 1)",
        elsewhere={"p": 10, "n": 22},
        limit="p/(n - p)",
    ),
)


def _along_p(s: Settings, rng: np.random.Generator) -> Array:
    problem = projections.problem(s.n, s.noise)
    Phi, features = projections.draw(problem, s.n, 8 * s.n, rng)
    fits = (
        projections.excess(problem, Phi, features[:, :p], s.ridge)
        for p in (s.n // 10, s.n // 2, s.n, 2 * s.n, 8 * s.n)
    )
    few, half, peak, double, many = (np.log(e.noiseless + s.noise * e.noise_part)[0] for e in fits)
    return np.array([peak - half, peak - double, few - many])


peak = Claim(
    statement="Along the number of projections the error peaks at p = n, "
    "and with little noise the best fit is not in the valley before the peak but far beyond it.",
    formula="excess(n/2) < excess(n) > excess(2n), and excess(8n) < excess(n/10)",
    source="[bach2024]",
    kind="shape",
    relation=">=",
    theme="peak-at-n",
    defaults={"n": 50, "noise": 0.2, "ridge": 0.0},
    simulated="n samples and up to 8n random projections of one design; "
    "the logarithm of the exact error (without the noise of the test label) "
    "at p = n less that at n/2 and at 2n, and that at n/10, in the valley, less that at 8n",
    trial=_along_p,
    theory=lambda s: 0.0,
    labels=("peak over n/2", "peak over 2n", "valley over 8n"),
    trials=128,
    quick=64,
    sabotage={"a ridge": {"defaults": {"ridge": 0.05}}, "five times the noise": {"defaults": {"noise": 1.0}}},
)
