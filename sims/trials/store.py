"""Finished trials in one SQLite file: found again, never computed twice, never overwritten.

A trial's key is the digest of the canonical JSON of what its numbers depend on: experiment, settings, point
of the grid, seed, trial, and code (every source of `theory` and `sims`, versions of numpy, scipy, numba).
Values are float64 bytes with a checksum. One process writes a sweep; many may write one file (WAL).
A killed process loses at most what it had not committed; a power cut may lose the last commits as well.
"""

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from sims.trials.fingerprint import Point, code, trial_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

APPLICATION, FORMAT = 0x6F76_7072, 1  # in the header of the file: whose it is, and the tables below
TABLES = (
    "CREATE TABLE points (id INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE)",
    "CREATE TABLE trials (key BLOB NOT NULL PRIMARY KEY, point INTEGER NOT NULL REFERENCES points, "
    "trial INTEGER NOT NULL, seconds REAL NOT NULL, checksum INTEGER NOT NULL, value BLOB NOT NULL, "
    "UNIQUE (point, trial))",
)
PATIENCE = 60.0  # seconds to wait for another writer
SMALL = 2**25  # bytes of a file that is checked whole when it is opened: some tens of milliseconds


class StoreError(OSError):
    """A store that cannot be used; the file is left as it is. One line, with what to do."""


class UnwritableError(StoreError):
    """Nothing can be written there."""


class FullError(StoreError):
    """The disk is full; what was committed is kept."""


class Result(NamedTuple):
    """One finished trial."""

    trial: int
    value: "Array"
    seconds: float


def default_path() -> Path:
    """Where trials are kept unless --store says otherwise."""
    import platformdirs

    return platformdirs.user_cache_path("overparam") / "trials.sqlite"


# ---------------------------------------------------------------- the file


