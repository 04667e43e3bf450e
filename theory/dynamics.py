"""Training over time: the risk along gradient flow on least squares, and wide networks near their start.

The flow is that on half the mean squared error; gradient descent with step eta on the same objective is at
time eta k after k steps. For least squares, beta' = X'(y - X beta)/n from 0: early stopping and epoch-wise
double descent; time t corresponds to a ridge of about 1/t. A wide network moves as its linearisation, with
the tangent kernel in the place of XX'.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent, kernel
from theory.activation import ActivationLike
from theory.arguments import Array, between, broadcast, non_negative, option, positive, scalar, whole_or_inf
from theory.engines import flow_curve, lazy
from theory.engines.gram import points
from theory.engines.modes import log_factor, shrink
from theory.engines.spectral import no_tail, unlearnable
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())


def gradient_flow(problem: Problem, n: ArrayLike, time: ArrayLike) -> Risk:
    """Risk of least squares on n samples by gradient flow, stopped at `time`.

    Given X the flow is at beta(t) = X^+ (I - e^(-t XX'/n)) y. With a_i the average of e^-tC in level
    i, C = X'X/n, and e = noise + u, u the power in eigenvalues 0 and in `tail_power`:

        bias = u + sum v^2 a^2,   gain = tr [C^+ (I - e^(-t C))^2 Sigma]/n,
        test = e + sum v^2 (average of e^(-t C) Sigma e^(-t C)/lambda) + e gain.

    A limit n -> infinity with relative error O(1/n).

    Use it for the mean error along training of a problem; `linearised_network` and `kernel_residual` follow
    the predictions on given data.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    n : array_like > 0
        Samples; need not be whole, may be inf.
    time : array_like >= 0
        0 is the start, inf the minimum-norm solution `theory.ridge(problem, n)`.

    Returns
    -------
    Risk; `df2`, `kappa` and `gamma_eff` are nan at finite times, where they are not defined. At time
    inf, `test`, `variance` and `norm` are inf for n = rank unless all is noiseless. Errors are good to
    12 digits of the total power, not of themselves where they have decayed below it.

    Raises
    ------
    ValueError
        n <= 0, a negative or nan time, a tail.
    ConvergenceError
        A root was not found (never seen; please report the problem).

    Source: one level [ali2019, Thm 5†]; [advani2020]; several levels own
    derivation from the resolvents of the sample covariance.

    >>> problem = Problem([1.0, 0.01], [1.0, 1.0], [665, 35], noise=0.3)  # up, then down: two descents
    >>> gradient_flow(problem, n=1000, time=[0, 1, 32, 1024, np.inf]).test.round(4)
    array([2.3   , 1.8501, 3.0486, 1.0021, 1.    ])
    """
    return flow_curve.curve(problem, n, time)


def gradient_flow_gcv(problem: Problem, n: ArrayLike, time: ArrayLike) -> Array:
    """Limit of generalised cross-validation along gradient flow: not the test error.

    train/(1 - df/n)^2. Unlike for ridge regression it misses the test error; for n < rank it grows
    without bound, as t^(3/2), while the test error settles.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    n : array_like > 0
        Samples; may be inf.
    time : array_like >= 0
        At inf, where the score is 0/0 for n <= rank, the score of the minimum-norm solution as the
        limit of ridge regression: its test error.

    Returns
    -------
    array; inf at n = rank and time inf unless all is noiseless.

    Raises
    ------
    ValueError
        n <= 0, a negative or nan time, a tail.

    Source: [patil2024, Thm 2†].

    >>> problem = Problem.isotropic(p=50, signal=2.0, noise=1.0)
    >>> float(gradient_flow_gcv(problem, n=100, time=4.0).round(5))
    1.70575
    >>> float(gradient_flow(problem, n=100, time=4.0).test.round(5))
    1.63092
    """
    no_tail(problem, "gradient flow")
    n, time = broadcast(n=positive("n", n), time=non_negative("time", time, finite=False))
    score, ended = np.empty(n.shape), np.isinf(time)
    score[ended] = [equivalent.ridge(problem, size).test for size in n[ended]]
    flow = flow_curve.averages(problem, n[~ended], time[~ended])
    train = flow.train_signal + (problem.noise + unlearnable(problem)) * flow.train_noise
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # at the end of the range of floats both underflow, while the score has no bound
        score[~ended] = np.where(flow.gap > 0, train / flow.gap / flow.gap, np.inf)
    return score[()]


class Prediction(NamedTuple):
    """Outputs of an ensemble of networks at the test inputs (last axes), over their random starts."""

    mean: Array
    variance: Array
    covariance: Array


def linearised_network(
    X: ArrayLike,
    y: ArrayLike,
    X_test: ArrayLike,
    time: ArrayLike,
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
    trained: str = "all",
    step: float | None = None,
    noise: float = 0.0,
    momentum: float = 0.0,
) -> Prediction:
    """Predictions of infinitely wide networks after gradient flow or descent, over their random starts.

    With A(t) = Theta_*X H^-1 (I - e^(-H t/n)), H = Theta + noise I: mean = A y, covariance =
    K_** + A (K + noise I) A' - (A K_X* + its transpose); K is `theory.kernel.nngp`, Theta is
    `theory.kernel.ntk`, or K itself where only the read-out is trained. Descent has (I - step H/n)^(t/step)
    in the place of the exponential; with momentum mu it has r_(k+1) = (1 + mu - step H/n) r_k - mu r_(k-1).

    Parameters
    ----------
    X : (n, d) array_like
    y : (n,) or (n, k) array_like
        Labels of one output or of k; the outputs of wide networks are independent.
    X_test : (m, d) array_like
    time : array_like >= 0
        Time of the flow on half the mean squared error; 0 is the start, inf the end.
    depth : int >= 1
        Hidden layers.
    activation : str or callable
    sigma_w2, sigma_b2 : float >= 0
    trained : "all" or "last"
        All layers, or the read-out alone. At time inf "last" is the posterior of a Gaussian process; "all" is
        no posterior.
    step : float > 0, optional
        Learning rate of gradient descent, below `critical_step`; `time` is step times the number of steps.
        None is the flow.
    noise : float >= 0
        Observation noise: parameters are drawn to their start, by a penalty noise/n on the squared distance,
        and every network has label noise of its own. That samples the posterior of a Gaussian process with
        this variance of the labels (`trained="last"`, time inf), of the outputs without their noise.
    momentum : float in [0, 1)
        mu of the heavy ball, for descent with a `step`; the first step has none. Small steps are the flow at
        time/(1 - mu).

    Returns
    -------
    Prediction(mean, variance, covariance) of shapes (m,) or (m, k), (m,), (m, m) after those of `time`;
    variance and covariance are those of each output. Modes of eigenvalue 0 never move: repeated inputs
    with two labels end at their mean.

    Warns
    -----
    SingularKernelWarning
        Distinct inputs whose kernel is singular to rounding, as for smooth activations in few dimensions, at
        a time when the modes that are lost would have moved: training inputs are not interpolated. Noise
        makes them move as they should.

    Source: [lee2019, Eq. 13-16†]; [jacot2018]; with noise own derivation, at the end [lee2018].

    >>> end = linearised_network([[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0], [[1.0, 0.0], [1.0, 1.0]], np.inf)
    >>> end.mean.round(6), end.variance.round(6)
    (array([1., 0.]), array([0.      , 0.270349]))
    """
    inputs, fresh = points("X", X), points("X_test", X_test)
    if inputs.ndim != 2 or fresh.ndim != 2:
        raise ValueError(f"X has shape {inputs.shape} and X_test {fresh.shape}; pass (n, d) and (m, d)")
    option("trained", trained, "all", "last")
    labels = lazy.labels(y, len(inputs), outputs=True)
    moment, own = non_negative("time", time, finite=False), scalar("noise", noise, low=0.0)
    network = depth, activation, sigma_w2, sigma_b2
    K, cross_K = kernel.nngp(inputs, None, *network), kernel.nngp(fresh, inputs, *network)
    theta, cross = K, cross_K
    if trained == "all":
        theta, cross = kernel.ntk(inputs, None, *network), kernel.ntk(fresh, inputs, *network)
    n = len(labels)
    noisy = own * np.eye(n)
    distinct = len(np.unique(inputs, axis=0))
    values, vectors = lazy.modes("the kernel of X", theta + noisy, moment, distinct)
    # (1 - e^(-lambda t/n))/lambda of every mode, or what descent has in its place
    gain = lazy.gained(values / n, moment, step, momentum) / n
    A = (cross @ vectors * gain[..., None, :]) @ vectors.T
    crossed = A @ cross_K.T
    covariance = kernel.nngp(fresh, None, *network) + A @ (K + noisy) @ np.swapaxes(A, -1, -2)
    covariance = covariance - (crossed + np.swapaxes(crossed, -1, -2))
    # what is left of a variance that has gone is rounding
    variance = np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0.0)
    return Prediction(A @ labels, variance, covariance)


def kernel_residual(gram: ArrayLike, y: ArrayLike, time: ArrayLike) -> Array:
    """Residual of kernel gradient flow from the prediction 0: e^(-G t/n) y.

    The limit of small steps; use `kernel_descent` for a step of given size.

    Parameters
    ----------
    gram : (n, n) array_like
        Symmetric positive semi-definite, not divided by n.
    y : (n,) array_like
    time : array_like >= 0
        Time of the flow on half the mean squared error; inf leaves the projection on the null space.

    Returns
    -------
    array of shape time.shape + (n,)

    Warns
    -----
    SingularKernelWarning
        Modes below rounding count as 0 and stay, though by the time asked for they would have moved. Silent
        where equal rows explain the rank, or no eigenvalue lies near the cut-off.

    Source: [jacot2018, Sec. 5†]; direct calculation.

    >>> kernel_residual([[2.0, 0.0], [0.0, 0.0]], [1.0, 1.0], time=[0.0, 1.0, np.inf]).round(6)
    array([[1.      , 1.      ],
           [0.367879, 1.      ],
           [0.      , 1.      ]])
    """
    moment = non_negative("time", time, finite=False)
    values, vectors = lazy.modes("gram", gram, moment)
    labels = lazy.labels(y, len(values))
    return (lazy.left(values / len(values), moment) * (labels @ vectors)) @ vectors.T


def kernel_descent(gram: ArrayLike, y: ArrayLike, step: ArrayLike, steps: ArrayLike) -> Array:
    """Residual of kernel gradient descent from the prediction 0: (I - step G/n)^k y.

    Converges for step < `critical_step`; every mode falls monotonically up to half of it.

    Parameters
    ----------
    gram : (n, n) array_like
        Symmetric positive semi-definite, not divided by n.
    y : (n,) array_like
    step : array_like > 0
        Step of gradient descent on half the mean squared error.
    steps : array_like of whole numbers >= 0
        k; may be inf.

    Returns
    -------
    array of the broadcast shape of step and steps + (n,); inf where descent diverges, nan for steps inf at
    the critical step, where it swings for ever.

    Warns
    -----
    SingularKernelWarning
        Modes below rounding count as 0 and stay, though by the time asked for they would have moved. Silent
        where equal rows explain the rank, or no eigenvalue lies near the cut-off.

    Source: direct calculation; [lee2019] for the step.

    >>> kernel_descent([[2.0, 0.0], [0.0, 1.0]], [1.0, 1.0], step=1.0, steps=[0, 1, 2])
    array([[1.  , 1.  ],
           [0.  , 0.5 ],
           [0.  , 0.25]])
    """
    size, count = broadcast(step=positive("step", step, finite=True), steps=whole_or_inf("steps", steps))
    values, vectors = lazy.modes("gram", gram, size * count)
    labels = lazy.labels(y, len(values))
    e, count = size[..., None] * values / len(values), count[..., None]
    sign = np.where((e > 1) & (np.mod(np.where(np.isinf(count), 0.0, count), 2) == 1), -1.0, 1.0)
    swinging = np.isinf(count) & (e > 1) & (log_factor(e) == 0)
    modes = labels @ vectors
    with np.errstate(invalid="ignore", over="ignore"):
        residual = np.where(modes == 0, 0.0, sign * shrink(e, count) * modes)
        return np.where(swinging & (modes != 0), np.nan, residual) @ vectors.T


def critical_step(gram: ArrayLike, momentum: float = 0.0) -> float:
    """Step beyond which gradient descent on half the mean squared error diverges: 2 (1 + mu) n/lambda_max.

    Parameters
    ----------
    gram : (n, n) array_like
        Symmetric positive semi-definite, not divided by n. With observation noise add it to the diagonal.
    momentum : float in [0, 1)
        mu of the heavy ball.

    Returns
    -------
    float; inf for a matrix of zeros.

    Source: direct calculation; [lee2019] for the summed loss.

    >>> critical_step([[2.0, 0.0], [0.0, 1.0]])
    2.0
    """
    values, _ = lazy.modes("gram", gram)
    ball = float(between("momentum", scalar("momentum", momentum), 0, 1, "[)"))
    return float(2 * (1 + ball) * len(values) / values[-1]) if values[-1] > 0 else np.inf
