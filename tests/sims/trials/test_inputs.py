"""The digest of a trial's inputs: equal for equal inputs, in any process; another for any other."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
import pytest

from sims.trials.inputs import digest
from tests.sims.commands import ENVIRONMENT


@dataclass(frozen=True)
class Setting:
    n: int = 3
    d: int = 2

    @cached_property
    def large(self) -> np.ndarray:
        return np.ones(self.n)


class Pair(NamedTuple):
    n: int
    d: int


def trial(*inputs: Any) -> None:
    """Do nothing with them."""


def _enclosing(n: object) -> Callable[[], object]:
    return lambda: n


def test_different_inputs_have_different_digests() -> None:
    ones = np.ones((2, 3))
    flipped = ones.copy()
    flipped[1, 2] = np.nextafter(1, 2)
    inputs: list[tuple[Any, ...]] = [
        (), (None,), (0,), (1,), (True,), (1.0,), (1.0 + 2**-52,), (0.0,), (-0.0,), ("1",),
        (b"1",), ("",), ("12",),
        ("1", "2"), (1, 2), (2, 1), ((1, 2),), ([1, 2],), ((1,), 2), ({"n": 1},), ({"d": 1},), ({"n": 2},),
        ({"n": 1, "d": 1},), (Setting(),), (Setting(d=1),), (Setting(2, 3),), (Pair(3, 2),),
        ((3, 2),), (ones,), (ones[:1],),
        (ones.T,), (flipped,), (ones.astype("f4"),), (ones > 0,), (np.array([]),), (np.float64(1.0),),
        (trial,), (digest,),
        (_enclosing(1),), (_enclosing(2),), (float("nan"),), (float("inf"),),
    ]  # fmt: skip
    digests = [digest(partial(trial, *given)) for given in inputs]
    digests += [digest(trial), digest(partial(trial, n=1)), digest(partial(digest, 1))]
    assert len(set(digests)) == len(digests)


def test_equal_inputs_have_one_digest() -> None:
    used = Setting()
    assert used.large.sum() == 3  # the cache of a property is no input
    square = np.arange(9.0).reshape(3, 3)
    for one, other in (
        (used, Setting()),
        ({"n": 1, "d": 2}, {"d": 2, "n": 1}),
        (square.T, np.ascontiguousarray(square.T)),
        (_enclosing(1), _enclosing(1)),
    ):
        assert digest(partial(trial, one)) == digest(partial(trial, other))


def test_another_process_says_the_same() -> None:
    words = (
        "from functools import partial; import numpy as np; from sims.trials.inputs import digest; "
        "print(digest(partial(max, {'b': 1.5, 'a': 'é'}, np.arange(3))))"
    )
    told = subprocess.run(
        [sys.executable, "-c", words], check=True, capture_output=True, encoding="utf-8", env=ENVIRONMENT
    ).stdout
    assert told.strip() == digest(partial(max, {"b": 1.5, "a": "é"}, np.arange(3)))


@pytest.mark.parametrize("hidden", [object(), {1, 2}, np.random.default_rng(0), np.array([object()])])
def test_what_cannot_be_seen_is_refused(hidden: object) -> None:
    with pytest.raises(TypeError, match="has no digest; bind its numbers instead"):
        digest(partial(trial, hidden))
