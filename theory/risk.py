"""What theory answers: the risk of a model, and where it comes from."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from theory import notebook
from theory.arguments import Array
from theory.names import own_names

__dir__ = own_names(globals())


class Risk(NamedTuple):
    """Errors of a fitted model; each field is a float or an array of the broadcast shape.

    test = noise + bias + variance, and variance is the sum of the five `var_` fields: the part of the
    error that comes from the training inputs (samples), the random features, their interaction, and
    from label noise through each of them. Several layers of features (`theory.deep_features`) count as one:
    `var_features` is what is left without samples and noise, interactions of layers with one another
    included, and `var_samples_features` and `var_noise_samples_features` are interactions of samples with any
    of the layers. Infinite where the model diverges. Errors are never nan; `df2`, `kappa` and `gamma_eff` are
    where they are not defined: at finite times of `theory.dynamics.gradient_flow` and at the finite sizes of
    `theory.exact`.
    """

    test: Array
    """E (y - f(x))^2 on a fresh noisy sample."""
    train: Array
    """Mean squared residual on the training set, without the penalty."""
    bias: Array
    """Squared error of the predictor averaged over samples, features and noise."""
    variance: Array
    """test - noise - bias."""
    norm: Array
    """E |a|^2 of the fitted coefficients."""
    df: Array
    """E trace of the hat matrix, 0..n."""
    df2: Array
    """sum m (lambda / (lambda + gamma_eff))^2."""
    kappa: Array
    """Effective ridge after samples (and features)."""
    gamma_eff: Array
    """The constant that solves the scalar equation; equals kappa without random features."""
    var_samples: Array
    var_features: Array
    var_samples_features: Array
    var_noise_samples: Array
    var_noise_samples_features: Array

    def to_frame(self, **arguments: ArrayLike) -> Any:
        """The fields as a pandas.DataFrame, a row for each point; needs pandas.

        Parameters
        ----------
        **arguments : array_like
            Columns to stand before the fields: what the risk was computed for, as p=p. They broadcast.

        >>> from theory import Problem, ridge
        >>> frame = ridge(Problem.isotropic(50), n=[20, 30]).to_frame(n=[20, 30])
        >>> frame.shape, list(frame.columns[:3])
        ((2, 15), ['n', 'test', 'train'])
        """
        return notebook.risk_frame(self._asdict(), arguments)

    def plot(self, ax: Any = None, **argument: ArrayLike) -> Any:
        """Test and training error, bias and variance as lines; needs matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure by default.
        **argument : array_like
            What the risk was computed for, by its name, as p=p: the horizontal axis.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return notebook.risk_plot(self._asdict(), argument, ax)

    def _repr_html_(self) -> str:
        return notebook.risk_table(self._asdict())
