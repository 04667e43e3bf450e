"""One rule for the size of columns and targets, whatever their units: nothing overflows, nothing blows up."""

import numpy as np

from sims.data.named import require
from sims.data.sets import Array

ROUNDING = 64 * np.finfo(float).eps
"""A column that varies by less, in units of its largest size, is constant: the rest is rounding."""


def constant(values: Array) -> Array:
    """Are these numbers the same, up to rounding? One answer for each column.

    >>> constant(np.array([[0.3, 1e-200], [0.1 + 0.2, 2e-200]]))
    array([ True, False])
    """
    return np.asarray(np.ptp(_of_order_one(values), axis=0) <= ROUNDING)


def standardised(values: Array, training: np.ndarray) -> Array:
    """Each column less its mean over the training rows, divided by its standard deviation there:

        z = (x - mean)/sd,      or (x - mean)/range where x is constant in the training rows,

    with the range over all rows, so that such a column is 0 in training and at most 1 in size elsewhere.
    Values that are missing become the mean first, or 0 where all of the training rows' are. Sizes are taken
    out as powers of two, which is exact: 1e300 beside 1e-300 does no harm.

    Parameters
    ----------
    values : array (rows, ...)
        Finite, or nan where missing.
    training : array of int (n,)
        The training rows.

    >>> standardised(np.array([[1e200, 0.1], [3e200, 0.1], [5e200, 0.2]]), np.array([0, 1]))
    array([[-1.,  0.],
           [ 1.,  0.],
           [ 3.,  1.]])
    """
    unit = _filled(_of_order_one(values), training)
    known = unit[training]
    same = constant(known)
    mean = np.where(same, known[0], known.mean(axis=0))
    spread = np.where(same, np.ptp(unit, axis=0), known.std(axis=0))
    return np.asarray((unit - mean) / np.where(spread == 0, 1.0, spread))


def _of_order_one(values: Array) -> Array:
    """Each column over the power of two above its largest size."""
    _, exponent = np.frexp(np.fmax.reduce(np.abs(values), axis=0))
    return np.asarray(np.ldexp(values, -exponent))


def _filled(values: Array, training: np.ndarray) -> Array:
    """Each nan replaced by the mean of its column's training rows."""
    if not np.isnan(values).any():
        return values
    require("sklearn")
    from sklearn.impute import SimpleImputer  # takes a second

    imputer = SimpleImputer(keep_empty_features=True).fit(values[training])
    return np.asarray(imputer.transform(values))
