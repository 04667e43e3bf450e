"""A forecast, what is granted to it on rows that it has not seen, and the answers that it gives."""

import numpy as np
import pytest

from sims.sweet_spot import agreement, answers, by_spectrum, spectrum
from theory import Problem

pytestmark = pytest.mark.jit

FAMILY = Problem(
    np.arange(1.0, 601) ** -1.2, np.arange(1.0, 601) ** -1.5 / 2.5, noise=0.2
)  # more dimensions than rows


def _forecast(se: float, misfit: float = 0.0) -> by_spectrum.Forecast:
    one = np.ones(4)
    known = spectrum.Estimate(FAMILY, misfit, 1.0, 1.0)
    return by_spectrum.Forecast(known, ridge=one, test=one, se=se * one, ridgeless=one)


@pytest.mark.parametrize(
    ("factor", "se", "misfit", "status"),
    [
        (1.05, 0.05, 0.0, "agrees"),
        (1.6, 0.05, 0.0, "disagrees"),
        (0.6, 0.05, 0.0, "disagrees"),
        (1.6, 0.2, 0.0, "undecided"),
        (1.0, 0.3, 0.0, "not predictable"),
        (1.0, 0.05, 0.5, "not predictable"),
    ],
)
def test_prediction_against_measurement(factor: float, se: float, misfit: float, status: str) -> None:
    measured = factor * np.ones((1, 4, 1)) * np.linspace(0.95, 1.05, 20)
    assert agreement.compare(_forecast(se, misfit), agreement.averaged(measured, 1.0)).status == status


def test_the_error_of_a_mean_over_splits() -> None:
    # 200 rows with errors of variance 1, of which 5 splits hold out 80 each
    rng = np.random.default_rng(0)
    means, stated = [], []
    for _ in range(1000):
        rows = 10 + rng.standard_normal(200)
        errors = np.array([rng.permutation(rows)[:80].reshape(1, 20, 4).mean(axis=2) for _ in range(5)])
        known = agreement.averaged(errors, 80 / 200)
        means.append(known.mean[0])
        stated.append(known.se[0] * known.mean[0])
    # a standard deviation from 1000 means errs by 2.2 %: four times that
    assert np.std(means) == pytest.approx(np.sqrt(np.mean(np.square(stated))), rel=0.09)


def test_heavy_tails_are_not_predicted() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 5))
    y = X[:, 0] + rng.standard_cauchy(60)
    told = by_spectrum.forecast(X @ X.T, y, np.array([60.0]), np.array([100.0]), rng)
    assert told.se[0] > agreement.UNSURE


def test_an_exact_target_is_predicted_exactly() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 5))
    told = by_spectrum.forecast(X @ X.T, X[:, 0], np.array([60.0]), np.array([100.0]), rng)
    assert told.test[0] < 1e-9
    assert np.isfinite(told.se).all()


def test_more_rows_are_on_the_line_of_the_last_doubling() -> None:
    p = np.array([np.inf])
    quarter, half, whole = (
        by_spectrum.errors(FAMILY, 300, np.array([n]), p)[0] for n in (75.0, 150.0, 300.0)
    )
    assert by_spectrum.errors(FAMILY, 300, np.array([600.0]), p)[0] == pytest.approx(whole**2 / half)
    assert by_spectrum.rows_for(FAMILY, 300, whole**2 / half * 1.0001) == pytest.approx(600, abs=1.5)
    assert by_spectrum.rows_for(FAMILY, 300, quarter) in (75, 76)


def test_doubled_prices() -> None:
    config = {"n": 100, "d": 4, "p_max": 200, "joules": 1e-9, "budget": 5e5, "error": None}
    bought = spectrum.Spread(np.ones(3), np.zeros(3))
    answered = answers.answers(FAMILY, bought, config)
    one, data, width = answered["double"]
    assert one["flops"] == 2 * 100 * 200 * (4 + 100)
    assert one["joules"] == pytest.approx(1e-9 * one["flops"])
    assert data["bytes"] == width["bytes"] == 2 * one["bytes"]
    paid = answered["budget"]["p"]
    assert answers.price(100, paid, 4, 1e-9)["flops"] <= 5e5
    assert answered["within"]["0.01"] > answered["within"]["0.05"]
