"""scikit-learn's own checks, and that the estimators are the package's fits."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sims import features, fit
from sims.estimators import (
    MinNormRegressor,
    RandomFeatures,
    RidgelessRandomFeatures,
    SweetSpotClassifier,
    SweetSpotRegressor,
)


@parametrize_with_checks(
    [
        MinNormRegressor(),
        RandomFeatures(),
        RidgelessRandomFeatures(),
        SweetSpotRegressor(),
        SweetSpotClassifier(),
    ]
)
def test_scikit_learn_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def test_it_is_least_squares_below_and_the_limit_of_ridge_beyond() -> None:
    rng = np.random.default_rng(0)
    for n, d in ((50, 10), (10, 50)):
        X, Y = rng.standard_normal((n, d)) + 1, rng.standard_normal((n, 3))
        fitted = MinNormRegressor().fit(X, Y)
        known = LinearRegression().fit(X, Y) if n > d else Ridge(1e-9, solver="svd").fit(X, Y)
        assert np.allclose(fitted.predict(X + 0.1), known.predict(X + 0.1), atol=1e-6)
        assert fitted.coef_.shape == (3, d)
    bare = MinNormRegressor(fit_intercept=False).fit(X, Y)
    assert np.allclose(bare.coef_.T, fit.min_norm(X, Y))
    assert np.all(bare.intercept_ == 0)


def test_features_are_those_of_the_package() -> None:
    X = np.random.default_rng(0).standard_normal((7, 4))
    fitted = RandomFeatures(20, activation="tanh", random_state=3).fit(X)
    assert np.allclose((fitted.weights_**2).sum(axis=1), 4)
    expected = features.random_features(X, fitted.weights_, "tanh") / np.sqrt(20)
    assert np.array_equal(fitted.transform(X), expected)
    assert np.array_equal(clone(fitted).fit_transform(X), expected)


@pytest.mark.parametrize("estimator", [RandomFeatures(), RidgelessRandomFeatures()])
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n_components", "10", r"must be an int in the range \[1, inf\)\. Got '10' instead"),
        ("n_components", 0, r"must be an int in the range \[1, inf\)\. Got 0 instead"),
        ("n_components", 10.0, r"must be an int in the range \[1, inf\)\. Got 10\.0 instead"),
        ("activation", "rleu", r"must be a str among \{.*'relu'.*\} or a callable\. Got 'rleu' instead"),
        ("activation", 3, r"must be a str among .* or a callable\. Got 3 instead"),
        ("random_state", "x", "must be an int in the range .* or None. Got 'x' instead"),
    ],
)
def test_a_wrong_parameter_is_said_by_fit_as_scikit_learn_says_it(
    estimator: Any, name: str, value: Any, message: str
) -> None:
    X = np.random.default_rng(0).standard_normal((30, 4))
    wrong = clone(estimator).set_params(**{name: value})
    said = f"The '{name}' parameter of {type(estimator).__name__} {message}"
    with pytest.raises(ValueError, match=said) as raised:
        wrong.fit(X, X[:, 0])
    # pipelines and searches that catch scikit-learn's own error catch ours
    with pytest.raises(type(raised.value)):
        Ridge(alpha="1").fit(X, X[:, 0])


def test_what_is_no_parameter_is_said_so() -> None:
    X = np.random.default_rng(0).standard_normal((30, 4))
    with pytest.raises(ValueError, match="The 'fit_intercept' parameter of MinNormRegressor must be"):
        MinNormRegressor(fit_intercept="no").fit(X, X[:, 0])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Invalid parameter 'alpha' for estimator RidgelessRandomFeatures"):
        RidgelessRandomFeatures().set_params(alpha=1.0)


def test_double_descent_by_grid_search() -> None:
    """With as many features as samples in a fold the error peaks: the search avoids it on both sides."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((120, 20))
    y = X[:, 0] + 0.5 * rng.standard_normal(120)
    model = make_pipeline(StandardScaler(), RidgelessRandomFeatures(random_state=0))
    widths = [20, 90, 1000]  # 90 samples in training
    search = GridSearchCV(
        model, {"ridgelessrandomfeatures__n_components": widths}, cv=4, scoring="neg_mean_squared_error"
    )
    errors = -search.fit(X, y).cv_results_["mean_test_score"]
    assert errors[1] > 5 * max(errors[0], errors[2])


def test_the_chosen_error_is_that_of_the_pipeline() -> None:
    """Width and alpha are the pipeline's own: refits by scikit-learn have the error told."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 4))
    y = np.abs(X[:, 0]) + 0.1 * rng.standard_normal(60)
    model = SweetSpotRegressor(widths=[10, 50, 200], random_state=0).fit(X, y)
    assert model.n_components_ in (10, 50, 200)
    assert model.error_ <= 1.01 * model.errors_.min()
    F = model.pipeline_[:-1].transform(X)
    ridge = model.pipeline_[-1]
    assert ridge.alpha == model.alpha_ == 60 * model.ridge_
    rest = [np.arange(60) != i for i in range(60)]
    left = [y[i] - clone(ridge).fit(F[kept], y[kept]).predict(F[[i]])[0] for i, kept in enumerate(rest)]
    assert np.isclose(np.mean(np.square(left)), model.error_, rtol=1e-6)
