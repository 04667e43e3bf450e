"""Checks that many test files make: a refused argument, a function of arrays, the memory of a call."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose


def refuses(call: Callable[[], object], message: str) -> None:
    """The call raises a ValueError of one line that matches `message`."""
    with pytest.raises(ValueError, match=message) as raised:
        call()
    assert "\n" not in str(raised.value)


def mean_is_near(
    trial: Callable[[np.random.Generator], float], expected: float, trials: int, gap: float
) -> None:
    """The mean of independent trials is within a relative gap and four standard errors."""
    rng = np.random.default_rng(7)
    values = np.array([trial(rng) for _ in range(trials)])
    assert abs(values.mean() - expected) < 4 * values.std(ddof=1) / np.sqrt(trials) + gap * expected


def broadcasts(function: Callable[..., Any], arguments: list[float]) -> None:
    """Each number may be an array; the entries are the scalar results, which are numpy floats."""
    plain = function(*arguments)
    for field in plain if isinstance(plain, tuple) else [plain]:
        assert type(field) is np.float64
    for i, value in enumerate(arguments):
        other = [*arguments[:i], 2 * value if value > 1 else value / 2, *arguments[i + 1 :]]
        arrays = [np.array([[other[i]], [value]]) if j == i else v for j, v in enumerate(arguments)]
        arrays[i - 1] = np.array([arguments[i - 1]] * 3) if len(arguments) > 1 else arrays[i - 1]
        table = np.asarray(function(*arrays))
        assert table.shape[-2:] == (2, 3)
        assert_allclose(table[..., 0, 1], function(*other), rtol=1e-12)
        assert_allclose(table[..., 1, 2], plain, rtol=1e-12)


def traced(call: Callable[[], Any]) -> tuple[Any, int]:
    """The result of a call, and the most memory in bytes that it held."""
    tracemalloc.start()
    try:
        return call(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
