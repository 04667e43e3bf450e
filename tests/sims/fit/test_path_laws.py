"""Laws of the path of minimum-norm fits that hold for any data."""

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sims import fit
from tests.sims.fit.problems import EPS, Array, Data, assert_close, gaussian_data


def worst_condition(features: Array) -> float:
    return max(float(np.linalg.cond(features[:, : p + 1])) for p in range(features.shape[1]))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Data, float]:
    """Random data and the tolerance that its conditioning allows."""
    n, P, m = draw(st.integers(1, 12)), draw(st.integers(1, 40)), draw(st.integers(1, 6))
    data = gaussian_data(n, P, m, draw(st.integers(0, 10**6)))
    condition = worst_condition(data[0])
    assume(condition < 1e6)
    return data, 1e-12 + 1000 * EPS * condition


law = settings(max_examples=60, deadline=None)


@law
@given(problems(), st.floats(-1e3, 1e3).filter(lambda c: abs(c) > 1e-3))
def test_scaling_the_target(problem: tuple[Data, float], c: float) -> None:
    (F, y, Ft, yt), tolerance = problem
    path, scaled = fit.min_norm_path(F, y, Ft, yt), fit.min_norm_path(F, c * y, Ft, c * yt)
    assert_close(scaled, fit.Path(*(c**2 * field for field in path)), tolerance)


@law
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_matter(problem: tuple[Data, float], random: Any) -> None:
    (F, y, Ft, yt), tolerance = problem
    rows = random.sample(range(len(y)), len(y))
    assert_close(fit.min_norm_path(F[rows], y[rows], Ft, yt), fit.min_norm_path(F, y, Ft, yt), tolerance)


@law
@given(problems(), st.data())
def test_a_zero_column_changes_nothing(problem: tuple[Data, float], data: st.DataObject) -> None:
    (F, y, Ft, yt), tolerance = problem
    j = data.draw(st.integers(0, F.shape[1]))
    path = fit.min_norm_path(F, y, Ft, yt)
    wider = fit.min_norm_path(np.insert(F, j, 0.0, axis=1), y, np.insert(Ft, j, 1.0, axis=1), yt)
    assert_close(fit.Path(*(np.delete(field, j) for field in wider)), path, tolerance)
    assert wider.norm[j] == (wider.norm[j - 1] if j > 0 else 0)


@law
@given(problems())
def test_the_last_fit_is_min_norm(problem: tuple[Data, float]) -> None:
    (F, y, Ft, yt), tolerance = problem
    path, a = fit.min_norm_path(F, y, Ft, yt), fit.min_norm(F, y)
    scale = np.mean(yt**2) + np.max(path.test)
    assert abs(path.test[-1] - np.mean((yt - Ft @ a) ** 2)) < tolerance * scale
    assert abs(path.train[-1] - np.mean((y - F @ a) ** 2)) < tolerance * np.mean(y**2)
    assert abs(path.norm[-1] - a @ a) < tolerance * np.max(path.norm)


@law
@given(problems())
def test_train_falls_and_the_norm_falls_once_the_data_are_fitted(problem: tuple[Data, float]) -> None:
    (F, y, Ft, yt), tolerance = problem
    path = fit.min_norm_path(F, y, Ft, yt)
    assert np.all(np.diff(path.train) <= 0)
    assert np.all(path.train[len(y) - 1 :] == 0)
    beyond = path.norm[len(y) - 1 :]
    assert np.all(np.diff(beyond) <= tolerance * beyond[:-1])
