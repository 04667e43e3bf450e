"""The fits that are recommended as pipelines of scikit-learn, and as text to paste."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NAMES = ("relu", "fourier", "linear")
"""Families of random features that scikit-learn's users can paste."""


class Family(NamedTuple):
    """Random features of one kind, with one seed."""

    name: str
    """One of NAMES."""
    bandwidth: float
    """Of fourier."""
    seed: int

    @property
    def gamma(self) -> float:
        """The bandwidth as scikit-learn has it."""
        return 1 / (2 * self.bandwidth**2)

    @property
    def activation(self) -> str:
        """Of the features that are no waves."""
        return "identity" if self.name == "linear" else self.name


def features(family: Family, width: int) -> Any:
    """The transformer that draws the features, divided by the root of their number; not fitted."""
    if family.name == "fourier":
        from sklearn.kernel_approximation import RBFSampler

        return RBFSampler(gamma=family.gamma, n_components=width, random_state=family.seed)
    from sims.estimators import RandomFeatures

    return RandomFeatures(width, activation=family.activation, random_state=family.seed)


def random_features(family: Family, width: int, alpha: float) -> Any:
    """Scaled columns, random features, ridge with an intercept; not fitted."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), features(family, width), Ridge(alpha=alpha))


def linear(alpha: float) -> Any:
    """Scaled columns, ridge with an intercept; not fitted."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), Ridge(alpha=alpha))


def text(model: Any) -> str:
    """The lines that build a pipeline and fit it.

    >>> print(text(linear(0.5)).splitlines()[-2])
    model = make_pipeline(StandardScaler(), Ridge(alpha=0.5))
    """
    steps = [step for _, step in model.steps]
    sources = {
        type(step).__name__: ".".join(
            part for part in type(step).__module__.split(".") if not part.startswith("_")
        )
        for step in steps
    }
    imports = sorted(f"from {module} import {name}" for name, module in sources.items())
    made = ", ".join(" ".join(repr(step).split()) for step in steps)
    return "\n".join(
        [
            *imports,
            "from sklearn.pipeline import make_pipeline",
            f"model = make_pipeline({made})",
            "model.fit(X, y)",
        ]
    )
