"""Kernels that are singular to rounding: what is left out is said, once, and by how much it matters."""

import warnings

import mpmath
import numpy as np
import pytest

import theory
from theory import Problem, descent, dynamics, validation
from theory.papers import (
    arora2019,
    hastie2022,
    li2020,
    oymak2019jacobian,
    schaeffer2023,
    soltanolkotabi2019,
    woodworth2020,
)

X = np.linspace(-1, 1, 20)
Y = np.sign(np.sin(7 * X))
GAUSSIAN = np.exp(-((X[:, None] - X) ** 2) / 2)


def test_the_truth_that_is_out_of_reach() -> None:
    """Leave-one-out at ridge 0 in 80 digits lies far above what float64 can say, hence the warning."""
    with mpmath.workdps(80):
        K = mpmath.matrix(20, 20)
        for i, a in enumerate(X.tolist()):
            for j, b in enumerate(X.tolist()):
                K[i, j] = mpmath.exp(-((mpmath.mpf(a) - mpmath.mpf(b)) ** 2) / 2)
        G = K**-1
        truth = sum((sum(G[i, j] * Y[j] for j in range(20)) / G[i, i]) ** 2 for i in range(20)) / 20
    with pytest.warns(theory.SingularKernelWarning) as caught:
        score = validation.loo(GAUSSIAN, Y, 0.0)
    assert truth > 1e6 * score
    [warning] = caught
    said = warning.message
    assert isinstance(said, theory.SingularKernelWarning)
    assert said.size == 20
    assert said.rank < 20
    assert said.condition > 1e12
    assert f"rank {said.rank} of 20" in str(said)
    assert warning.filename == __file__


@pytest.mark.parametrize("score", [validation.loo, validation.gcv, validation.leave_one_out])
def test_scores_without_a_ridge(score) -> None:
    with pytest.warns(theory.SingularKernelWarning):
        score(GAUSSIAN, Y, [0.0, 1.0])
    score(GAUSSIAN, Y, 1e-3)  # a ridge that decides: no warning, which would be an error here


@pytest.mark.parametrize("trained", ["all", "last"])
def test_a_smooth_network_does_not_interpolate_in_one_dimension(trained: str) -> None:
    inputs = np.linspace(-1, 1, 40)
    labels, column = np.sign(np.sin(7 * inputs)), inputs[:, None]
    with pytest.warns(theory.SingularKernelWarning) as caught:
        end = dynamics.linearised_network(column, labels, column, np.inf, 1, "erf", 2.0, 0.1, trained)
    assert len(caught) == 1
    assert np.abs(end.mean - labels).max() > 0.1  # the truth is 0 at training inputs
    dynamics.linearised_network(column, labels, column, [0.0, 10.0], 1, "erf", 2.0, 0.1, trained)


def test_flow_and_descent_of_a_kernel() -> None:
    with pytest.warns(theory.SingularKernelWarning):
        left = dynamics.kernel_residual(GAUSSIAN, Y, np.inf)
    assert np.linalg.norm(left) > 0.1
    with pytest.warns(theory.SingularKernelWarning):
        assert dynamics.kernel_descent(GAUSSIAN, Y, 1.0, np.inf) == pytest.approx(left, abs=1e-9)
    dynamics.kernel_residual(GAUSSIAN, Y, [0.0, 100.0])
    dynamics.kernel_descent(GAUSSIAN, Y, 1.0, 100)


