"""Two-layer networks of growing width, all weights trained, against infinite width [adlam2020ntk]."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import theory
from sims import features
from sims.experiments.descent_models.model import Model, Prediction, Setting
from theory import kernel
from theory.papers import adlam2020ntk

Array = NDArray[np.float64]
Points = NDArray[np.int64]


def _network_kernel(setting: Setting) -> Callable[[Array], Array]:
    """The tangent kernel as a function of the cosine: it does not depend on d for |x|^2 = d."""

    def function(t: Array) -> Array:
        z = np.sqrt(2) * np.stack([t, np.sqrt((1 - t) * (1 + t))], axis=1)
        return kernel.ntk(np.array([np.sqrt(2), 0.0]), z, 1, setting.activation, 1.0)

    return function


def _network_theory(setting: Setting, p: Array) -> Prediction:
    problem = theory.Problem.from_kernel_on_sphere(
        _network_kernel(setting), setting.d, [0.0, setting.signal], setting.noise
    )
    risk = theory.ridge(problem, setting.n, setting.ridge)
    return Prediction(
        np.full_like(p, risk.test),
        np.full_like(p, np.inf),
        exact=False,
        delta=1 - risk.df2 / setting.n,
        width=setting.n / p,
    )


def _network_limit(setting: Setting, p: Array) -> Array:
    width = p / (setting.d + 1)
    return adlam2020ntk.risk(
        setting.d / setting.n,
        setting.d / width,
        setting.n * setting.ridge,
        setting.activation,
        signal=setting.signal,
        noise=setting.noise,
    ).test


def _network_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    """Networks of every width on one data set, with the kernel machine as a control variate.

    The error of the kernel machine on the same labels is replaced by its mean over labels: that leaves the
    mean as it is, and takes away most of the spread, which network and kernel machine share.
    """
    from sims.network import Network, start  # a tenth of a second that other models do not wait for
    from sims.training.solvers import lbfgs

    n, d, held_out = setting.n, setting.d, 1000
    X, fresh = features.sphere(n, d, rng), features.sphere(held_out, d, rng)
    beta, e = rng.standard_normal(d), rng.standard_normal(n)
    beta *= np.sqrt(setting.signal) / np.linalg.norm(beta)
    y, truth = X @ beta + np.sqrt(setting.noise) * e, fresh @ beta
    gram = kernel.ntk(np.concatenate([X, fresh]), X, 1, setting.activation, 1.0)
    hat = np.linalg.solve(gram[:n] + n * setting.ridge * np.eye(n), gram[n:].T).T
    lost = np.sqrt(setting.signal / d) * (fresh - hat @ X)
    control = ((lost**2).sum() + setting.noise * (hat**2).sum()) / held_out - np.mean((truth - hat @ y) ** 2)
    risks = []
    for p in points:
        network = Network(
            d, (int(p) // (d + 1),), activation=setting.activation, sigma_w2=1.0, symmetric=True
        )
        # the condition of the objective is about 1/ridge, and L-BFGS needs the root of it
        steps = int(100 + 5 / np.sqrt(setting.ridge))
        theta = start(network, rng.spawn(1))
        run = lbfgs(network, theta, X, y, steps, ridge=setting.ridge, tolerance=1e-6, X_test=fresh)
        assert run.test is not None
        risks.append(setting.noise + np.mean((truth - run.test[-1, 0]) ** 2) + control)
    return np.array(risks)


NETWORK = Model(
    "y = <beta, x> + noise, f(x) = N^-1/2 sum_j a_j s(<w_j, x>/sqrt d), x on the sphere of R^d; all "
    "p = N (d + 1) weights trained from f = 0, theory of infinite width",
    "adlam2020ntk",
    _network_theory,
    _network_limit,
    _network_trial,
    lambda setting: 2 * (setting.d + 1),  # symmetric networks have pairs of units
)
