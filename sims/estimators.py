"""The package's fits as scikit-learn estimators, for pipelines and model selection (extra `data`).

Use `SweetSpotRegressor` or `SweetSpotClassifier` to have the number of random features and the ridge chosen,
`RidgelessRandomFeatures` to see double descent in a model search, `RandomFeatures` to put random features
before another regressor, such as scikit-learn's Ridge, and `MinNormRegressor` for features of your own. For
curves over the number of features `sims.fit.min_norm_path` is faster: it fits all in the time of a few.

>>> from sklearn.pipeline import make_pipeline
>>> from sklearn.preprocessing import StandardScaler
>>> X, y = np.random.default_rng(0).standard_normal((2, 40, 40))
>>> model = make_pipeline(StandardScaler(), RidgelessRandomFeatures(400, random_state=0)).fit(X, y[:, 0])
>>> bool(np.allclose(model.predict(X), y[:, 0]))
True
"""

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MultiOutputMixin, RegressorMixin, TransformerMixin
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelBinarizer, StandardScaler
from sklearn.utils._param_validation import Interval, StrOptions  # scikit-learn has no public door to them
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, check_random_state, validate_data

from sims import features, fit
from theory.activation import NAMES, ActivationLike

Array = NDArray[np.float64]

WIDTHS = 12  # on a geometric grid up to 4 n
RIDGES = 40
SPAN = 1e-8, 1e2  # of alpha, in units of the mean squared length of a row of centred features


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


class _SweetSpot(BaseEstimator):
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "activation": [StrOptions(set(NAMES)), callable],
        "widths": ["array-like", None],
        "excess": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        activation: ActivationLike = "relu",
        widths: Any = None,
        excess: float = 0.01,
        random_state: Any = None,
    ) -> None:
        self.activation = activation
        self.widths = widths
        self.excess = excess
        self.random_state = random_state

    def _choose(self, X: Array, y: Array) -> None:
        """Width and alpha for targets y, and the pipeline fitted with them."""
        seed = int(check_random_state(self.random_state).randint(2**31))
        self.widths_ = self._widths(len(X))
        scaler = StandardScaler().fit(X)
        widest = RandomFeatures(int(self.widths_[-1]), activation=self.activation, random_state=seed)
        features = widest.fit_transform(scaler.transform(X)) * np.sqrt(self.widths_[-1])
        scale = features.var(axis=0).mean()
        self.alphas_ = np.geomspace(*SPAN, RIDGES) * len(X) * (scale if scale > 0 else 1.0)
        Y = y.reshape(len(y), -1)
        squares = np.array(
            [
                (fit.left_out(features[:, :p] / np.sqrt(p), Y, self.alphas_) ** 2).sum(axis=-1)
                for p in self.widths_
            ]
        )
        self.errors_ = squares.mean(axis=-1)
        least = self.errors_.min(axis=1)
        row = int(np.argmax(least <= (1 + self.excess) * least.min()))
        column = int(self.errors_[row].argmin())
        self.n_components_, self.alpha_ = int(self.widths_[row]), float(self.alphas_[column])
        self.ridge_ = self.alpha_ / len(X)
        self.error_, self.error_se_ = float(self.errors_[row, column]), _standard_error(squares[row, column])
        self.pipeline_: Pipeline = make_pipeline(
            StandardScaler(),
            RandomFeatures(self.n_components_, activation=self.activation, random_state=seed),
            Ridge(self.alpha_),
        ).fit(X, y)

    def _widths(self, n: int) -> NDArray[np.int64]:
        if self.widths is None:
            return np.unique(np.geomspace(min(10, 4 * n), 4 * n, WIDTHS).round().astype(int))
        widths = np.unique(np.asarray(self.widths))
        if widths.ndim != 1 or len(widths) == 0 or widths.dtype.kind not in "iu" or widths[0] < 1:
            raise ValueError(f"widths = {self.widths!r} must be whole numbers >= 1, at least one")
        return widths


