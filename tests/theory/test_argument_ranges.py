"""The checkers of ranges name the argument, its value and what it must be."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from theory import arguments


@pytest.mark.parametrize(("check", "value", "message"), [
    (lambda v: arguments.at_least("n", v, 1), [2.0, 0.5], r"n = 0\.5 must be at least 1"),
    (lambda v: arguments.at_least("n", v, 1, finite=True), np.inf, "n = inf must be finite and at least 1"),
    (lambda v: arguments.between("q", v, 0, 1), 1.5, r"q = 1\.5 must be in \[0, 1\]"),
    (lambda v: arguments.between("q", v, 0, 1, "()"), 0.0, r"q = 0 must be in \(0, 1\)"),
    (lambda v: arguments.between("q", v, 0, 1, "()"), 1.0, r"q = 1 must be in \(0, 1\)"),
    (lambda v: arguments.between("q", v, 0, 1, "(]"), 0.0, r"q = 0 must be in \(0, 1\]"),
    (lambda v: arguments.between("q", v, 0, 1, "[)"), 1.0, r"q = 1 must be in \[0, 1\)"),
    (lambda v: arguments.whole_or_inf("k", v), [1.0, 2.5], r"k = 2\.5 must be a whole number >= 0, or inf"),
    (lambda v: arguments.whole_or_inf("k", v, low=2), 1, "k = 1 must be a whole number >= 2, or inf"),
    (lambda v: arguments.symmetric("K", np.array(v), 1e-12), [[1.0, 2.0], [0.0, 1.0]], "K is not symmetric"),
    (lambda v: arguments.pair("X", v, "y", [1.0]), [[1.0], [2.0]], "X has 2 rows and y 1 entries"),
])  # fmt: skip
def test_what_is_refused(check: Callable[[Any], Any], value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        check(value)
    assert "\n" not in str(raised.value)


def test_the_ends_that_belong_to_an_interval() -> None:
    assert arguments.between("q", [0.0, 1.0], 0, 1).tolist() == [0.0, 1.0]
    assert arguments.share("q", 1.0) == 1.0
    assert arguments.whole_or_inf("k", [0, np.inf]).tolist() == [0.0, np.inf]
    assert arguments.at_least("n", np.inf, 1) == np.inf
