"""Training by the solvers of scipy, each network on its own: L-BFGS and gradient flow."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.blas import one_blas_thread
from sims.network import Network, passes
from sims.network.arrays import inputs_of, parameters_of, squeeze, targets_of
from sims.training.descent import Run, mean_loss, steps_to_record
from theory import ConvergenceError
from theory.arguments import integer, non_negative, scalar

Array = NDArray[np.float64]


def lbfgs(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    steps: int = 1000,
    *,
    ridge: float = 0.0,
    tolerance: float = 1e-10,
    record: Sequence[int] | None = None,
    X_test: ArrayLike | None = None,
) -> Run:
    """L-BFGS for `steps` steps, or until no entry of the gradient exceeds `tolerance`.

    `ridge` is the penalty on |theta - start|^2 beside the mean squared error: the loss that is recorded is
    without it. It also ends where rounding leaves no descent. After its last step a network is recorded as
    it stays. `record` and `X_test` are those of `train`.

    >>> from sims.network import start
    >>> network = Network(2, (8,))
    >>> theta = start(network, [np.random.default_rng(0)])
    >>> run = lbfgs(network, theta, [[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0])
    >>> bool(run.loss[-1, 0] < 1e-15)
    True
    """
    from scipy.optimize import OptimizeResult, minimize

    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    Y = targets_of(network, theta, X, y)
    test = None if X_test is None else inputs_of(network, theta, X_test, "X_test")
    steps, ridge = integer("steps", steps, low=0), scalar("ridge", ridge, low=0.0)
    recorded = steps_to_record(record, steps)
    options = {
        "maxiter": steps,
        "gtol": scalar("tolerance", tolerance, low=0.0),
        "ftol": 0.0,
        "maxfun": 10**9,
    }
    history = np.empty((len(recorded), *theta.shape))
    final = theta.copy()

    def fit(b: int, x: Array, target: Array) -> None:
        def objective(row: Array) -> tuple[float, Array]:
            loss, gradient = passes.gradient(network, row[None], x, target)
            moved = row - theta[b]
            return float(loss[0] + ridge / 2 * (moved @ moved)), gradient[0] + ridge * moved

        done = 0

        def follow(intermediate_result: OptimizeResult) -> None:
            nonlocal done
            done += 1
            history[recorded >= done, b] = intermediate_result.x

        history[:, b] = theta[b]
        if steps:
            result = minimize(
                objective, theta[b], jac=True, method="L-BFGS-B", options=options, callback=follow
            )
            final[b] = result.x
            history[recorded >= done, b] = result.x

    with one_blas_thread(), np.errstate(over="ignore", invalid="ignore"):  # in a line search
        for b in range(len(theta)):
            fit(b, *_one(X, Y, b))
        return _run(network, final, recorded, history, X, Y, test)


def flow(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    times: ArrayLike,
    *,
    X_test: ArrayLike | None = None,
    rtol: float = 1e-8,
    atol: float = 1e-10,
    evaluations: int = 100_000,
) -> Run:
    """Gradient flow theta' = -(1/n) J'(f - y) to increasing `times` >= 0.

    By an explicit Runge-Kutta method of order 8: the cost grows with time * lambda_max/n, as that of descent.
    `rtol` and `atol` bound its error per step. Raises ConvergenceError after `evaluations` gradients of one
    network: where relu units slide along a kink (the flow pushes them onto it from both sides) steps shrink
    to nothing. Use `train` with `Descent` of a small step there, which is right to first order in the step.

    >>> from sims.network import start
    >>> network = Network(1, (4,), trained="last", sigma_w2=1.0)
    >>> theta = start(network, [np.random.default_rng(0)])
    >>> flow(network, theta, [[1.0]], [0.0], times=[0.0, 2.0]).loss.shape
    (2, 1)
    """
    from scipy.integrate import solve_ivp

    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    Y = targets_of(network, theta, X, y)
    test = None if X_test is None else inputs_of(network, theta, X_test, "X_test")
    times = non_negative("times", times)
    if times.ndim != 1 or not times.size or (np.diff(times) <= 0).any():
        raise ValueError(f"times = {times} must be a list of increasing times")
    evaluations = integer("evaluations", evaluations, low=1)
    history = np.empty((len(times), *theta.shape))
    with one_blas_thread():
        for b in range(len(theta)):
            x, target = _one(X, Y, b)
            if times[-1] == 0:
                history[:, b] = theta[b]
                continue
            velocity = _Velocity(network, x, target, evaluations, b)
            solution = solve_ivp(
                velocity, (0.0, times[-1]), theta[b], method="DOP853", t_eval=times, rtol=rtol, atol=atol
            )
            if not solution.success:
                raise ConvergenceError(
                    f"gradient flow of network {b} stopped: {solution.message}; loosen rtol"
                )
            history[:, b] = solution.y.T
        return _run(network, history[-1], times, history, X, Y, test)


class _Velocity:
    """-gradient of one network, a limited number of times."""

    def __init__(self, network: Network, x: Array, target: Array, evaluations: int, number: int) -> None:
        self.problem, self.left, self.number = (network, x, target), evaluations, number

    def __call__(self, time: float, row: Array) -> Array:
        if self.left == 0:
            raise ConvergenceError(
                f"gradient flow of network {self.number} used up its evaluations at time {time:.4g}: it"
                " slides along a kink, or is stiff; raise `evaluations`, or take small steps by Descent"
            )
        self.left -= 1
        network, x, target = self.problem
        return -passes.gradient(network, row[None], x, target)[1][0]


def _run(
    network: Network,
    final: Array,
    steps: NDArray[Any],
    history: Array,
    X: Array,
    Y: Array,
    test: Array | None,
) -> Run:
    """Loss and predictions of parameters (K, B, P)."""
    loss = np.array([mean_loss(network, theta, X, Y) for theta in history]).reshape(len(history), len(final))
    if test is None:
        return Run(final.copy(), steps, loss, None)
    f = np.empty((len(history), len(final), test.shape[-2], network.outputs))
    for place, theta in enumerate(history):
        f[place] = passes.predict(network, theta, test)
    return Run(final.copy(), steps, loss, squeeze(network, f))


def _one(X: Array, Y: Array, b: int) -> tuple[Array, Array]:
    """Training set of network b."""
    return X if X.ndim == 2 else X[b], Y[b : b + 1] if len(Y) > 1 else Y
