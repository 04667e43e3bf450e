"""The file of a store: made whole or not at all, checked before use, SQLite's errors told in one line."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sims.messages import one_line

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
    """A store that cannot be used; the file is left as it is. The message is one line, with what to do."""


class UnwritableError(StoreError):
    """Nothing can be written there."""


class FullError(StoreError):
    """The disk is full; what was committed is safe."""


@contextmanager
def connected(path: Path, write: bool) -> Iterator[sqlite3.Connection]:
    """A connection to the store at `path`, made if there is none and `write`.

    Raises StoreError for what is not a whole store, and UnwritableError where `write` is not possible.
    """
    with explained(path):
        if not path.exists():
            if not write:
                raise StoreError(f"store = {path} does not exist; name one with --store")
            _make(path)
        _check_file(path)
        mode = "rw" if write else "ro"
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, timeout=PATIENCE, isolation_level=None
        )
    try:
        with explained(path):
            _check_tables(path, connection)
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a killed process loses no commit
            connection.execute("PRAGMA cache_size = -64000")  # kB; keys are random: every page is met again
            connection.execute("PRAGMA wal_autocheckpoint = 10000")  # pages
            if write:  # found out now rather than after the work
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        yield connection
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
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    if number != FORMAT or [row[0] for row in tables] != list(TABLES):
        raise StoreError(
            f"store = {path} has other tables (format {number}) than this version of overparam (format "
            f"{FORMAT}); move it away or choose another"
        )
    if path.stat().st_size <= SMALL:
        (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise StoreError(f"store = {path} is damaged ({one_line(state)}); move it away or choose another")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors as a StoreError of one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_FULL"):
            raise FullError(
                f"store = {path}: the disk is full; trials committed before are safe, free some space and "
                "run the same command again"
            ) from None
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise UnwritableError(f"store = {path} cannot be written ({error}); choose another") from None
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreError(f"store = {path} was in use for {PATIENCE:g} s; try again later") from None
        raise StoreError(
            f"store = {path} is damaged or unreadable ({one_line(error)}); move it away or choose another"
        ) from None
    except PermissionError as error:
        raise UnwritableError(f"store = {path} cannot be opened ({error.strerror}); choose another") from None
