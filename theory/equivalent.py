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

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import broadcast, non_negative, positive, real
from theory.engines import layers
from theory.engines.curve import assembled, curve
from theory.engines.spectral import in_unit, spectral, unit
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())


def ridge(problem: Problem, n: ArrayLike, ridge: ArrayLike = 0.0) -> Risk:
    """Risk of kernel or linear ridge regression after n samples.

        kappa (n - T(kappa)) = n ridge,   test = n (bias + noise)/(n - df2),
        bias = sum v^2 (kappa/(lambda + kappa))^2 + unlearnable power.

    A deterministic equivalent with relative error O(1/n).

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

        n ridge = g (1 - T(g)/p)(n - T(g)),   test = n [(p - q)(A + noise) + w C]/D,
        w = T - q,   C = sum v^2 lambda g/(lambda + g)^2,   D = (n - q)(p - q) - w^2,

    with q = df2 and A = bias.

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


def deep_features(
    problem: Problem, n: ArrayLike, widths: Sequence[ArrayLike], ridge: ArrayLike = 0.0
) -> Risk:
    """Risk of ridge regression on deep random features: layers of Gaussian weights of any widths.

        ridge = g (1 - T(g)/n) prod_l (1 - T(g)/p_l),   S = sum_l w/(p_l - T),
        test = n [(1 + S)(noise + A) + S C]/[(1 + S)(n - T) + w],

    with A, C and w = T - df2 as in `random_features`. The order of the layers does not matter, a layer of
    infinite width drops out, and without a ridge the narrowest of n and all widths alone sets g.

    Use it for several layers; with one layer it is `random_features`. Nonlinear layers add a tail each: see
    `Problem.through` for the risk given the weights.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0
        Samples; may be inf.
    widths : sequence of array_like > 0
        p_l, one for each layer; may be inf. Without layers it is `ridge`.
    ridge : array_like >= 0
        Penalty on the last layer's |a|^2; 0 is the minimum-norm fit; may be inf.

    Returns
    -------
    Risk; of the many interactions of layers and samples, `var_features` holds all that no sample enters,
    `var_samples_features` and `var_noise_samples_features` all that samples and some layers enter. Errors
    are inf where two of n and the widths are the smallest, without a ridge.

    Raises
    ------
    ValueError
        n <= 0, a width <= 0, a negative or nan ridge.

    Source: [zavatone2023†]; [schroder2023†].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> deep_features(problem, n=200, widths=[400, [150, 1000]], ridge=0.05).test.round(4)
    array([3.0135, 1.993 ])
    """
    scaled, scale = unit(spectral(problem))
    named = {f"widths[{i}]": positive(f"widths[{i}]", width) for i, width in enumerate(widths)}
    points = broadcast(n=positive("n", n), ridge=non_negative("ridge", ridge, finite=False), **named)
    points[1] = in_unit(points[1], scale)
    fields = [
        layers.risk(scaled, size, tuple(sizes), penalty)
        for size, penalty, *sizes in zip(*(a.ravel().tolist() for a in points), strict=True)
    ]
    columns = np.array(fields, dtype=float).reshape(-1, len(Risk._fields)).T
    return assembled(columns, points[0].shape, scale)
