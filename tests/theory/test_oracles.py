"""Every reference value in tests/oracles holds to its tolerance."""

from typing import Any

import numpy as np
import pytest

from tests.stored import CASES, argument, function


def _name(case: dict[str, Any]) -> str:
    return f"{case['function'].removeprefix('theory.')}-{case['field']}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_oracle(case: dict[str, Any]) -> None:
    result = function(case["function"])(**{k: argument(v) for k, v in case["arguments"].items()})
    if case["field"] is not None:
        result = getattr(result, case["field"])
    if "entry" in case:  # of an array
        result = result[tuple(case["entry"])]
    unit = np.array(case.get("unit", 1.0))  # of each entry
    np.testing.assert_allclose(
        result / unit,
        np.array(argument(case["value"]), dtype=float) / unit,
        rtol=case["rtol"],
        atol=case["atol"],
    )
