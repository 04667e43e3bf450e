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


class Pruned(NamedTuple):
    """What `Store.prune` deleted."""

    damaged: int
    """Trials that were damaged."""
    unused: int
    """Whole trials of other code, or all."""
    anew: bool
    """Whether tables and indexes were made anew."""


class _Row(NamedTuple):
    """A row of the table of trials, whatever a flipped bit made of it."""

    number: int
    document: Any
    key: Any
    trial: Any
    seconds: Any
    checksum: Any
    value: Any

    @property
    def damaged(self) -> bool:
        """Do its parts contradict each other?"""
        kinds = (str, bytes, int, float, int, bytes)
        if not all(map(isinstance, self[1:], kinds)):
            return True
        return (
            self.checksum != crc32(self.value)
            or len(self.value) % 8 > 0
            or self.key != trial_key(self.document, self.trial)
        )


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
        same = f"{_removed('$.code')} = json_remove(?1, '$.code') AND document <> ?1"
        return self._count_elsewhere(same, provenance, trials)

    def count_of_old_key(self, provenance: Provenance, trials: int) -> int:
        """How many of the first `trials` are stored for these settings under a key without inputs.

        They are not used: their key did not hold all that a trial reads, so that they may be of other data.
        """
        old = _removed("$.code", "$.config.content")  # with inputs in it, it equals no document without
        same = f"{old} = json_remove(?1, '$.code', '$.inputs')"
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
        named = "CASE WHEN json_valid(document) THEN json_extract(document, '$.experiment') END"
        yield from self._results(f"?1 IS NULL OR {named} = ?1", (experiment,))

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
            "SELECT document, count(*), total(seconds) / count(*), max(length(value)) / 8 "
            "FROM points JOIN trials ON trials.point = points.id GROUP BY points.id ORDER BY points.id",
        )
        names = ("trials", "seconds", "width")
        return [
            {**self._fields(document), **dict(zip(names, row, strict=True))}
            for document, *row in self._rows(rows)
        ]

    def damage(self) -> list[str]:
        """What is wrong with the file, one line each; empty if all is well."""
        problems = self._damaged_pages()
        return problems or [
            f"trial {row.trial} of {row.document or 'no point'} is damaged"
            for row in self._rows_of_trials()
            if row.damaged
        ]

    def prune(self, experiment: str | None = None, everything: bool = False) -> "Pruned":
        """Delete damaged trials and those of other code, or all; returns what is gone.

        Where a key or an index is damaged, tables and indexes are made anew from the rows that are whole.
        """
        doomed, lost, unused = [], 0, 0
        for row in self._rows_of_trials():
            if row.damaged:
                lost += 1
                doomed.append((row.number,))
                continue
            fields = self._fields(str(row.document))
            if experiment in (None, fields["experiment"]) and (everything or fields["code"] != code()):
                unused += 1
                doomed.append((row.number,))
        anew = bool(self._damaged_pages()) or lost > 0
        with self._writing():
            self._execute("CREATE TEMP TABLE doomed (number INTEGER PRIMARY KEY)")
            self._connection.executemany("INSERT INTO doomed VALUES (?)", doomed)
            if anew:
                self._rebuild()
            else:
                self._execute("DELETE FROM trials WHERE rowid IN doomed")
            self._execute("DELETE FROM points WHERE id NOT IN (SELECT point FROM trials)")
            self._execute("DROP TABLE doomed")
        self._execute("VACUUM")
        return Pruned(lost, unused, anew)

    def _rebuild(self) -> None:
        """Write both tables anew, and their indexes with them, without the doomed trials."""
        for table, condition in (("points", ""), ("trials", "WHERE rowid NOT IN doomed")):
            self._execute(
                f"CREATE TEMP TABLE whole_{table} AS SELECT * FROM main.{table} NOT INDEXED {condition}"
            )
        for table in ("trials", "points"):
            self._execute(f"DELETE FROM main.{table}")  # all of it: no index is asked where a row is
        for table in ("points", "trials"):
            self._execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM whole_{table}")
            self._execute(f"DROP TABLE whole_{table}")

    def _damaged_pages(self) -> list[str]:
        """What SQLite finds wrong with tables and indexes, one line each."""
        lines = self._rows(self._execute("PRAGMA integrity_check(20)"))
        return [line for (line,) in lines if line != "ok"]

    def _results(self, condition: str, values: Sequence[Any]) -> Iterator[tuple[str, Result]]:
        import numpy as np

        for row in self._rows_of_trials(f"WHERE {condition} ORDER BY points.id, trial", values):
            if row.damaged:
                experiment = self._fields(str(row.document))["experiment"]
                raise StoreError(
                    f"store = {self.path}: a trial of {experiment} is damaged; "
                    "`python -m sims.store prune` removes it"
                )
            value = np.frombuffer(row.value, "<f8").astype(float)
            yield str(row.document), Result(row.trial, value, row.seconds)

    def _rows_of_trials(self, condition: str = "", values: Sequence[Any] = ()) -> Iterator["_Row"]:
        """Rows of trials, each with the document of its point; without a condition found by no index."""
        rows = self._execute(
            "SELECT trials.rowid, document, key, trial, seconds, checksum, value FROM trials "
            f"{'' if condition else 'NOT INDEXED'} LEFT JOIN points ON trials.point = points.id {condition}",
            values,
        )
        yield from map(_Row._make, self._rows(rows))

    def _fields(self, document: str) -> dict[str, Any]:
        """What a document says, or StoreError if it is damaged."""
        try:
            fields: dict[str, Any] = json.loads(document)
            if fields.keys() >= {"code", "config", "experiment", "point", "seed"}:
                return fields
        except ValueError:
            pass
        raise StoreError(
            f"store = {self.path}: the settings of some trials are damaged; "
            "`python -m sims.store prune` removes them"
        )

    def _number(self, query: str, values: Sequence[Any]) -> int:
        """The only number that a query gives."""
        with explained(self.path):
            found = self._connection.execute(query, values).fetchone()
        if found is None:
            raise StoreError(
                f"store = {self.path}: an index is damaged; `python -m sims.store prune` makes it anew"
            )
        return int(found[0])

    def _execute(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        with explained(self.path):
            return self._connection.execute(query, values)

    def _rows(self, cursor: sqlite3.Cursor) -> Iterator[Any]:
        """Rows are read one at a time: an error may come at any of them."""
        with explained(self.path):
            for row in cursor:  # noqa: UP028  `yield from` closes the cursor, perhaps after the store
                yield row

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


def _removed(*paths: str) -> str:
    """SQL for a document without these parts; null for one that is damaged."""
    parts = ", ".join(f"'{path}'" for path in paths)
    return f"CASE WHEN json_valid(document) THEN json_remove(document, {parts}) END"
