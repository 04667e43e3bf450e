"""From a kernel matrix and targets to a `theory.Problem`: the spectrum, target and noise behind the data.

It explains errors; it does not forecast them, which `row_errors` does without a spectrum.

Eigenvalues of a sample are no estimate of those of the population. Two functions of the ridge are: with
G = (K + n ridge I)^-1 the effective ridge is kappa = 1/tr G, so that

    T(kappa) = sum m lambda/(lambda + kappa) + tail/kappa = n - n ridge/kappa,
    w(kappa) = -kappa T' = sum m lambda kappa/(lambda + kappa)^2 + tail/kappa,

and the leave-one-out error estimates the test error n (A(kappa) + noise)/(n - T + w). Multiplicities m, and
then power v^2 with noise, on a fixed fine grid of eigenvalues are least-squares solutions >= 0 of these
linear equations over a range of ridges. No choice of smoothness is needed: positive solutions are sparse.
Leave-one-out, not GCV: on images, where samples differ in leverage, GCV at small ridges is wrong by half.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.data import SplitError
from theory import Problem

Array = NDArray[np.float64]

RIDGES = 40  # ridges at which theory and data are matched
PER_DECADE = 8  # eigenvalues
FLOOR = 1e-9  # of the largest eigenvalue: below, the matrix is rounding
FAR = 2.0  # ridges with more than so many times the least error count less


class Estimate(NamedTuple):
    """What is behind the data, and how well it explains them."""

    problem: Problem
    misfit: float
    """Relative difference, root mean square, of leave-one-out and fitted error up to FAR times the least."""


def estimate(K: Array, Y: Array) -> Estimate:
    """Spectrum, target power and noise behind a kernel matrix K (n, n) and targets Y (n,) or (n, columns).

    Powers, noise and errors are summed over the columns. SplitError if the matrix is zero.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((200, 50))
    >>> round(float(estimate(X @ X.T, X[:, 0] + rng.standard_normal(200)).problem.noise), 1)
    0.9
    """
    n, Y = len(K), Y.reshape(len(K), -1)
    s, U = np.linalg.eigh(K)
    s = np.maximum(s, 0.0)
    if s[-1] == 0:
        raise SplitError(f"the inputs of {n} training rows are all alike; ask for more rows with --n")
    shifts = np.geomspace(max(s[0], FLOOR * s[-1]) / 100, s.sum(), RIDGES)  # n ridge
    eigenvalues, multiplicity, tail, kappa = _levels(s, shifts)

    # the ridges at which the fitted spectrum has these kappa
    share = eigenvalues / (eigenvalues + kappa[:, None])
    T = share @ multiplicity + tail / kappa
    kept = n > T
    kappa, T, share = kappa[kept], T[kept], share[kept]
    df2 = share**2 @ multiplicity
    loo = _left_out(s, U, U.T @ Y, kappa * (n - T))
    loo = np.maximum(loo, 1e-30 * (Y**2).sum() / n)  # an exact fit leaves rounding
    error = loo * (n - df2) / n  # A + noise
    weight = np.minimum(1.0, FAR * loo.min() / loo) / error
    parts = np.column_stack([(1 - share) ** 2, np.ones_like(kappa)])
    power = _positive(parts * weight[:, None], error * weight)
    near = loo <= FAR * loo.min()
    misfit = np.sqrt(np.mean((parts @ power / error - 1)[near] ** 2))

    live = (multiplicity > 0) | (power[:-1] > 0)
    problem = Problem(
        eigenvalues[live],
        power[:-1][live],
        np.maximum(multiplicity[live], 1e-9),  # a target may lie where the matrix shows no eigenvalue
        tail=float(tail),
        noise=float(power[-1]),
    )
    return Estimate(problem, float(misfit))


def _levels(s: Array, shifts: Array) -> tuple[Array, Array, float, Array]:
    """Grid of eigenvalues, their multiplicities, the tail, and the grid of kappa that they were found at."""
    n = len(s)
    G = 1 / (s + shifts[:, None])
    trace, square = G.sum(axis=1), (G**2).sum(axis=1)
    kappa = 1 / trace
    T = (s * G).sum(axis=1)
    w = (s * G**2).sum(axis=1) * trace / square
    seen = s > FLOOR * s[-1]
    # a singular matrix shows its last eigenvalue; else there are more below kappa, and a tail
    low, high = (kappa[0] / 20 if seen.all() else s[seen][0] / (2 * n)), 2 * s[-1] / n
    count = int(np.ceil(PER_DECADE * np.log10(high / low)))
    eigenvalues = np.geomspace(low, high, count)
    share = eigenvalues / (eigenvalues + kappa[:, None])
    rows = np.concatenate(
        [np.column_stack([share, 1 / kappa]), 0.3 * np.column_stack([share * (1 - share), 1 / kappa])]
    )  # w is the noisier of the two
    rows[:, -1] *= seen.all()
    solution = _positive(rows / np.tile(T, 2)[:, None], np.concatenate([T, 0.3 * w]) / np.tile(T, 2))
    return eigenvalues, solution[:-1], float(solution[-1]), np.geomspace(kappa[0], kappa[-1], RIDGES)


def _positive(matrix: Array, target: Array) -> Array:
    """Least squares over x >= 0, columns scaled to one size."""
    from scipy.optimize import nnls

    scale = np.abs(matrix).max(axis=0)
    scale[scale == 0] = 1.0
    return np.asarray(nnls(matrix / scale, target)[0] / scale)


def _left_out(s: Array, U: Array, V: Array, shifts: Array) -> Array:
    """Leave-one-out error at every n ridge, summed over targets."""
    loo, square = np.empty_like(shifts), U**2
    for i, shift in enumerate(shifts):
        g = 1 / (s + shift)
        residual = (U * g) @ V
        loo[i] = ((residual / (square @ g)[:, None]) ** 2).sum(axis=1).mean()
    return loo
