"""What follows from the equation: best ridge, shifted inputs, other norms, ensembles, the peak."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import theory
from theory import Problem

PROBLEMS = [
    Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.5], [100, 200, 100], noise=0.5),
    Problem([1.0, 0.01], [0.2, 1.0], [30, 300], noise=0.1, tail_power=0.2),
    Problem([1.0, 1e-3], [1.0, 1.0], [20, 400], tail=0.3, noise=0.05),
    Problem.power_law(300, 1.5, 1.8, noise=0.25),
]


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("n", [25.0, 150.0, 390.0])
@pytest.mark.parametrize("negative", [False, True])
def test_no_ridge_beats_the_optimal_one(problem: Problem, n: float, negative: bool) -> None:
    best = theory.optimal_ridge(problem, n, negative)
    assert negative or best >= 0
    test = theory.ridge(problem, n, best).test
    others = np.concatenate([[0.0], np.geomspace(1e-12, 1e6, 2000), best * np.linspace(0.5, 1.02, 101)])
    if best < 0:
        assert test < theory.ridge(problem, n, 0.0).test
    assert test <= theory.ridge(problem, n, others).test.min() * (1 + 1e-12)


def test_negative_optimum_of_the_aligned_spike() -> None:
    # linear.md 1.4: an aligned spectrum with a long flat rest
    problem = Problem([10.0, 0.1], [10.0, 0.0], [20, 380], noise=0.002)
    assert theory.optimal_ridge(problem, 100, negative=True) == pytest.approx(-0.0888420042, rel=1e-8)
    assert theory.optimal_ridge(problem, 100) == 0.0
    louder = Problem([10.0, 0.1], [10.0, 0.0], [20, 380], noise=0.05)
    assert theory.optimal_ridge(louder, 100, negative=True) > 0


@pytest.mark.parametrize("n", [50, 20])  # beyond and at the number of levels' features
def test_noiseless_optimum_at_the_end_of_the_range(n: float) -> None:
    """A tail is an added ridge to the levels: without noise the best total is 0."""
    problem = Problem([1.0, 0.1], [1.0, 0.2], [10, 10], tail=1.0)
    best = theory.optimal_ridge(problem, n, negative=True)
    assert best == -1 / n
    assert theory.ridge(problem, n, best).test == 0.0
    above = theory.ridge(problem, n, best * (1 - np.geomspace(1e-12, 1, 50))).test
    assert (np.diff(above) > 0).all()
    assert above[0] > 0.0


@pytest.mark.parametrize("noise", [1e-14, 1e-9, 1e-4, 1e-2])
@pytest.mark.parametrize("n", [15, 20, 50])
def test_negative_optimum_beside_a_tail(n: float, noise: float) -> None:
    """However close to the end -tail/n: the optimum of the levels alone, with the tail as ridge."""
    levels = Problem([1.0, 0.1], [1.0, 0.2], [10, 10], noise=noise)
    problem = replace(levels, tail=1.0)
    best = theory.optimal_ridge(problem, n, negative=True)
    assert -1 / n < best < 0 or n < 20
    total = theory.optimal_ridge(levels, n, negative=True)
    assert best == pytest.approx(total - 1 / n, rel=1e-13)
    test = theory.ridge(problem, n, best).test
    around = total * np.array([0.5, 0.99, 1.01, 2.0]) - 1 / n
    assert (theory.ridge(problem, n, around).test >= test * (1 - 1e-14)).all()
    # all but 1e-9 of the range: the least of a grid
    grid = np.append(-(1 - np.geomspace(1e-9, 1, 500)) / n, np.geomspace(1e-6, 10, 100))
    assert test <= theory.ridge(problem, n, grid).test.min() * (1 + 1e-12)


def test_optimal_ridge_in_closed_form() -> None:
    n = np.array([10.0, 100.0, 1000.0])
    for p, signal, noise in ((50, 2.0, 0.5), (400, 0.1, 3.0)):
        best = theory.optimal_ridge(Problem.isotropic(p, signal, noise), n)
        np.testing.assert_allclose(best, p * noise / (n * signal), rtol=1e-9)
    # power proportional to the eigenvalue: the same for every spectrum [dobriban2018]
    lam, m = np.array([3.0, 0.2]), np.array([40.0, 160.0])
    random_target = Problem(lam, 1.5 * lam * m / 200, m, noise=0.7)
    np.testing.assert_allclose(theory.optimal_ridge(random_target, n), 200 * 0.7 / (1.5 * n), rtol=1e-9)


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem([1.0], [0.0], [10], noise=1.0), np.inf),
        (Problem([1.0], [0.0], [10]), 0.0),
        (Problem([1.0], [1.0], [10]), 0.0),  # noiseless and n >= rank
        (Problem([0.0], [1.0], [10], noise=1.0), 0.0),  # no features: nothing to choose
    ],
)
def test_optimal_ridge_at_the_edges(problem: Problem, expected: float) -> None:
    assert theory.optimal_ridge(problem, 20) == expected


@given(st.integers(0, 3), st.floats(5, 1000), st.floats(1e-6, 10))
def test_covariate_shift_to_itself_is_the_test_error(which: int, n: float, ridge: float) -> None:
    problem = PROBLEMS[which]
    if problem.tail == 0:
        shifted = theory.covariate_shift(problem, n, problem.eigenvalues, ridge)
        np.testing.assert_allclose(shifted, theory.ridge(problem, n, ridge).test, rtol=1e-10)


def test_covariate_shift_against_simulation() -> None:
    problem, n, q = Problem([2.0, 0.3], [1.0, 0.5], [30, 120], noise=0.3), 100, np.array([0.2, 1.5])
    for ridge in (0.0, 0.1):
        errors = []
        for trial in range(60):
            rng = np.random.default_rng([3, trial])
            scale = np.sqrt(np.repeat(problem.eigenvalues, [30, 120]))
            X = rng.standard_normal((n, 150)) * scale
            kernel = X @ X.T + n * ridge * np.eye(n)
            fit = np.linalg.solve(kernel, X).T  # labels -> beta
            weights = np.repeat(q, [30, 120])
            prior = np.repeat(problem.power / problem.eigenvalues / [30, 120], [30, 120])
            lost = np.eye(150) - fit @ X
            error = 0.3 + 0.3 * (weights[:, None] * fit**2).sum()
            errors.append(error + (weights[:, None] * lost**2 * prior).sum())
        expected = theory.covariate_shift(problem, n, q, ridge)
        se = np.std(errors, ddof=1) / np.sqrt(60)
        # 5 standard errors (1e-5 at 59 degrees of freedom) and the O(1/n) of the equivalent
        assert abs(np.mean(errors) - expected) < 5 * se + 4 / n * expected


def test_covariate_shift_ridgeless_at_full_rank() -> None:
    problem = Problem([2.0, 0.5], [2.0, 0.5], [20, 30], noise=1.0)
    # kappa = 0: only noise is left, (test/n) sum m q/lambda
    expected = 1 + 2.0 / 100 * (20 * 3 / 2.0 + 30 * 1 / 0.5)
    np.testing.assert_allclose(theory.covariate_shift(problem, 100, [3.0, 1.0]), expected, rtol=1e-12)
    assert theory.covariate_shift(problem, 50, [3.0, 1.0]) == np.inf
    np.testing.assert_allclose(theory.covariate_shift(problem, 50, [0.0, 0.0]), 1.0)


def test_least_variance_is_the_isotropic_problem() -> None:
    problem = Problem([4.0, 0.25], [4.0, 0.5], [100, 300], noise=0.5)
    best = theory.general_norm(problem, 150, problem.eigenvalues).var_noise_samples
    np.testing.assert_allclose(best, 0.5 * 150 / 250, rtol=1e-12)
    for mu in ([1.0, 1.0], [0.1, 2.0], [9.0, 0.2]):
        assert theory.general_norm(problem, 150, mu).var_noise_samples >= best * (1 - 1e-12)
    plain = theory.general_norm(problem, 150, [1.0, 1.0], 0.1)
    assert plain == theory.ridge(problem, 150, 0.1)


@settings(max_examples=50)
@given(st.integers(0, 3), st.floats(5, 500), st.floats(5, 500), st.sampled_from([0.0, 1e-6, 0.1]))
def test_ensembles_lie_between_one_and_infinitely_many(which: int, n: float, p: float, ridge: float) -> None:
    problem = PROBLEMS[which]
    risk = theory.random_features(problem, n, p, ridge)
    assert theory.ensemble(problem, n, p, ridge) == pytest.approx(float(risk.test), rel=1e-12)
    K = np.array([1, 2, 10, np.inf])
    for draws in (
        theory.ensemble(problem, n, p, ridge, feature_draws=K),
        theory.ensemble(problem, n, p, ridge, sample_draws=K),
        theory.ensemble(problem, n, p, ridge, K, K),
    ):
        assert (draws[1:] <= draws[:-1] * (1 + 1e-12)).all()
    everything = theory.ensemble(problem, n, p, ridge, np.inf, np.inf)
    assert everything == pytest.approx(problem.noise + float(risk.bias), rel=1e-12)
    # averaging over all features is kernel ridge regression with a larger ridge
    averaged = theory.ensemble(problem, n, p, ridge, feature_draws=np.inf)
    if risk.kappa > 0:
        implicit = ridge * risk.gamma_eff / risk.kappa
        np.testing.assert_allclose(averaged, theory.ridge(problem, n, implicit).test, rtol=1e-9)


def test_the_peak_goes_with_either_average() -> None:
    problem = PROBLEMS[0]
    assert theory.random_features(problem, 100, 100).test == np.inf
    assert theory.ensemble(problem, 100, 100, feature_draws=5, sample_draws=5) == np.inf
    assert np.isfinite(theory.ensemble(problem, 100, 100, feature_draws=np.inf))
    assert np.isfinite(theory.ensemble(problem, 100, 100, sample_draws=np.inf))


@given(st.integers(0, 3), st.floats(20, 300), st.floats(0.05, 1.0))
def test_subsample_ensemble_has_the_kappa_of_its_ridge(which: int, n: float, share: float) -> None:
    problem, k = PROBLEMS[which], share * n
    equal = theory.ensemble_ridge(problem, n, k)
    inside = theory.ridge(problem, k).kappa
    np.testing.assert_allclose(theory.ridge(problem, n, equal).kappa, inside, rtol=1e-7, atol=1e-300)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_peak_constant_is_the_limit(problem: Problem) -> None:
    n = 60.0
    constant = theory.peak_constant(problem, n)
    ridges = np.array([1e-10, 1e-12, 1e-14])
    heights = np.sqrt(ridges) * theory.random_features(problem, n, n, ridges).test
    gaps = np.abs(heights / constant - 1)
    assert gaps[-1] < 1e-4
    assert (np.diff(gaps) < 0).all()
    assert theory.peak_constant(Problem.isotropic(30, noise=1.0), 60.0) == 0.0


PLAIN = Problem([2.0, 0.5], [1.0, 1.0], [20, 30], noise=0.1)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: theory.optimal_ridge(PLAIN, 0), "n = 0"),
        (lambda: theory.optimal_ridge(PLAIN, np.inf), "n = inf"),
        (lambda: theory.covariate_shift(PLAIN, 10, [1.0]), r"test_eigenvalues has shape \(1,\)"),
        (lambda: theory.covariate_shift(PLAIN, 10, [1.0, -1.0]), "test_eigenvalues = -1"),
        (lambda: theory.covariate_shift(PROBLEMS[2], 10, [1.0, 1.0]), "tail = 0.3"),
        (lambda: theory.covariate_shift(Problem([0.0], [1.0]), 10, [1.0]), "eigenvalue 0"),
        (lambda: theory.general_norm(PLAIN, 10, [1.0, 0.0]), "norm_eigenvalues = 0"),
        (lambda: theory.general_norm(PLAIN, 10, [1.0]), r"norm_eigenvalues has shape \(1,\)"),
        (lambda: theory.ensemble(PLAIN, 10, 10, feature_draws=0), "feature_draws = 0"),
        (lambda: theory.ensemble(PLAIN, 10, 10, sample_draws=0.5), "sample_draws = 0.5"),
        (lambda: theory.ensemble_ridge(PLAIN, 10, 11), "subsample = 11 must not exceed n = 10"),
        (lambda: theory.peak_constant(PLAIN, -1), "n = -1"),
    ],
)
def test_bad_arguments(call, named: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=named):
        call()
