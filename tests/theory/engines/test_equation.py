"""The engine's rows are the fields of `Risk`, and its parts agree with sums that are written out."""

import numpy as np
from numpy.testing import assert_allclose

from theory import Problem, Risk, ridge
from theory.engines import equation, root


def test_rows_are_the_fields_of_risk() -> None:
    assert {name: getattr(equation, name.upper()) for name in Risk._fields} == {
        name: row for row, name in enumerate(Risk._fields)
    }


def test_the_root_without_a_ridge_is_where_the_degrees_of_freedom_are_the_samples() -> None:
    lam, mult = np.array([4.0, 1.0, 0.25]), np.array([10.0, 20.0, 30.0])
    base = root.threshold(25.0, 60.0, lam, mult, 0.3)
    assert_allclose((mult * lam / (lam + base)).sum() + 0.3 / base, 25.0, rtol=1e-13)
    assert root.threshold(60.0, 60.0, lam, mult, 0.0) == 0.0


def test_a_negative_ridge_with_a_tail_is_one_of_the_levels_alone() -> None:
    """To the levels a tail is an added ridge: only what the tail itself stores differs."""
    levels = ([2.0, 0.5], [1.0, 0.4], [40.0, 60.0])
    tailed = ridge(Problem(*levels, tail=1.5, noise=0.2), 30.0, -0.01)
    alone = ridge(Problem(*levels, noise=0.2), 30.0, -0.01 + 1.5 / 30.0)
    for name in ("test", "bias", "variance", "df2", "kappa"):
        assert_allclose(getattr(tailed, name), getattr(alone, name), rtol=1e-12)
    assert tailed.norm > alone.norm