def test_silence_where_the_rank_is_meant() -> None:
    """Linear regression with more samples than dimensions, equal inputs, and matrices of full rank."""
    rng = np.random.default_rng(0)
    Z = rng.standard_normal((20, 5))
    twice = np.repeat(np.exp(-((X[::2, None] * 20 - X[::2] * 20) ** 2)), 2, axis=0).repeat(2, axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for K in (Z @ Z.T, twice, np.eye(20), np.zeros((20, 20))):
            dynamics.kernel_residual(K, Y, np.inf)
            validation.gcv(K, Y, 0.0)
        inputs = np.repeat(rng.standard_normal((5, 3)), 2, axis=0)
        mean = dynamics.linearised_network(inputs, [1.0, -1.0] * 5, inputs, np.inf).mean
    assert mean == pytest.approx(0.0, abs=1e-9)


def test_papers_that_cut() -> None:
    """Unit inputs at angles from 1e-13 on: the kernel is singular to rounding, and labels are not fitted."""
    angle = np.append(np.geomspace(1e-13, 1.0, 14), 0.0)
    arc, labels = np.stack([np.cos(angle), np.sin(angle)], axis=1), (-1.0) ** np.arange(15)
    with pytest.warns(theory.SingularKernelWarning):
        left = arora2019.residual(arc, labels, 0.01, np.inf)
    assert left > 0.05  # the truth is 0
    with pytest.warns(theory.SingularKernelWarning):
        li2020.cluster_fit(arc, labels, 10, 0.1, np.inf)
    arora2019.residual(arc, labels, 0.01, 100)
    li2020.cluster_fit(arc, labels, 10, 0.1, 1.0)
    assert arora2019.residual(np.repeat(arc[-3:-1], 2, axis=0), [1, -1, 1, 1], 0.1, np.inf) > 1


# -- Jacobians and designs: singular values ------------------------------------------------------------

# rows so close that their singular values run past the cut-off without a gap
NEAR = np.vander(np.linspace(0, 1, 24), 30, increasing=True)
LABELS = (-1.0) ** np.arange(24)
STEP = 0.5 / np.linalg.norm(NEAR, 2) ** 2
CUTS = {
    "linear_descent": lambda J, r: descent.linear_descent(J, r, 1e-3, np.inf),
    "split": lambda J, r: oymak2019jacobian.split(J, r, 1e-3, 1e-3, np.inf),
    "certify": lambda J, r: descent.certify(J, r, 0.1),
    "limit": lambda J, r: woodworth2020.limit(J, J.sum(axis=1), 1.0),
    "prediction_error": lambda J, r: schaeffer2023.prediction_error(J, J[0], r, J[0]),
    "global_minimum": lambda J, r: soltanolkotabi2019.global_minimum(J[:, :6], r),
    "from_covariance": lambda J, r: Problem.from_covariance(J @ J.T, r),
    "general_covariance": lambda J, r: hastie2022.general_covariance(J @ J.T, r, 10),
}


@pytest.mark.parametrize("name", CUTS)
def test_what_cuts_says_so(name: str) -> None:
    with pytest.warns(theory.SingularKernelWarning) as caught:
        CUTS[name](NEAR, LABELS)
    [warning] = caught
    said = warning.message
    assert isinstance(said, theory.SingularKernelWarning)
    assert said.rank < said.size
    assert said.condition > 1e11
    assert f"rank {said.rank} of {said.size}, condition number" in str(said)
    assert "count as 0" in str(said)
    assert warning.filename == __file__


@pytest.mark.parametrize("name", CUTS)
def test_what_cuts_is_silent_where_the_rank_is_plain(name: str) -> None:
    """Full rank, equal rows, and fewer dimensions than rows."""
    rng = np.random.default_rng(3)
    full = rng.standard_normal((8, 12)) / 4
    for J in (full, np.repeat(full[:4], 2, axis=0), full[:, :1] * full[:1]):
        CUTS[name](J, LABELS[:8])


def test_rank_and_truth_of_near_copies() -> None:
    """At its limit descent fits every label of distinct rows; what is left out stays as misfit."""
    with pytest.warns(theory.SingularKernelWarning):
        end = descent.linear_descent(NEAR, LABELS, STEP, np.inf)
    assert end.misfit > 0.1  # the truth is 0
    descent.linear_descent(NEAR, LABELS, STEP, 1000)  # by then the lost modes have not moved
    with pytest.warns(theory.SingularKernelWarning):
        assert descent.certify(NEAR, LABELS, 0.1).rank == np.linalg.matrix_rank(NEAR, rtol=1e-12)
    assert descent.certify(np.eye(3), np.ones(3), 0.1).rank == 3
    with pytest.warns(theory.SingularKernelWarning) as caught:
        problem = Problem.from_covariance(NEAR @ NEAR.T, LABELS)
    assert problem.rank == caught[0].message.rank < 24
