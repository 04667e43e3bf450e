"""Arrays and DataFrames as columns: numbers stay what they are, everything else is read as text."""

from typing import Any

import numpy as np

from sims.data.columns import Column
from sims.data.named import require
from sims.data.reading import Wanted, data_of
from sims.data.sets import Data, Reading
from sims.data.table import named


def from_arrays(
    X: Any, y: Any, reading: Reading | None = None, log_target: bool = False, name: str = "X"
) -> Data:
    """A data set from Python: as `load` reads the same table in a file.

    Parameters
    ----------
    X : DataFrame or array (rows, d)
        Numbers, which may be nan, truth values, categories, texts or dates.
    y : Series or array (rows,)
        Numbers or texts.
    reading : {"numbers", "classes"}, optional
        How y is read; by default text, and up to ten different whole numbers, are classes.
    log_target : bool
        Predict the logarithm of y.
    name : str
        What the data are called in messages.

    Raises
    ------
    ValueError
        If X and y do not fit together, or a column cannot be used; all columns are named. Rows are counted
        from 0.

    >>> from_arrays(np.eye(20), np.arange(20) % 2).classes
    ('0', '1')
    """
    inputs, goal = columns_of(X, name), columns_of(y, "y")
    rows = {len(column.entries) for column in (*inputs, *goal)}
    if len(goal) != 1 or len(rows) != 1:
        raise ValueError(
            f"{name} of shape {np.shape(X)} and y of shape {np.shape(y)}; give one target for each row"
        )
    found = named((*inputs, *goal))
    wanted = Wanted(reading=reading, log_target=log_target)
    return data_of(name, found, wanted, lambda unread: f"{name}.drop(columns={unread})")


def columns_of(values: Any, name: str) -> list[Column]:
    """The columns of an array or DataFrame, or a Series or array as one column.

    >>> [column.name for column in columns_of(np.zeros((2, 2)), "X")]
    ['X[:, 0]', 'X[:, 1]']
    """
    if hasattr(values, "dtypes"):  # pandas
        frame = values.to_frame() if values.ndim == 1 else values
        names = [name if values.ndim == 1 and label is None else str(label) for label in frame.columns]
        return [_column(names[i], frame.iloc[:, i]) for i in range(len(names))]
    array = np.asarray(values)
    if array.ndim not in (1, 2):
        raise ValueError(f"{name} has {array.ndim} dimensions; give rows and columns")
    names = [name] if array.ndim == 1 else [f"{name}[:, {i}]" for i in range(array.shape[1])]
    columns = [array] if array.ndim == 1 else list(array.T)
    if array.dtype.kind in "fiu":
        return [
            Column(label, column.astype(float), range(len(array)))
            for label, column in zip(names, columns, strict=True)
        ]
    require("pandas")
    import pandas

    return [
        _column(label, pandas.Series(column.tolist())) for label, column in zip(names, columns, strict=True)
    ]


def _column(name: str, series: Any) -> Column:
    """A Series as numbers or texts; dates are written as ISO 8601 has them, gaps are empty."""
    import pandas
    from pandas.api import types

    rows = range(len(series))
    dtype = series.dtype
    if types.is_complex_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        raise ValueError(f"column {name!r}: {dtype}; give real numbers, texts or dates")
    if types.is_numeric_dtype(dtype) and not types.is_bool_dtype(dtype):
        return Column(name, series.to_numpy(dtype=float, na_value=np.nan), rows)
    missing = series.isna().to_numpy()
    texts = ["" if gap else str(entry).strip() for gap, entry in zip(missing, series.tolist(), strict=True)]
    return Column(name, texts, rows, categories=isinstance(dtype, pandas.CategoricalDtype))
