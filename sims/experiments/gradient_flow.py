"""Gradient flow on least squares as a differential equation that is solved, for many sets of labels at once.

`spectral` has the closed form given the eigenvalues of a design; here nothing of it is used, so that claims
on gradient flow can fail. Used by the claims of ali2019 and advani2020.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from sims.trials.sample import Array


def run(X: Array, Y: Array, times: ArrayLike, start: Array | None = None) -> Array:
    """Coefficients of gradient flow w' = X'(y - X w)/n, the flow of half the mean squared error.

    Parameters
    ----------
    X : array (n, p)
        Inputs.
    Y : array (n, labels)
        Labels, each column fitted by itself.
    times : array_like (times,) >= 0
        Increasing; the run takes about as long as the last one.
    start : array (p, labels), optional
        Coefficients at time 0; 0 by default.

    Returns
    -------
    array (times, p, labels), accurate to 1e-4 of the largest.

    >>> run(np.ones((1, 1)), np.ones((1, 1)), [1.0]).round(3)
    array([[[0.632]]])
    """
    (n, p), count = X.shape, Y.shape[1]
    covariance, drift = X.T @ X / n, X.T @ Y / n
    stops = np.asarray(times, dtype=float)

    def velocity(time: float, w: Array) -> Array:
        return np.ravel(drift - covariance @ w.reshape(p, count))

    first = np.zeros(p * count) if start is None else np.ravel(start)
    solved = solve_ivp(velocity, (0.0, stops[-1]), first, t_eval=stops, rtol=1e-5, atol=1e-7)
    return np.asarray(solved.y.T).reshape(len(stops), p, count)
