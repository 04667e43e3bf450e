"""Finished trials in one SQLite file: found again, never computed twice, never overwritten.

A trial's key is the digest of the canonical JSON of what its numbers depend on: experiment, settings, point
of the grid, seed, trial, and code (every source of `theory` and `sims`, versions of numpy, scipy, numba).
Results of other code stay in the file; they are not used, and `prune` deletes them.
Values are float64 bytes with a checksum. One process writes a sweep; many may write one file (WAL).
A killed process loses at most what it had not committed; a power cut may lose the last commits as well.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from sims.trials.fingerprint import Provenance, code, trial_key
from sims.trials.store_file import FullError, StoreError, UnwritableError, connected, explained

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "FullError",
    "Result",
    "Store",
    "StoreError",
    "UnwritableError",
    "default_path",
    "opened",
]


class Result(NamedTuple):
    """One finished trial."""

    trial: int
    """Its number."""
    value: "Array"
    """What it measured, one-dimensional."""
    seconds: float
    """How long it took."""


def default_path() -> Path:
    """Where trials are saved unless --store says otherwise."""
    import platformdirs

    return platformdirs.user_cache_path("overparam") / "trials.sqlite"


@contextmanager
def opened(path: Path, write: bool = True) -> Iterator["Store"]:
    """The store at `path`, made if there is none and `write`; what is not a whole store is refused.

    Raises StoreError, in one line with what to do; the file is then left as it is.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, opened(Path(folder, "new.sqlite")) as store:
    ...     store.overview()
    []
    """
    path = path.absolute()
    with connected(path, write) as connection:
        yield Store(path, connection)


class Store:
    """An open store; `opened` makes one."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection

    def finished(self, provenance: Provenance, trials: int) -> list[Result]:
        """The results of this provenance, of the first `trials`."""
        rows = self._results("points.document = ? AND trial < ?", (provenance.document, trials))
        return [result for _, result in rows]

    def count(self, provenance: Provenance, trials: int) -> int:
        """How many `finished` would return."""
        query = (
            "SELECT count(*) FROM points JOIN trials ON trials.point = points.id "
            "WHERE document = ? AND trial < ?"
        )
        return self._number(query, (provenance.document, trials))

    def count_of_other_code(self, provenance: Provenance, trials: int) -> int:
        """How many of the first `trials` other code has finished with the same inputs, and this code has not.

        They are not used: other sources, libraries or processors may give other numbers.
        """
        same = "json_remove(document, '$.code') = json_remove(?1, '$.code') AND document <> ?1"
        return self._count_elsewhere(same, provenance, trials)

    def count_of_old_key(self, provenance: Provenance, trials: int) -> int:
        """How many of the first `trials` are stored for these settings under a key without inputs.

        They are not used: their key did not hold all that a trial reads, so that they may be of other data.
        """
        same = (
            "json_type(document, '$.inputs') IS NULL AND json_remove(document, '$.code', '$.config.content') "
            "= json_remove(?1, '$.code', '$.inputs')"
        )
        return self._count_elsewhere(same, provenance, trials)

    def _count_elsewhere(self, same: str, provenance: Provenance, trials: int) -> int:
        """How many of the first `trials` are at points that meet `same`, and not at the provenance's own."""
        query = (
            f"SELECT count(DISTINCT trial) FROM trials WHERE trial < ?2 AND point IN "
            f"(SELECT id FROM points WHERE {same}) AND trial NOT IN "
            "(SELECT trial FROM trials WHERE point = (SELECT id FROM points WHERE document = ?1))"
        )
        return self._number(query, (provenance.document, trials))

    def results(self, experiment: str | None = None) -> Iterator[tuple[str, Result]]:
        """Every result with the document of its provenance, in order, of one experiment or all."""
        yield from self._results("?1 IS NULL OR json_extract(document, '$.experiment') = ?1", (experiment,))

    def add(self, provenance: Provenance, results: Iterable[Result]) -> None:
        """Commit finished trials; those that are there already stay as they are."""
        rows = []
        for trial, value, seconds in results:
            data = value.astype("<f8").tobytes()
            rows.append((provenance.key(trial), trial, seconds, crc32(data), data))
        with self._writing():
            self._execute("INSERT OR IGNORE INTO points (document) VALUES (?)", (provenance.document,))
            number = self._number("SELECT id FROM points WHERE document = ?", (provenance.document,))
            self._connection.executemany(
                f"INSERT OR IGNORE INTO trials VALUES (?, {number}, ?, ?, ?, ?)", rows
            )

    def overview(self) -> list[dict[str, Any]]:
        """One row for each provenance: what it is, its trials, their mean time and most values."""
        rows = self._execute(
            "SELECT document, count(*), avg(seconds), max(length(value)) / 8 FROM points JOIN trials "
            "ON trials.point = points.id GROUP BY points.id ORDER BY points.id",
        )
        names = ("trials", "seconds", "width")
        return [
            {**json.loads(document), **dict(zip(names, row, strict=True))}
            for document, *row in self._rows(rows)
        ]

    def damage(self) -> list[str]:
        """What is wrong with the file, one line each; empty if all is well."""
        lines = self._rows(self._execute("PRAGMA integrity_check(20)"))
        problems = [line for (line,) in lines if line != "ok"]
        return problems or [
            f"trial {trial} of {document or 'no point'} is damaged"
            for _, document, trial in self._damaged_trials()
        ]

    def prune(self, experiment: str | None = None, everything: bool = False) -> int:
        """Delete damaged trials and those of other code, or all; returns how many."""
        keys = {key for key, *_ in self._damaged_trials()}
        with self._writing():
            for document, key in self._rows(
                self._execute("SELECT document, key FROM points JOIN trials ON trials.point = points.id")
            ):
                fields = json.loads(document)
                if experiment in (None, fields["experiment"]) and (everything or fields["code"] != code()):
                    keys.add(key)
            self._connection.executemany("DELETE FROM trials WHERE key = ?", [(key,) for key in keys])
            self._execute("DELETE FROM points WHERE id NOT IN (SELECT point FROM trials)")
        self._execute("VACUUM")
        return len(keys)

    def _results(self, condition: str, values: Sequence[Any]) -> Iterator[tuple[str, Result]]:
        import numpy as np

        rows = self._execute(
            "SELECT document, key, trial, seconds, checksum, value FROM points JOIN trials "
            f"ON trials.point = points.id WHERE {condition} ORDER BY points.id, trial",
            values,
        )
        for document, key, trial, seconds, checksum, value in self._rows(rows):
            if _damaged(document, key, trial, checksum, value):
                raise StoreError(
                    f"store = {self.path}: a trial of {json.loads(document)['experiment']} is damaged; "
                    "`python -m sims.store prune` removes it"
                )
            yield document, Result(trial, np.frombuffer(value, "<f8").astype(float), seconds)

    def _damaged_trials(self) -> list[tuple[bytes, str | None, int]]:
        rows = self._execute(
            "SELECT document, key, trial, checksum, value FROM trials LEFT JOIN points "
            "ON trials.point = points.id"
        )
        return [
            (key, document, trial)
            for document, key, trial, checksum, value in self._rows(rows)
            if document is None or _damaged(document, key, trial, checksum, value)
        ]

    def _number(self, query: str, values: Sequence[Any]) -> int:
        """The only number that a query gives."""
        with explained(self.path):
            return int(self._connection.execute(query, values).fetchone()[0])

    def _execute(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        with explained(self.path):
            return self._connection.execute(query, values)

    def _rows(self, cursor: sqlite3.Cursor) -> Iterator[Any]:
        """Rows are read one at a time: an error may come at any of them."""
        with explained(self.path):
            yield from cursor

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _damaged(document: str, key: bytes, trial: int, checksum: int, value: bytes) -> bool:
    return checksum != crc32(value) or len(value) % 8 > 0 or key != trial_key(document, trial)
