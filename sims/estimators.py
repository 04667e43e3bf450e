"""The package's fits as scikit-learn estimators, for pipelines and model selection (extra `data`).

Use `RidgelessRandomFeatures` to see double descent in a model search, `RandomFeatures` to put random features
before another regressor, such as scikit-learn's Ridge, and `MinNormRegressor` for features of your own. For
curves over the number of features `sims.fit.min_norm_path` is faster: it fits all in the time of a few.

>>> from sklearn.pipeline import make_pipeline
>>> from sklearn.preprocessing import StandardScaler
>>> X, y = np.random.default_rng(0).standard_normal((2, 40, 40))
>>> model = make_pipeline(StandardScaler(), RidgelessRandomFeatures(400, random_state=0)).fit(X, y[:, 0])
>>> bool(np.allclose(model.predict(X), y[:, 0]))
True
"""

from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin, TransformerMixin
from sklearn.utils._param_validation import Interval, StrOptions  # scikit-learn has no public door to them
from sklearn.utils.validation import check_is_fitted, check_random_state, validate_data

from sims import features, fit
from theory.activation import NAMES, ActivationLike

Array = NDArray[np.float64]

_MIN_NORM: dict[str, list[Any]] = {"fit_intercept": ["boolean"]}
_RANDOM_FEATURES: dict[str, list[Any]] = {
    "n_components": [Interval(Integral, 1, None, closed="left")],
    "activation": [StrOptions(set(NAMES)), callable],
    "random_state": ["random_state"],
}


class MinNormRegressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """Least squares of smallest norm: the limit of ridge regression as the ridge goes to 0, for any shape.

        a = argmin |a| among the minimisers of |y - X a|^2

    With fewer features than samples this is ordinary least squares, with more it fits the data exactly. Its
    test error peaks in between; use scikit-learn's Ridge there if the error counts, for a ridge flattens it.

    Parameters
    ----------
    fit_intercept : bool
        Whether to centre X and y first; the intercept does not count in the norm.

    Attributes
    ----------
    coef_ : array (d,) or (targets, d)
    intercept_ : float or array (targets,)

    Source: [hastie2022, Eq. 1†].

    >>> MinNormRegressor(fit_intercept=False).fit([[1.0, 1.0]], [2.0]).coef_.round(12)
    array([1., 1.])
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _MIN_NORM

    def __init__(self, *, fit_intercept: bool = True) -> None:
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any) -> "MinNormRegressor":
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        y = np.asarray(y, dtype=float)
        middle, level = (
            (X.mean(axis=0), y.mean(axis=0)) if self.fit_intercept else (np.zeros(X.shape[1]), 0.0)
        )
        coefficients = fit.min_norm(X - middle, y - level)
        self.coef_ = coefficients.T
        self.intercept_ = level - middle @ coefficients
        return self

    def predict(self, X: Any) -> Array:
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        predicted: Array = X @ self.coef_.T + self.intercept_
        return predicted


class RandomFeatures(TransformerMixin, BaseEstimator):
    """Random features: the activations of one hidden layer that is not trained.

        h_j(x) = activation(<w_j, x>/sqrt d)/sqrt p,   w_j uniform on the sphere of radius sqrt d in R^d

    Inputs should have entries of size about 1, as behind a StandardScaler. The more features, the closer is
    their product h(x)'h(z) to the kernel of an infinitely wide layer.

    Parameters
    ----------
    n_components : int >= 1
        Number of features, p.
    activation : str or callable
        A name that theory.activation knows, or a vectorised function.
    random_state : int, RandomState or None
        Seed of the weights.

    Attributes
    ----------
    weights_ : array (p, d)

    Source: [mei2022, Sec. 1.1†].

    >>> RandomFeatures(3, random_state=0).fit_transform([[1.0, 2.0]]).shape
    (1, 3)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _RANDOM_FEATURES

    def __init__(
        self, n_components: int = 100, *, activation: ActivationLike = "relu", random_state: Any = None
    ) -> None:
        self.n_components = n_components
        self.activation = activation
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> "RandomFeatures":
        self._validate_params()
        X = validate_data(self, X, dtype=np.float64)
        seed = check_random_state(self.random_state).randint(2**31)
        self.weights_ = features.sphere(self.n_components, X.shape[1], np.random.default_rng(seed))
        return self

    def transform(self, X: Any) -> Array:
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return features.random_features(X, self.weights_, self.activation) / np.sqrt(self.n_components)

    @property
    def _n_features_out(self) -> int:
        return self.n_components

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the features: randomfeatures0, randomfeatures1, and so on."""
        check_is_fitted(self)
        return np.array([f"randomfeatures{i}" for i in range(self.n_components)], dtype=object)


class RidgelessRandomFeatures(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """Minimum-norm least squares on random features: the model of double descent in n_components.

    The test error peaks where n_components is near the number of training samples; choose far more, or fewer.
    It has no ridge; for one use make_pipeline(RandomFeatures(...), sklearn.linear_model.Ridge(alpha)).

    Parameters
    ----------
    n_components, activation, random_state
        As for RandomFeatures.
    fit_intercept : bool
        As for MinNormRegressor.

    Attributes
    ----------
    features_ : RandomFeatures
    regressor_ : MinNormRegressor

    Source: [mei2022, Eq. 3†].

    >>> X = np.random.default_rng(0).standard_normal((20, 3))
    >>> RidgelessRandomFeatures(200, random_state=0).fit(X, X[:, 0]).score(X, X[:, 0])
    1.0
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _RANDOM_FEATURES | _MIN_NORM

    def __init__(
        self,
        n_components: int = 100,
        *,
        activation: ActivationLike = "relu",
        fit_intercept: bool = True,
        random_state: Any = None,
    ) -> None:
        self.n_components = n_components
        self.activation = activation
        self.fit_intercept = fit_intercept
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> "RidgelessRandomFeatures":
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        self.features_ = RandomFeatures(
            self.n_components, activation=self.activation, random_state=self.random_state
        ).fit(X)
        self.regressor_ = MinNormRegressor(fit_intercept=self.fit_intercept).fit(
            self.features_.transform(X), y
        )
        return self

    def predict(self, X: Any) -> Array:
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self.regressor_.predict(self.features_.transform(X))
