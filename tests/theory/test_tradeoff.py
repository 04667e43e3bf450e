"""What an error costs: exponents against the equation itself, inverse questions against a scan."""

import numpy as np
import pytest

from theory import Problem, random_features, tradeoff

FALLING = Problem([4.0, 1.0, 0.1], [1.0, 0.6, 0.4], [5, 40, 300], noise=0.2)


def _power_law(alpha: float, beta: float, noise: float, size: float = 3e10) -> Problem:
    """lambda_i = i^-alpha and v_i^2 = i^-beta up to i = size, in geometric bands."""
    edges = np.unique(np.geomspace(1, size, 400).round())
    low, high = edges[:-1] - 0.5, edges[1:] - 0.5

    def total(exponent: float) -> np.ndarray:
        return (low ** (1 - exponent) - high ** (1 - exponent)) / (exponent - 1)

    return Problem(total(alpha) / (high - low), total(beta), high - low, noise=noise)


# beta up to 1 + alpha; between there and 1 + 2 alpha; beyond; and alpha > 2
@pytest.mark.jit
@pytest.mark.parametrize(("alpha", "beta"), [(1.5, 2.0), (1.2, 3.0), (1.5, 4.5), (3.0, 10.0)])
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_exponents_of_samples_and_features(alpha: float, beta: float, noise: float) -> None:
    problem = _power_law(alpha, beta, noise)
    told = tradeoff.exponents(alpha, beta, noise > 0)
    sizes = np.array([1e3, 1e4])
    for expected, arguments in ((told.samples, (sizes, np.inf)), (told.features, (np.inf, sizes))):
        excess = tradeoff.best_ridge(problem, *arguments).test - noise
        assert -np.diff(np.log10(excess))[0] == pytest.approx(expected, rel=0.05)


@pytest.mark.jit
@pytest.mark.parametrize(("alpha", "beta"), [(1.5, 2.0), (1.2, 3.0), (1.5, 4.5)])
@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize(("kind", "budgets"), [("pass", (1e8, 1e10)), ("fit", (1e11, 1e14))])
def test_the_best_width_for_a_cost(
    alpha: float, beta: float, noise: float, kind: str, budgets: tuple[float, float]
) -> None:
    problem = _power_law(alpha, beta, noise)
    told = tradeoff.exponents(alpha, beta, noise > 0, kind)
    found = []
    for budget in budgets:
        n = np.geomspace(10, budget**0.9, 150)
        p = budget / n
        if kind == "fit":  # p <= n pays n p^2, p >= n pays n^2 p
            p = np.where(n**3 < budget, budget / n**2, np.sqrt(budget / n))
        n, p = n[p > 2], p[p > 2]
        assert tradeoff.cost(n, p, kind) == pytest.approx(budget)
        excess = tradeoff.best_ridge(problem, n, p).test - noise
        best = int(excess.argmin())
        found.append(np.log([p[best], n[best], 1 / excess[best]]))
    width, data, error = np.diff(found, axis=0)[0] / np.log(budgets[1] / budgets[0])
    assert error == pytest.approx(told.error, rel=0.03)
    # the minimum is flat, so its place is less sharp
    assert width == pytest.approx(told.width, abs=0.05)
    assert data == pytest.approx(told.data, abs=0.06)


def test_exponents_join() -> None:
    told = tradeoff.exponents(1.5, 2.0, noisy=True, kind="pass")
    assert told.width + told.data == pytest.approx(1)
    for bad in ({"eigenvalue_exponent": 1.0}, {"power_exponent": 0.5}, {"kind": "free"}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            tradeoff.exponents(**({"eigenvalue_exponent": 1.5, "power_exponent": 2.0} | bad))


@pytest.mark.jit
def test_the_smallest_size_is_the_first_of_a_scan() -> None:
    scan = np.arange(1.0, 1500)
    for target in (0.9, 1.2):
        n = scan[tradeoff.best_ridge(FALLING, scan, 80.0).test <= target]
        assert tradeoff.smallest_samples(FALLING, target, p=80) == n[0]
        p = scan[tradeoff.best_ridge(FALLING, 300.0, scan).test <= target]
        assert tradeoff.smallest_width(FALLING, 300, target) == p[0]
    assert tradeoff.smallest_samples(FALLING, 0.19) == np.inf  # below the noise
    assert tradeoff.smallest_width(FALLING, 10, 0.21) == np.inf
    assert tradeoff.smallest_samples(FALLING, 100.0) == 1


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_width_within_a_share_is_the_smallest(share: float) -> None:
    p = tradeoff.width_within(FALLING, 100, share)
    least = tradeoff.best_ridge(FALLING, 100).test
    just, below = tradeoff.best_ridge(FALLING, 100, [p, p - 1]).test / least
    assert just <= 1 + share < below


@pytest.mark.parametrize("n", [20.0, 100.0, 300.5])
@pytest.mark.parametrize("share", [0.01, 0.3, 30.0])
def test_width_without_a_ridge_is_the_first_beyond_the_peak(n: float, share: float) -> None:
    p = tradeoff.width_within(FALLING, n, share, tuned=False)
    least = random_features(FALLING, n, np.inf).test
    before = max(p - 1, n)  # at p = n the error is infinite
    just, below = random_features(FALLING, n, [p, before]).test / least
    assert p > n
    assert p == np.floor(p)
    assert just <= 1 + share < below


def test_widths_that_cost_nothing_without_a_ridge() -> None:
    assert tradeoff.width_within(FALLING, 400.5, 0.01, tuned=False) == 401  # more samples than rank
    assert tradeoff.width_within(FALLING, 345, 0.01, tuned=False) == 346
    silent = Problem([4.0, 1.0], [0.0, 0.0], [5, 40])
    assert tradeoff.width_within(silent, 10, 0.01, tuned=False) == 11
    assert tradeoff.width_within(FALLING, 100, 1e-15, tuned=False) == np.inf
    # a whole number but for rounding: test(inf, n) = test(n, inf) = 1/2
    even = Problem.isotropic(40, signal=1.0, noise=0.0)
    assert tradeoff.width_within(even, 20, 0.1, tuned=False) == 220


@pytest.mark.parametrize("tuned", [True, False])
def test_the_front_is_what_nothing_beats(tuned: bool) -> None:
    n, p = np.array([[50.0], [100.0], [400.0]]), np.geomspace(5, 1000, 30)
    front = tradeoff.pareto(FALLING, n, p, "fit", tuned)
    assert (np.diff(front.cost) > 0).all()
    assert (np.diff(front.test) < 0).all()
    assert random_features(FALLING, front.n, front.p, front.ridge).test == pytest.approx(front.test)
    paid = tradeoff.cost(n, p, "fit").ravel()
    ridge = tradeoff.best_ridge(FALLING, n, p).ridge if tuned else 0.0
    error = random_features(FALLING, n, p, ridge).test.ravel()
    for a, e in zip(paid, error, strict=True):
        assert ((front.cost <= a * (1 + 1e-12)) & (front.test <= e * (1 + 1e-12))).any()


def test_tuning_never_costs() -> None:
    p = np.geomspace(5, 1000, 30)
    tuned = tradeoff.pareto(FALLING, 100, p)
    plain = tradeoff.pareto(FALLING, 100, p, tuned=False)
    assert len(tuned.p) == len(p)  # every feature helps
    assert len(plain.p) < len(p)  # the peak does not
