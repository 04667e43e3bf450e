"""One BLAS thread: small matrices gain nothing from more, and results do not depend on the machine."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits

from theory.engines import jit


@pytest.fixture(autouse=True, scope="module")
def one_blas_thread() -> Iterator[None]:
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture(autouse=True, scope="module")
def compiled() -> Iterator[None]:
    """However short a call is, it runs compiled: .ci/run runs the same tests without the compiler too."""
    before, jit.PATIENCE = jit.PATIENCE, -1
    yield
    jit.PATIENCE = before
