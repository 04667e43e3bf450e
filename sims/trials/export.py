"""Trials of a store as a table: one row per trial, as CSV or (with pyarrow) Parquet; or their means."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module  # pyarrow is an extra
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from sims.trials.running_mean import Moments, merge, moments
from sims.trials.store import Result

Rows = Iterable[tuple[str, Result]]
COLUMNS = ("experiment", "config", "point", "seed", "code", "trial", "seconds")
BATCH = 1000  # trials in memory at once


def writer(path: Path) -> Callable[[Rows, int], int]:
    """The function that writes trials to `path` in the format of its suffix, checked before the work.

    It takes rows and the most values that a trial has, and returns the number of trials. Take Parquet for
    large stores: it is smaller, and other programs read it faster.

    >>> writer(Path("trials.xls"))
    Traceback (most recent call last):
    ValueError: --out = trials.xls must end in .csv or .parquet
    """
    if path.suffix == ".csv":
        return lambda rows, width: _csv(path, rows, width)
    if path.suffix != ".parquet":
        raise ValueError(f"--out = {path} must end in .csv or .parquet")
    try:
        import_module("pyarrow.parquet")
    except ImportError:
        raise ImportError(
            f"--out = {path}: Parquet needs pyarrow; run python -m pip install 'overparam[parquet]'"
        ) from None
    return lambda rows, _: _parquet(path, rows)


def _cells(document: str, result: Result) -> list[Any]:
    """What the COLUMNS hold for one trial."""
    fields = json.loads(document)
    config, point = (json.dumps(fields[name]) for name in ("config", "point"))
    return [fields["experiment"], config, point, fields["seed"], fields["code"], result.trial, result.seconds]


def _csv(path: Path, rows: Rows, width: int) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*COLUMNS, *(f"value_{i}" for i in range(width))])
        for document, result in rows:
            values = result.value.tolist()
            table.writerow([*_cells(document, result), *values, *[""] * (width - len(values))])
            count += 1
    return count


def summary(path: Path, rows: Rows) -> int:
    """Write the mean and standard error of each value at each point as CSV; returns the number of trials.

    Trials are read once and not held in memory. Next to a threshold, where the mean does not exist, export
    the trials themselves and take medians.
    """
    if path.suffix != ".csv":
        raise ValueError(f"--out = {path} must end in .csv for a summary")
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*COLUMNS[:5], "value", "trials", "mean", "se"])
        for document, group in groupby(rows, key=lambda row: row[0]):
            total: Moments | None = None
            for batch in _batches(group):
                block = moments(np.array([result.value for _, result in batch]))
                total = block if total is None else merge(total, block)
            assert total is not None
            cells = _cells(document, Result(0, total.mean, 0.0))[:5]
            for i, (mean, se) in enumerate(zip(total.mean.tolist(), total.se.tolist(), strict=True)):
                table.writerow([*cells, i, total.trials, mean, se])
            count += total.trials
    return count


def _parquet(path: Path, rows: Rows) -> int:
    pyarrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")

    text, number = pyarrow.string(), pyarrow.int64()
    types = (text, text, text, number, text, number, pyarrow.float64())
    schema = pyarrow.schema([*zip(COLUMNS, types, strict=True), ("values", pyarrow.list_(pyarrow.float64()))])
    count = 0
    with parquet.ParquetWriter(path, schema) as file:
        for batch in _batches(rows):
            cells = [[*_cells(document, result), result.value.tolist()] for document, result in batch]
            columns = [list(column) for column in zip(*cells, strict=True)]
            file.write_table(pyarrow.table(columns, schema=schema))
            count += len(batch)
    return count


def _batches(rows: Rows) -> Iterator[list[tuple[str, Result]]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
