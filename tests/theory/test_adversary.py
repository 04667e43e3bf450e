"""An adversary draws arguments over the range of floats; the truth has hundreds of digits."""

import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.adversary import box, closed_forms, concepts, equivalents, layers, power_laws
from tests.adversary.exceptions import EXCEPTIONS
from theory.index import public

CLOSED = concepts.REFERENCES | closed_forms.REFERENCES | power_laws.REFERENCES | layers.REFERENCES
REFERENCES = CLOSED | equivalents.REFERENCES
FAST = settings(
    max_examples=30, derandomize=True, database=None, phases=[Phase.generate], deadline=None
)  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
@FAST
@given(data=st.data())
def test_truth(name: str, data: st.DataObject) -> None:
    box.judge(CLOSED[name], data.draw(box.arguments(CLOSED[name])))


@pytest.mark.jit
@pytest.mark.parametrize("name", equivalents.REFERENCES)
@settings(FAST, max_examples=6)
@given(data=st.data())
def test_truth_of_equations(name: str, data: st.DataObject) -> None:
    box.judge(REFERENCES[name], data.draw(box.arguments(REFERENCES[name])))


@pytest.mark.slow
@pytest.mark.parametrize("name", REFERENCES)
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_truth_at_length(name: str, data: st.DataObject) -> None:
    box.judge(REFERENCES[name], data.draw(box.arguments(REFERENCES[name])))


@pytest.mark.parametrize("name", REFERENCES)
def test_kinds_of_numbers(name: str) -> None:
    box.alike(REFERENCES[name])


def test_every_function_is_in_the_table_or_has_a_reason() -> None:
    names = {name.removeprefix("theory.").removeprefix("papers.") for name, _ in public()}
    excused = [name for names in EXCEPTIONS.values() for name in names]
    assert len(excused) == len(set(excused))
    assert not set(excused) & set(REFERENCES)
    assert names == set(excused) | set(REFERENCES)


def _endless() -> None:
    with box.watchdog():
        while True:
            pass


def test_the_watchdog_ends_a_loop() -> None:
    start = time.process_time()
    with pytest.raises(TimeoutError, match="processor time"):
        _endless()
    assert time.process_time() - start < 2 * box.SECONDS
