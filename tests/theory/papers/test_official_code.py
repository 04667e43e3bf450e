"""Values of the authors' public code: every function that claims to agree with it, and only those.

Where a repository holds data, they are copied from it; elsewhere its formulas were evaluated in double
precision at these settings, its fixed points to the last digits.
"""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose

import theory
from theory import Problem, papers
from theory.papers import dascoli2020, dascoli2020triple, lejeune2020, loureiro2021, simon2023, simon2024

PLACES = {
    "dascoli2020": "github.com/sdascoli/triple-descent-paper, data/error_lowreg.json",
    "dascoli2020triple": "github.com/sdascoli/triple-descent-paper, data/error_lowreg.json",
    "lejeune2020": "github.com/dlej/ensemble-ols, Risk Convergence.ipynb",
    "loureiro2021": "github.com/IdePHICS/GCMProject, code/state_evolution/models",
    "simon2023": "github.com/james-simon/eigenlearning, theory.py",
    "simon2024": "github.com/dkarkada/more-is-better, theory.py",
}
"""Repositories, and the files that hold the formulas or the data."""

LEVELS, POWERS, COUNTS = [1.0, 0.3, 0.05, 0.004], [0.25, 1.0, 0.49, 0.16], [1, 10, 60, 400]


def test_every_repository_is_named() -> None:
    assert {name.partition(".")[0] for name in papers.degrees()["code"]} == set(PLACES)


# relu, psi1 = 100, lambda = 1e-5: log10 of psi2 and the terms Psi 1 to 6 of the repository
TERMS = np.array([
    [0.12244897959183673, 0.6501921579838381, 0.48473813012242317, 0.4816136918962002, 0.48003915324807167,
     0.46818145737051964, 0.4227498359978199],
    [1.0408163265306123, 0.9649593241354069, 0.9355772603303194, 0.21565245414240053, 0.931260020530317,
     0.09261209108808544, 0.9311464972561225],
    [1.9591836734693877, 0.9957075735602334, 1.0096409091704572, 3.9833125908200238, 0.991433774919642,
     0.011011232382178715, 0.9914335720452243],
    [3.0816326530612246, 0.9962993690765927, 0.9965777155986483, 0.08805862442575808, 0.9926124440958435,
     0.000823198216622052, 0.9926124328224163],
])  # fmt: skip


@pytest.mark.parametrize("members", [1, 3, np.inf])
def test_dascoli2020_decomposition(members: float) -> None:
    log_psi2, *psi = TERMS.T
    noise = 4.0
    parts = dascoli2020.decomposition(
        100.0, 10**log_psi2, 1e-5, "relu", signal=1.0, noise=noise, members=members
    )
    atol = 3e-7  # the accuracy of the data: the terms of order 1 differ by 5e-8
    assert_allclose(parts.initialization, (psi[1] - psi[3]) / members, atol=atol)
    assert_allclose(parts.noise, noise * ((psi[2] - psi[4]) / members + psi[4]), atol=atol)
    assert_allclose(parts.sampling, psi[3] - psi[5], atol=atol)
    assert_allclose(parts.bias, 1 - 2 * psi[0] + psi[5], atol=atol)


def test_dascoli2020triple_risk() -> None:
    """The same data: relu without its mean has linearity r and power mu1^2 + mu_star^2."""
    log_psi2, *psi = TERMS.T
    r = dascoli2020triple.linearity("relu")
    power = 0.25 / r
    fit = dascoli2020triple.risk(100.0, 10**log_psi2, 1e-5 / power, r, signal=1.0, noise=4.0)
    assert_allclose(fit.test - 4.0, 1 - 2 * psi[0] + psi[1] + 4.0 * psi[2], atol=3e-7)


@pytest.mark.parametrize(
    ("gamma", "share", "sigma", "excess", "best"),
    [
        (2.0, 0.4, 0.7, 0.76, 0.29498214308490667),
        (0.5, 0.9, 1.0, 0.6974789915966386, 0.5857864376269049),
        (5.0, 0.1, 0.2, 0.8547368421052631, 0.19058178892832223),
    ],
)
def test_lejeune2020(gamma: float, share: float, sigma: float, excess: float, best: float) -> None:
    test = lejeune2020.ensemble(gamma, share, 1.0, sigma**2)
    assert_allclose(test - sigma**2, excess, rtol=1e-13)
    assert_allclose(lejeune2020.best_share(gamma, 1.0, sigma**2), best, rtol=1e-13)


