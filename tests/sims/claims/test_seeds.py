"""The status of a claim is that of the statement, not of the random numbers.

Beside seed 0 of the other tests this takes one; python -m sims.claims check --quick --seed 2 takes others.
"""

import pytest

from sims.claims import registry, run
from sims.shell.session import Session

IDS = registry.select([])[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", IDS)
def test_a_status_does_not_depend_on_the_seed(name: str) -> None:
    claim = registry.find(name)
    row = run.check(name, claim.defaults, run.Options(quick=True, seed=1), Session())
    assert row["status"] == claim.expected, row
