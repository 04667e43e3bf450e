"""One pass gives what two passes give, also where the mean is large beside the spread."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sims.trials.running_mean import merge, of_block
from sims.trials.sample import Sample


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_blocks_in_any_division(seed: int, sizes: list[int]) -> None:
    rows = 1e6 + np.random.default_rng(seed).standard_normal((sum(sizes), 3))
    total, *rest = (of_block(block) for block in np.split(rows, np.cumsum(sizes)[:-1]))
    for block in rest:
        total = merge(total, block)
    assert total.trials == len(rows)
    np.testing.assert_allclose(total.mean, rows.mean(axis=0), rtol=1e-15)
    # a sum of squares minus a square of the sum would be off by 1e-4
    np.testing.assert_allclose(total.se, Sample(rows).se, rtol=1e-8)


def test_infinity() -> None:
    total = merge(of_block(np.array([[np.inf, 1.0]])), of_block(np.array([[1.0, 1.0], [2.0, 1.0]])))
    assert total.mean.tolist() == [np.inf, 1.0]
    assert total.se.tolist() == [np.inf, 0.0]
    other = merge(of_block(np.array([[1.0]])), of_block(np.array([[np.inf]])))
    assert (other.mean, other.se) == (np.inf, np.inf)
