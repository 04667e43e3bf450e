"""Commits of finished trials while a sweep runs."""

import time
from collections.abc import Sequence

from sims.trials.fingerprint import Provenance
from sims.trials.store import Result, Store, StoreError

COMMIT = 0.5  # seconds between two commits: all that a kill can lose


class Committer:
    """Commits finished trials now and then, and the rest as the `with` block ends, even by an error.

    Without a store it saves nothing.
    """

    def __init__(self, store: Store | None, provenances: Sequence[Provenance]) -> None:
        self._store, self._provenances = store, provenances
        self._waiting: dict[int, list[Result]] = {}
        self._last = time.monotonic()

    def add(self, index: int, result: Result) -> None:
        """Take a result at point number `index`; commit all that wait if the last commit is long ago."""
        self._waiting.setdefault(index, []).append(result)
        if time.monotonic() > self._last + COMMIT:
            self._commit()

    def _commit(self) -> None:
        if self._store is not None:
            for index, results in self._waiting.items():
                self._store.add(self._provenances[index], results)
        self._waiting = {}  # only now: an interrupted commit is repeated
        self._last = time.monotonic()

    def __enter__(self) -> "Committer":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or not issubclass(kind, StoreError):
            self._commit()