class Store:
    """An open store; `opened` makes one."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection

    def finished(self, point: Point, trials: int) -> list[Result]:
        """The results of `point` that are kept, of the first `trials`."""
        rows = self._rows("points.document = ? AND trial < ?", (point.document, trials))
        return [result for _, result in rows]

    def count(self, point: Point, trials: int) -> int:
        """How many `finished` would find."""
        query = (
            "SELECT count(*) FROM points JOIN trials ON trials.point = points.id "
            "WHERE document = ? AND trial < ?"
        )
        rows = self._errors(self._execute(query, (point.document, trials)))
        return int(next(rows)[0])

    def results(self, experiment: str | None = None) -> Iterator[tuple[str, Result]]:
        """Every result with the document of its point, in order, of one experiment or all."""
        yield from self._rows("?1 IS NULL OR json_extract(document, '$.experiment') = ?1", (experiment,))

    def _rows(self, condition: str, values: Sequence[Any]) -> Iterator[tuple[str, Result]]:
        import numpy as np

        rows = self._execute(
            "SELECT document, key, trial, seconds, checksum, value FROM points JOIN trials "
            f"ON trials.point = points.id WHERE {condition} ORDER BY points.id, trial",
            values,
        )
        for document, *row in self._errors(rows):
            if _damaged(document, *row):
                raise StoreError(
                    f"store = {self.path}: a trial of {json.loads(document)['experiment']} is damaged; "
                    "`python -m sims.store prune` removes it"
                )
            yield document, Result(row[1], np.frombuffer(row[4], "<f8").astype(float), row[2])

    def add(self, point: Point, results: Iterable[Result]) -> None:
        """Commit finished trials; those that are there already stay as they are."""
        rows = []
        for trial, value, seconds in results:
            data = value.astype("<f8").tobytes()
            rows.append((point.key(trial), trial, seconds, crc32(data), data))
        with self._writing():
            self._execute("INSERT OR IGNORE INTO points (document) VALUES (?)", (point.document,))
            query = "SELECT id FROM points WHERE document = ?"
            (number,) = self._execute(query, (point.document,)).fetchone()
            self._connection.executemany(
                f"INSERT OR IGNORE INTO trials VALUES (?, {number}, ?, ?, ?, ?)", rows
            )

    def overview(self) -> list[dict[str, Any]]:
        """One row for each point: what it is, its trials, their mean time and most values."""
        rows = self._execute(
            "SELECT document, count(*), avg(seconds), max(length(value)) / 8 FROM points JOIN trials "
            "ON trials.point = points.id GROUP BY points.id ORDER BY points.id",
        )
        names = ("trials", "seconds", "width")
        return [
            {**json.loads(document), **dict(zip(names, row, strict=True))}
            for document, *row in self._errors(rows)
        ]

    def damage(self) -> list[str]:
        """What is wrong with the file; nothing, if all is well."""
        lines = self._errors(self._execute("PRAGMA integrity_check(20)"))
        found = [line for (line,) in lines if line != "ok"]
        return found or [
            f"trial {trial} of {document or 'no point'} is damaged"
            for _, document, trial in self._damaged_trials()
        ]

    def _damaged_trials(self) -> list[tuple[bytes, str | None, int]]:
        rows = self._execute(
            "SELECT document, key, trial, seconds, checksum, value FROM trials LEFT JOIN points "
            "ON trials.point = points.id"
        )
        return [
            (key, document, trial)
            for document, key, trial, *rest in self._errors(rows)
            if document is None or _damaged(document, key, trial, *rest)
        ]

    def prune(self, experiment: str | None = None, everything: bool = False) -> int:
        """Remove damaged trials and those of other versions of the code, or all; how many."""
        keys = {key for key, *_ in self._damaged_trials()}
        with self._writing():
            for document, key in self._errors(
                self._execute("SELECT document, key FROM points JOIN trials ON trials.point = points.id")
            ):
                point = json.loads(document)
                if experiment in (None, point["experiment"]) and (everything or point["code"] != code()):
                    keys.add(key)
            self._connection.executemany("DELETE FROM trials WHERE key = ?", [(key,) for key in keys])
            self._execute("DELETE FROM points WHERE id NOT IN (SELECT point FROM trials)")
        self._execute("VACUUM")
        return len(keys)

    def _execute(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        with _explained(self.path):
            return self._connection.execute(query, values)

    def _errors(self, cursor: sqlite3.Cursor) -> Iterator[Any]:
        """Rows are read one at a time: an error may come at any of them."""
        with _explained(self.path):
            yield from cursor

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _damaged(document: str, key: bytes, trial: int, _: float, checksum: int, value: bytes) -> bool:
    return checksum != crc32(value) or len(value) % 8 > 0 or key != trial_key(document, trial)


@contextmanager
def opened(path: Path, write: bool = True) -> Iterator[Store]:
    """The store at `path`, made if there is none and `write`; what is not a whole store is refused.

    >>> with tempfile.TemporaryDirectory() as folder, opened(Path(folder, "new.sqlite")) as store:
    ...     store.overview()
    []
    """
    path = path.absolute()
    with _explained(path):
        if not path.exists():
            if not write:
                raise StoreError(f"store = {path} is not there; name one with --store")
            _make(path)
        _check_file(path)
        mode = "rw" if write else "ro"
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, timeout=PATIENCE, isolation_level=None
        )
    try:
        with _explained(path):
            _check_tables(path, connection)
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a killed process loses no commit
            connection.execute("PRAGMA cache_size = -64000")  # kB; keys are random: every page is met again
            connection.execute("PRAGMA wal_autocheckpoint = 10000")  # pages
            if write:  # found out now rather than after the work
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        yield Store(path, connection)
    finally:
        connection.close()


def _make(path: Path) -> None:
    """A whole empty store appears at once, and only where there is nothing."""
    if path.is_symlink() or path.with_name(path.name + "-wal").exists():
        raise StoreError(f"store = {path} is gone, but a link to it or its -wal file is not; move that away")
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        os.close(handle)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            for pragma in (f"application_id = {APPLICATION}", f"user_version = {FORMAT}"):
                connection.execute(f"PRAGMA {pragma}")
            for table in TABLES:
                connection.execute(table)
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        os.link(temporary, path)
    except FileExistsError as error:
        if not path.is_file():  # else another process was faster: its store is as good
            raise UnwritableError(f"store = {path} cannot be made ({error.strerror})") from None
    except OSError as error:
        raise UnwritableError(f"store = {path} cannot be made ({error.strerror}); choose another") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise StoreError(f"store = {path} is not a file; choose another")
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise StoreError(f"store = {path} is damaged or no store; move it away or choose another")
    if int.from_bytes(header[68:72], "big") != APPLICATION:
        raise StoreError(f"store = {path} belongs to another program; choose another")


def _check_tables(path: Path, connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    if found != FORMAT or [row[0] for row in tables] != list(TABLES):
        raise StoreError(
            f"store = {path} has other tables (format {found}) than this version of overparam (format "
            f"{FORMAT}); move it away or choose another"
        )
    if path.stat().st_size <= SMALL:
        (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise StoreError(f"store = {path} is damaged ({_line(state)}); move it away or choose another")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """SQLite's errors in one line."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_FULL"):
            raise FullError(
                f"store = {path}: the disk is full; trials committed before are kept, free some space and "
                "run the same command again"
            ) from None
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise UnwritableError(f"store = {path} cannot be written ({error}); choose another") from None
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreError(f"store = {path} was in use for {PATIENCE:g} s; try again later") from None
        told = f"store = {path} is damaged or unreadable ({_line(error)}); move it away or choose another"
        raise StoreError(told) from None
    except PermissionError as error:
        raise UnwritableError(f"store = {path} cannot be opened ({error.strerror}); choose another") from None


def _line(text: object) -> str:
    return " ".join(str(text).split())
