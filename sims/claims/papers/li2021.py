"""The kernel of a deep linear network after learning is that of the start, times a number."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.experiments.linear_posterior import gibbs_scales
from theory.papers import li2021


def _scale(s: Settings, rng: np.random.Generator) -> float:
    X, y = rng.standard_normal((s.n, s.d)), rng.standard_normal(s.n)
    y *= np.sqrt(s.r * s.n / (y @ np.linalg.solve(X @ X.T / s.d, y)))
    return float(gibbs_scales(X, y, s.width, s.draws, s.warm_up, rng).mean())


renormalisation = Claim(
    statement="Learning multiplies the kernel of a wide linear network by a number u that the share of "
    "samples in the width and the size of the labels fix: labels larger than the kernel expects, r > 1, "
    "raise it.",
    formula="1 - u = e (1 - r/u), e = n/N, r = y'K^-1 y/n",
    source="[li2021, Eq. 13†], one hidden layer",
    kind="asymptotic",
    defaults={"n": 20, "width": 30, "d": 30, "r": 3.0, "draws": 30, "warm_up": 15},
    simulated="a Gaussian design and labels of the given size; weights of an interpolating network drawn by "
    "Gibbs sampling; the mean of |a|^2/N",
    trial=_scale,
    theory=lambda s: li2021.renormalisation(s.n / s.width, s.r),
    allowance=lambda s: 0.5 / s.n,  # measured gap 0.3/n at n = 20, 40 and 80
    grows=("n", "width", "d"),
    trials=200,
    quick=100,
    sabotage={
        "no renormalisation": lambda s: 1.0,
        "the labels' own size": lambda s: s.r,
        "two hidden layers": lambda s: li2021.renormalisation(s.n / s.width, s.r, 2),
        "n and width exchanged": lambda s: li2021.renormalisation(s.width / s.n, s.r),
    },
    exercise=Exercise(
        question="A linear network of N = width hidden units interpolates n labels with y'K^-1 y = r n. "
        "Which factor u multiplies its kernel in the limit of large n and N?",
        answer="((1 - e) + sqrt((1 - e)^2 + 4*e*r))/2",
        names={"e": "n/width"},
        elsewhere={"width": 60, "r": 0.3},
    ),
)
