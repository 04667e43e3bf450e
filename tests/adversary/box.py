"""What an adversary may draw, what the right answer is, and how an answer is judged.

A `Reference` is a public function of numbers, the box of its arguments, and the same quantity written once
more for numbers of 1000 digits, without any arrangement against cancellation: the digits take care of it.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from mpmath import mp, mpf

from tests.strategies import decades

SECONDS = 1.0  # of processor time: a busy machine does not count
FEW = 1e-300
_COMPILED: set[Callable[..., Any]] = set()  # what numba compiles at the first call does not count


class Kind(NamedTuple):
    """An argument: what is drawn, typical values, and whether it broadcasts."""

    drawn: st.SearchStrategy[float]
    typical: float
    broadcasts: bool = True


def _kind(typical: float, *special: float) -> Kind:
    return Kind(st.one_of(decades(-300, 300), decades(-2, 2), st.sampled_from([1.0, *special])), typical)


POSITIVE = _kind(2.0, 2.0, FEW, 1e300)
NOT_NEGATIVE = _kind(3.0, 0.0, FEW, 1e300)
SMALLER = Kind(NOT_NEGATIVE.drawn, 0.25)  # of a pair of which this one must be the smaller
SMALLER_POSITIVE = Kind(POSITIVE.drawn, 0.25)
LARGER = Kind(POSITIVE.drawn, 8.0)
AT_LEAST_ONE = Kind(st.one_of(decades(0, 300), decades(0, 3), st.sampled_from([1.0, 2.0])), 4.0)
SHARE = Kind(st.one_of(decades(-300, 0), st.floats(0.01, 1), st.sampled_from([1.0, 0.5])), 0.5)
OPEN = Kind(st.one_of(decades(-300, -1e-9), st.floats(0.01, 1 - 1e-12)), 0.25)
UNIT = Kind(SHARE.drawn | st.just(0.0), 0.5)
WHOLE = Kind(st.one_of(st.integers(1, 40), decades(0, 300).map(np.floor)), 3.0)
FROM_TWO = Kind(st.one_of(st.integers(2, 40), decades(1, 300).map(np.floor)), 5.0)
COUNT = Kind(WHOLE.drawn | st.just(0), 4.0)
DEGREE = Kind(st.integers(0, 60), 3.0)
DIMENSION = Kind(st.integers(2, 60), 5.0, broadcasts=False)


class Reference(NamedTuple):
    """A function, its box, and the truth, by the field for a result of many; None where it must refuse.

    `together` redraws arguments of which the interesting values lie close to one another; `slack` is what a
    sum may lose of its largest argument.
    """

    call: Callable[..., Any]
    box: dict[str, Kind]
    truth: Callable[..., Any]
    together: tuple[str, ...] = ()
    rtol: float = 1e-11
    digits: int = 1000
    slack: float = 0.0


def decided(gap: mpf, scale: mpf, least: str = "1e-11") -> None:
    """Leaves out cases that the package takes for ties: numbers within 1e-12 of one another are equal."""
    assume(gap == 0 or abs(gap) > mpf(least) * abs(scale))


@st.composite
def arguments(draw: st.DrawFn, reference: Reference) -> dict[str, float]:
    """Values of the box; what belongs together is often within a few, or within a few percent, of another."""
    values = {name: float(draw(kind.drawn)) for name, kind in reference.box.items()}
    for name, other in zip(reference.together[1:], reference.together, strict=False):
        choice = draw(st.integers(0, 3))
        if choice == 0:
            near = draw(st.sampled_from([0.5, 0.9, 1.0, 1 + 1e-15, 1.01, 2.0]))
            values[name] = values[other] * near or values[name]
        elif choice == 1:
            values[name] = abs(values[other] + draw(st.integers(-3, 3))) or values[name]
    return values


def answer(reference: Reference, values: dict[str, float]) -> Any:
    """The function's result, or None where it refuses."""
    if reference.call not in _COMPILED:
        reference.call(**{name: kind.typical for name, kind in reference.box.items()})
        _COMPILED.add(reference.call)
    try:
        with watchdog():
            return reference.call(**values)
    except ValueError:
        return None


def judge(reference: Reference, values: dict[str, float]) -> None:
    """The result is the truth, is refused where it must be, and is never nan."""
    with mp.workdps(reference.digits):
        truth = reference.truth(**{name: mpf(value) for name, value in values.items()})
        exact = {key: float(value) for key, value in named(truth).items()} if truth is not None else None
    found = answer(reference, values)
    if exact is None or found is None:
        assert exact is None, f"refused {values}, truth {exact}"
        assert found is None, f"not refused: {values}"
        return
    slack = 1e-320 + reference.slack * max(values.values())
    for key, value in exact.items():
        given = float(found if key == "" else found[key] if isinstance(key, int) else getattr(found, key))
        close = given == value or abs(given - value) <= reference.rtol * abs(value) + slack
        # the last step towards the ends of the range is not asked for
        edge = abs(value) > 1e307 < abs(given) or abs(value) < 1e-305 > abs(given)
        assert close or edge, f"{key} = {given!r}, truth {value!r} at {values}"


def named(truth: Any) -> dict[Any, Any]:
    """One truth or many, by field or place."""
    if isinstance(truth, dict):
        return truth
    return dict(enumerate(truth)) if isinstance(truth, list) else {"": truth}


@contextmanager
def watchdog() -> Iterator[None]:
    """Ends what takes more than `SECONDS` of processor time, loops without an exit too."""

    def bark(*_: Any) -> None:
        raise TimeoutError(f"more than {SECONDS} s of processor time")

    before, start = signal.signal(signal.SIGPROF, bark), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert time.process_time() - start < SECONDS  # compiled loops hear no signal


def alike(reference: Reference) -> None:
    """Integers, lists, float32, 0-d arrays and arrays that broadcast give what floats give."""
    base = {name: kind.typical for name, kind in reference.box.items()}
    plain = values_of(reference.call(**base))
    assert all(type(field) in (np.float64, float) for field in plain), [type(field) for field in plain]
    free = [name for name, kind in reference.box.items() if kind.broadcasts]
    for name in free:
        value = base[name]
        forms = [np.float32(value), np.array(value), np.float16(value)]
        forms += [int(value), np.int64(value)] if value == int(value) else []
        for form in forms:
            for one, other in zip(values_of(reference.call(**base | {name: form})), plain, strict=True):
                assert np.ndim(one) == 0
                assert one == other or np.isnan(other)
        for one, other in zip(values_of(reference.call(**base | {name: [value, value]})), plain, strict=True):
            assert np.shape(one) == (2,)
            np.testing.assert_array_equal(one, other)
    if not free:
        return
    table = {name: np.full((3, 1) if i % 2 else (2,), base[name]) for i, name in enumerate(free)}
    shape = (3, 2) if len(free) > 1 else (2,)
    for one, other in zip(values_of(reference.call(**base | table)), plain, strict=True):
        assert np.shape(one) == shape
        np.testing.assert_array_equal(one, other)


def values_of(result: Any) -> list[Any]:
    """The fields of a result; one number is one field, and a last axis of several is several."""
    if isinstance(result, tuple):
        return list(result)
    return [result]
