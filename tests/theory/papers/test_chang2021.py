"""Chang et al. 2021: pruned and retrained models against their limits and simulation."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from theory import Problem
from theory.papers import chang2021

LAMBDA, BETA = np.r_[np.full(20, 10.0), np.ones(180)], np.r_[np.full(20, 0.5), np.full(180, 0.05)]


def test_pruning_all_or_nothing() -> None:
    problem = Problem(LAMBDA, LAMBDA * BETA**2, noise=0.25)
    whole = theory.ridge(problem, 100).test
    for method in ("known", "magnitude", "hessian"):
        risk = chang2021.pruned_risk(LAMBDA, BETA, 100, [0, 200], 0.25, method)
        assert_allclose(risk, [0.25 + LAMBDA @ BETA**2, whole], rtol=1e-12)
    with_zeros = chang2021.pruned_risk(
        np.r_[LAMBDA, 0, 0], np.r_[BETA, 7, 7], 100, [200, 202], 0.25, "magnitude"
    )
    assert_allclose(with_zeros, whole, rtol=1e-12)


def test_pruning_takes_counts_and_masks() -> None:
    mask = np.arange(200) % 3 == 0
    order = np.argsort(~mask, kind="stable")
    for function in (chang2021.pruned_risk, chang2021.retrained_risk):
        risk = function(LAMBDA, BETA, 100, mask, 0.25)
        assert_allclose(risk, function(LAMBDA[order], BETA[order], 100, mask.sum(), 0.25), rtol=1e-13)
        table = function(LAMBDA, BETA, [[80], [100]], [10, 20, 30], 0.25)
        assert table.shape == (2, 3)
        assert table[1, 1] == function(LAMBDA, BETA, 100, 20, 0.25)


@pytest.mark.parametrize("method", ["magnitude", "hessian"])
def test_threshold_keeps_so_many(method: str) -> None:
    """Each count on its own by draws from the law of the fit; |z| <= 5 fails once in a million."""
    rng = np.random.default_rng(25)
    fit = theory.ridge(Problem(LAMBDA, LAMBDA * BETA**2, noise=0.25), 100)
    draws = 4000
    hat = (LAMBDA * BETA + np.sqrt(fit.test * LAMBDA / 100) * rng.standard_normal((draws, 200))) / (
        LAMBDA + fit.kappa
    )
    score = np.abs(hat) * (np.sqrt(LAMBDA) if method == "hessian" else 1)
    for keep in (3, 50, 150):
        # a threshold common to all draws, taken from them: it is off by 1/sqrt(draws 200)
        threshold = np.quantile(score, 1 - keep / 200)
        risk = 0.25 + (np.where(score > threshold, hat, 0) - BETA) ** 2 @ LAMBDA
        expected = chang2021.pruned_risk(LAMBDA, BETA, 100, keep, 0.25, method)
        assert abs(risk.mean() - expected) <= 5 * risk.std() / sqrt(draws) + 0.002 * expected


def test_pruning_two_equal_scores() -> None:
    """On equal eigenvalues magnitude and hessian agree, and so do all scales of the problem."""
    lam, beta = np.full(30, 2.0), np.linspace(0, 1, 30)
    risks = [chang2021.pruned_risk(lam, beta, 12, [5, 20], 0.1, m) for m in ("magnitude", "hessian")]
    assert_allclose(*risks, rtol=1e-11)
    scaled = chang2021.pruned_risk(lam * 1e8, beta * 1e-4, 12, [5, 20], 0.1, "magnitude")
    assert_allclose(scaled, risks[0], rtol=1e-11)


def test_retraining_at_the_edges() -> None:
    risk = chang2021.retrained_risk(LAMBDA, BETA, 50, [0, 48, 49, 50, 200], 0.25)
    assert_allclose(risk[0], 0.25 + LAMBDA @ BETA**2, rtol=1e-14)
    assert np.isfinite(risk[1])
    assert (risk[2:] == inf).all()
    assert_allclose(chang2021.retrained_risk(LAMBDA, BETA, inf, 200, 0.25), 0.25)
    # least squares on the whole problem, by the exact formula
    exact = chang2021.retrained_risk(LAMBDA, BETA, 300, 200, 0.25)
    assert_allclose(exact, 0.25 * 299 / 99, rtol=1e-13)


def pruning(n: int, scale: int, draws: int, seed: int) -> tuple[Any, Any]:
    """Test errors of full, known and magnitude pruning, hessian pruning, and retraining: means and errors."""
    rng = np.random.default_rng([37, seed])
    lam = np.r_[np.full(20 * scale, 10.0), np.ones(180 * scale)]
    beta = np.r_[np.full(20 * scale, 0.5), np.full(180 * scale, 0.05)]
    keep, noise = 20 * scale, 0.25
    errors = []
    for _ in range(draws):
        X = rng.standard_normal((n, len(lam))) * np.sqrt(lam)
        y = X @ beta + sqrt(noise) * rng.standard_normal(n)
        hat = X.T @ np.linalg.solve(X @ X.T, y)
        again = np.zeros(len(lam))
        again[:keep] = np.linalg.lstsq(X[:, :keep], y)[0]
        masks = [np.ones(len(lam), bool), np.arange(len(lam)) < keep]
        masks += [s >= np.sort(s)[-keep] for s in (np.abs(hat), np.sqrt(lam) * np.abs(hat))]
        errors.append([noise + lam @ (b - beta) ** 2 for b in [hat * mask for mask in masks] + [again]])
    expected = [
        chang2021.pruned_risk(lam, beta, n, len(lam), noise),
        chang2021.pruned_risk(lam, beta, n, keep, noise),
        chang2021.pruned_risk(lam, beta, n, keep, noise, "magnitude"),
        chang2021.pruned_risk(lam, beta, n, keep, noise, "hessian"),
        chang2021.retrained_risk(lam, beta, n, keep, noise),
    ]
    sample = np.array(errors)
    z = (sample.mean(axis=0) - expected) / sample.std(axis=0) * sqrt(draws)
    return z, sample.mean(axis=0) / expected - 1


def test_pruning() -> None:
    """2 % and 4 standard errors (z alone for retraining, which is exact): fails once in 3000."""
    z, gap = pruning(100, 1, 200, 0)
    assert (np.abs(gap) <= 0.02 + 4 * np.abs(gap / z)).all()
    assert abs(z[-1]) <= 4


@pytest.mark.slow
def test_pruning_of_larger_models() -> None:
    """The error of the limit falls as 1/n: 1 % at n = 400."""
    z, gap = pruning(400, 4, 120, 1)
    assert (np.abs(gap) <= 0.01 + 4 * np.abs(gap / z)).all()
    assert abs(z[-1]) <= 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chang2021.pruned_risk([1.0, 1.0], [1.0], 1, 1), r"eigenvalues .*\("),
        (
            lambda: chang2021.pruned_risk([1.0, 1.0], [1.0, 1.0], 2, 1),
            "n = 2",
        ),
        (lambda: chang2021.pruned_risk([1.0, 1.0], [1.0, 1.0], 1, 3), "keep = 3"),
        (lambda: chang2021.pruned_risk([1.0, 1.0], [1.0, 1.0], 1, 1, -1.0), "noise = -1"),
        (
            lambda: chang2021.pruned_risk([1.0, 1.0], [1.0, 1.0], 1, 1, 0.0, "best"),
            "method = 'best'",
        ),
        (
            lambda: chang2021.pruned_risk([1.0, 1.0], [1.0, 1.0], 1, [True, False], 0.0, "hessian"),
            "keep is a mask",
        ),
        (
            lambda: chang2021.retrained_risk([1.0, 1.0], [1.0, 1.0], 1, [True]),
            r"keep is a mask of shape \(1,\)",
        ),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
