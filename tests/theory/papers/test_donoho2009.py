"""Donoho et al. 2009: the transition by minimisation, and as the end of the Lasso without noise."""

import pytest
from mpmath import mpf, ncdf, npdf
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.papers import donoho2009
from theory.sparse import Sparse, lasso


def _risk_of_zero(z: mpf) -> mpf:
    return 2 * ((1 + z**2) * ncdf(-z) - z * npdf(z))


def test_transition_by_minimisation() -> None:
    from scipy.optimize import minimize_scalar

    for e in (1e-4, 0.03, 0.5, 0.97):
        found = minimize_scalar(
            lambda t, e=e: float(e * (1 + t * t) + (1 - e) * _risk_of_zero(mpf(t))), bounds=(0, 8),
            method="bounded", options={"xatol": 1e-10},
        )  # fmt: skip
        assert_allclose(donoho2009.transition(e), found.fun, rtol=1e-10)


@pytest.mark.parametrize("sparsity", [0.01, 0.1, 0.4])
def test_a_noiseless_target_is_found_beyond_the_transition_alone(sparsity: float) -> None:
    p, edge = 1000.0, float(donoho2009.transition(sparsity))
    target = Sparse([1.0, 0.0], [sparsity * p, (1 - sparsity) * p])
    beyond, before = lasso(target, p * edge * 1.01, 0.0), lasso(target, p * edge * 0.99, 0.0)
    assert beyond.test == 0.0 < before.test


def test_wrong_arguments() -> None:
    refuses(lambda: donoho2009.transition(1.5), "sparsity = 1.5")