OMEGA, ALIGNED = [2.0, 1.0, 0.5, 0.25], [1.2, 0.3, 0.1, 0.02]


@pytest.mark.parametrize(
    ("fit", "at", "values"),
    [
        (loureiro2021.ridge, (0.7, 0.1, 0.5), [3.2262893898075555, 0.6719346880548619, 0.38097966678400935,
         0.9099753544868431, 0.05094612621258099]),
        (loureiro2021.ridge, (2.0, 0.01, 2.0), [0.9647834971587614, 0.938631085299463, 0.1459087608377582,
         1.6468135636239467, 0.42659428393965315]),
        (loureiro2021.ridge_classification, (0.7, 0.1, 0.5), [0.3841567965132874, 0.7292926468733002,
         0.30397779410678133]),
        (loureiro2021.ridge_classification, (2.0, 0.01, 2.0), [0.4616060527588129, 0.9361054117092783,
         0.11641834755832504]),
        (loureiro2021.logistic, (0.7, 0.1, 0.5), [5.540481560838903, 1.9663711551983205, 0.5661212842491294,
         0.36771813802007974, 0.2309463009955624]),
        (loureiro2021.logistic, (2.0, 0.01, 2.0), [8.001200655576438, 12.928881319884558, 0.4714814222587303,
         0.4581412093247306, 0.29427990449666463]),
    ],
)  # fmt: skip
def test_loureiro2021(
    fit: Callable[..., tuple[float, ...]], at: tuple[float, float, float], values: list[float]
) -> None:
    alpha, penalty, gamma = at
    assert_allclose(fit(OMEGA, ALIGNED, 1.0, alpha, penalty, gamma), values, rtol=2e-12)


@pytest.mark.parametrize(
    ("n", "delta", "learnt", "factor", "train", "test"),
    [
        (20, 0.0, [0.7737803387574741, 0.5064518292024982, 0.14604661955063228, 0.013497260490449017],
         1.2916824211394518, 0.0, 1.1100970343403633),
        (50, 0.2, [0.9190009768806467, 0.7729207221757791, 0.3619565557539887, 0.04341308218721701],
         1.4464770957921005, 0.0014571210738628015, 0.7074622530770326),
        (200, 3.0, [0.9718176106316544, 0.911855019795801, 0.6329140415006356, 0.12121333576506355],
         1.2435576360537508, 0.09567304459750581, 0.3575964252426589),
    ],
)  # fmt: skip
def test_simon2023(
    n: int, delta: float, learnt: list[float], factor: float, train: float, test: float
) -> None:
    problem = Problem(LEVELS, POWERS, COUNTS, noise=0.09)
    assert_allclose(simon2023.learnability(problem, n, delta / n), learnt, rtol=1e-12)
    assert_allclose(simon2023.overfitting_coefficient(problem, n, delta / n), factor, rtol=1e-12)
    fit = theory.ridge(problem, n, delta / n)
    assert_allclose([fit.train, fit.test], [train, test], rtol=1e-12)


@pytest.mark.parametrize(
    ("n", "p", "delta", "noise", "test"),
    [
        (40, 30, 0.5, 0.1, 2.2570192842519763),
        (40, 90, 0.05, 0.1, 1.48328990510103),
        (100, 60, 2.0, 0.0, 0.9295792269739795),
    ],
)
def test_simon2024_equations(n: int, p: int, delta: float, noise: float, test: float) -> None:
    problem = Problem(LEVELS, POWERS, COUNTS, noise=noise)
    assert_allclose(theory.random_features(problem, n, p, delta / n).test, test, rtol=1e-11)


@pytest.mark.parametrize(
    ("n", "p", "noise", "test"),
    [
        (40, 30, 0.1, 1.4386244812002402),
        (100, 60, 0.3, 1.243870128961828),
        (60, 300, 1.0, 1.918938653597776),
    ],
)
def test_simon2024_optimal(n: int, p: int, noise: float, test: float) -> None:
    """The least value of the repository's formula over its ridge."""
    problem = Problem(LEVELS, POWERS, COUNTS, noise=noise)
    assert_allclose(simon2024.optimal(problem, n, p).test, test, rtol=1e-11)
