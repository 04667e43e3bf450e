"""Small fits run on one thread, and a fixture that forbids the slow way of one SVD per p."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost these small fits more than they bring, tenfold on a busy machine."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def no_refits(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error where the package calls an SVD; numpy's own lstsq, pinv and cond do not pass through here."""

    def slow(*_: Any, **__: Any) -> None:
        raise AssertionError("the path took the slow way of one SVD per p")

    monkeypatch.setattr(np.linalg, "svd", slow)
