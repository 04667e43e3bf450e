"""The file of a store: made whole or not at all, checked before use, SQLite's errors told in one line."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from glob import escape
from pathlib import Path
from shutil import disk_usage
from typing import IO

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
NO_SPACE = 2**16  # bytes: with fewer free, SQLite can write nothing
FILES_RAN_OUT = (errno.EMFILE, errno.ENFILE)


class StoreError(OSError):
    """A store that cannot be used; the file is left as it is. The message is one line, with what to do."""


class UnwritableError(StoreError):
    """Nothing can be written there."""


class FullError(StoreError):
    """The disk is full; what was committed is safe."""

    def __str__(self) -> str:  # also with an errno
        return str(self.args[0])


def _full(path: Path) -> FullError:
    """The error of a full disk below this store, with the errno that any other full disk has."""
    error = FullError(
        f"store = {path}: no space left, the disk is full; trials committed before are safe, free some space "
        "and run the same command again"
    )
    error.errno, error.filename = errno.ENOSPC, f"store = {path}"
    return error


@contextmanager
def connected(path: Path, write: bool) -> Iterator[sqlite3.Connection]:
    """A connection to the store at `path`, made if there is none and `write`.

    Raises StoreError for what is not a whole store, and UnwritableError where `write` is not possible.
    """
    with explained(path):
        if write:
            _remove_leftovers(path)
        if not path.exists():
            if not write:
                raise StoreError(f"store = {path} does not exist; name one with --store")
            _make(path)
        _check_file(path)
        connection = sqlite3.connect(
            f"{path.as_uri()}?{'mode=rw' if write else _reading(path)}",
            uri=True, timeout=PATIENCE, isolation_level=None,
        )  # fmt: skip
    try:
        with explained(path):
            _check_tables(path, connection)
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a killed process loses no commit
            connection.execute("PRAGMA cache_size = -64000")  # kB; keys are random: every page is met again
            connection.execute("PRAGMA wal_autocheckpoint = 10000")  # pages
            connection.execute(f"PRAGMA query_only = {not write}")
            connection.text_factory = partial(str, encoding="utf-8", errors="replace")  # of a damaged file
            if write:  # found out now rather than after the work
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        yield connection
    finally:
        connection.close()


def _reading(path: Path) -> str:
    """How to open the file to read it: where no -shm file can be made, as one that nobody changes.

    A -wal file holds what was committed last; it is left alone, and read where the folder can be written.
    """
    last = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return "mode=rw"  # in order to remove its -wal and -shm at the end
    if last.exists() and last.stat().st_size > 0:
        return "mode=ro"
    return "mode=ro&immutable=1"


def _make(path: Path) -> None:
    """A whole empty store appears at once, and only where there is nothing."""
    if path.is_symlink() or path.with_name(path.name + "-wal").exists():
        raise StoreError(f"store = {path} is gone, but a link to it or its -wal file is not; move that away")
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            _lock(file)
            file.write(_empty())
            file.flush()
            os.link(temporary, path)
    except FileExistsError as error:
        if not path.is_file():  # else another process was faster: its store is as good
            raise UnwritableError(f"store = {path} cannot be made ({error.strerror})") from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(path) from None
        if error.errno in FILES_RAN_OUT:
            raise
        raise UnwritableError(f"store = {path} cannot be made ({error.strerror}); choose another") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _empty() -> bytes:
    """The file of a store without trials."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for pragma in (f"application_id = {APPLICATION}", f"user_version = {FORMAT}"):
            connection.execute(f"PRAGMA {pragma}")
        for table in TABLES:
            connection.execute(table)
        data = connection.serialize()
    return data[:18] + b"\2\2" + data[20:]  # in its header: read and written with a WAL


def _remove_leftovers(path: Path) -> None:
    """Remove what a process left that was killed in `_make`: nobody holds the lock of its temporary file."""
    for left in path.parent.glob(f"{escape(path.name)}????????.tmp"):
        with suppress(OSError), left.open("rb") as file:
            _lock(file)
            left.unlink()


def _lock(file: IO[bytes]) -> None:
    """Lock an open file, or raise OSError if another process has; Windows deletes no open file anyway."""
    with suppress(ImportError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


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
        raise _told(path, error) from None
    except PermissionError as error:
        raise UnwritableError(f"store = {path} cannot be opened ({error.strerror}); choose another") from None


def _told(path: Path, error: sqlite3.Error) -> OSError:
    """What SQLite's error means: it says "I/O error" or "unable to open" where a disk or a table is full."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL") or (
        name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and disk_usage(path.parent).free < NO_SPACE
    ):
        return _full(path)
    if name.startswith("SQLITE_CANTOPEN"):
        try:
            path.open("rb").close()
        except OSError as reason:
            if reason.errno in FILES_RAN_OUT:
                return reason
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return UnwritableError(f"store = {path} cannot be written ({error}); choose another")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError(f"store = {path} was in use for {PATIENCE:g} s; try again later")
    return StoreError(
        f"store = {path} is damaged or unreadable ({one_line(error)}); move it away or choose another"
    )
