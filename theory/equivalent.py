"""The equation: ridge regression on n samples and p random features of any spectrum.

    T(g) = sum m lambda / (lambda + g) + tail / g
    n ridge = g (1 - T(g)/p) (n - T(g)),     g >= g0,  T(g0) = min(n, p) or g0 = 0

(p = inf: kernel or linear ridge regression). Everything else is a sum over the spectrum at its
root. All differences are written as sums of positive terms: with u = g - g0 and

    X = u [sum m lambda / ((lambda + g0)(lambda + g)) + tail / (g0 g)],
    n - T = (n - r) + X,   p - T = (p - r) + X,   r = min(n, p), or the rank where that is smaller,

nothing cancels at, above or below the threshold n = p.
"""

from __future__ import annotations

from math import inf

from numpy.typing import ArrayLike

from theory.arguments import non_negative, positive, real
from theory.engines.curve import curve
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())


def ridge(problem: Problem, n: ArrayLike, ridge: ArrayLike = 0.0) -> Risk:
    """Risk of kernel or linear ridge regression after n samples.

    kappa (n - T(kappa)) = n ridge,  test = n (bias + noise)/(n - df2),
    bias = sum v^2 (kappa/(lambda + kappa))^2 + unlearnable power. A deterministic equivalent with
    relative error O(1/n).

    Use it for a kernel or for all features of a linear model; `random_features` has a finite width p, and
    `theory.exact` is exact for Gaussian inputs at small n.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0
        Samples; need not be whole, may be inf.
    ridge : array_like
        Penalty on |a|^2 beside the mean squared error; 0 is the minimum-norm fit. May be inf, and
        negative as long as the risk is finite, where n is smaller than the rank. With a tail and
        n >= sum m that range ends at -tail/n, the limit kappa -> 0.

    Returns
    -------
    Risk; `test`, `variance` and `norm` are inf at n = rank with ridge 0 unless all is noiseless; df is
    inf at -tail/n, and so are train and norm where test > 0 or n = sum m.

    Raises
    ------
    ValueError
        n <= 0, nan, a negative ridge beyond the last one with a finite risk.
    ConvergenceError
        The root was not found (never seen; please report the problem).

    Source: [simon2023, Eq. 4-9†]; [hastie2022, Thm 5].

    >>> problem = Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.5], [100, 200, 100], noise=0.5)
    >>> float(ridge(problem, n=200).test.round(8))
    2.69512195
    """
    return curve(problem, n, inf, real("ridge", ridge))


def random_features(problem: Problem, n: ArrayLike, p: ArrayLike, ridge: ArrayLike = 0.0) -> Risk:
    """Risk of ridge regression on p random features after n samples.

    Features h_j = sum_i sqrt(lambda_i) G_ji phi_i with Gaussian G, predictor p^-1/2 sum_j a_j h_j.
    n ridge = g (1 - T(g)/p)(n - T(g)),  test = n [(p - q)(A + noise) + w C]/D with q = df2,
    w = T - q, A = bias, C = sum v^2 lambda g/(lambda + g)^2, D = (n - q)(p - q) - w^2.

    Use it where the width p matters, as for a double descent in p; for p much larger than n, `ridge` is
    enough.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and features; need not be whole, may be inf. p = inf is `ridge`.
    ridge : array_like >= 0
        Penalty on |a|^2 beside the mean squared error; 0 is the minimum-norm fit; may be inf.

    Returns
    -------
    Risk with the full decomposition; inf at n = p with ridge 0 where the rank is larger.

    Raises
    ------
    ValueError
        n <= 0, p <= 0, a negative or nan ridge.
    ConvergenceError
        The root was not found (never seen; please report the problem).

    Source: [simon2024, Eq. 6-8†]; [defilippis2024, Sec. 3];
    [bach2024]; decomposition as in [adlam2020].

    >>> problem = Problem([1.0], [1.0], [50], noise=0.1)
    >>> random_features(problem, n=30, p=[20, 30, 40]).test.round(4)
    array([2.1 ,  inf, 2.15])
    """
    return curve(problem, n, positive("p", p), non_negative("ridge", ridge, finite=False))