class SweetSpotRegressor(MultiOutputMixin, RegressorMixin, _SweetSpot):
    """Ridge regression on random features, of the smallest width that is nearly as good as the best.

        (p, alpha) = argmin over widths and ridges of mean_i (y_i - f_i(x_i))^2

    where f_i is fitted without row i, on p features as in `RandomFeatures`; the errors are exact for the
    features that are drawn, with an intercept, and need no refit. Use `pipeline_` to keep the fit without
    this class, and `error_` with `error_se_` to see what to expect of new rows: the standard error is that of
    a mean over rows and knows neither the choice nor rows unlike these. Several targets share one width and
    ridge; standardise them if their units differ.

    Parameters
    ----------
    activation, random_state
        As for RandomFeatures.
    widths : array of int, optional
        The numbers of features to choose from, by default 12 from 10 to 4 n.
    excess : float >= 0
        By how much of the least error the error of the chosen width may exceed it.

    Attributes
    ----------
    n_components_ : int
    alpha_ : float
        The penalty of scikit-learn's Ridge, beside the sum of squares ...
    ridge_ : float
        ... and the same beside their mean: alpha/n.
    error_, error_se_ : float
        Leave-one-out error of the chosen fit, summed over targets, and its standard error over rows.
    widths_ : array (widths,)
    alphas_ : array (ridges,)
    errors_ : array (widths, ridges)
    pipeline_ : Pipeline of StandardScaler, RandomFeatures and Ridge

    Source: [golub1979] for the shortcut; the choice is direct.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((60, 3))
    >>> SweetSpotRegressor(random_state=0).fit(X, X[:, 0]).score(X, X[:, 0]) > 0.99
    True
    """

    def fit(self, X: Any, y: Any) -> "SweetSpotRegressor":
        self._validate_params()
        X, y = validate_data(
            self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2
        )
        self._choose(X, np.asarray(y, dtype=float))
        return self

    def predict(self, X: Any) -> Array:
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        predicted: Array = self.pipeline_.predict(X)
        return predicted


class SweetSpotClassifier(ClassifierMixin, _SweetSpot):
    """Classes by least squares on random features, of the smallest width that is nearly as good as the best.

    Targets are -1 and 1 for two classes, else one column of -1 and 1 to a class, as in scikit-learn's
    RidgeClassifier; width and ridge are chosen for their squared error as in `SweetSpotRegressor`, which see
    for parameters and attributes. `error_` is that squared error, summed over the columns.

    Attributes
    ----------
    classes_ : array (classes,)

    Source: as SweetSpotRegressor.

    >>> X = np.random.default_rng(0).standard_normal((80, 3))
    >>> SweetSpotClassifier(random_state=0).fit(X, X[:, 0] > 0).score(X, X[:, 0] > 0) > 0.9
    True
    """

    def fit(self, X: Any, y: Any) -> "SweetSpotClassifier":
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(y)
        coding = LabelBinarizer(neg_label=-1).fit(y)
        self.classes_ = coding.classes_
        if len(self.classes_) < 2:
            raise ValueError(f"y has one class, {self.classes_[0]!r}; a classifier needs two or more")
        Y = coding.transform(y).astype(float)
        self._choose(X, Y[:, 0] if len(self.classes_) == 2 else Y)
        return self

    def decision_function(self, X: Any) -> Array:
        """The fitted targets: (rows,) for two classes, else (rows, classes)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        score: Array = self.pipeline_.predict(X)
        return score

    def predict(self, X: Any) -> NDArray[Any]:
        score = self.decision_function(X)
        chosen = (score > 0).astype(int) if score.ndim == 1 else score.argmax(axis=1)
        predicted: NDArray[Any] = self.classes_[chosen]
        return predicted


def _standard_error(squares: Array) -> float:
    """Of their mean; inf where one of them is."""
    return float(squares.std(ddof=1) / np.sqrt(len(squares))) if np.isfinite(squares).all() else np.inf
