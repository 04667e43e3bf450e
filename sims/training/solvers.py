"""Training by the solvers of scipy, each network on its own: L-BFGS and gradient flow."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.blas import one_blas_thread
from sims.network import Network, passes
from sims.network.arrays import squeeze
from sims.training.arrays import Array, Arrays, checked, data_of, mean_loss
from sims.training.run import Run
from sims.training.schedule import steps_to_record
from theory import ConvergenceError
from theory.arguments import integer, non_negative, scalar


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

    Use it where the minimum counts and not the way there: it needs far fewer gradients than descent. It also
    ends where rounding leaves no direction of descent; at steps to record after its last, a network is
    recorded as it ended. `ridge` is the penalty on |theta - start|^2 beside the mean squared error; the loss
    that is recorded is without it. `record` and `X_test` are those of `train`.

    >>> from sims.network import start
    >>> network = Network(2, (8,))
    >>> theta = start(network, [np.random.default_rng(0)])
    >>> run = lbfgs(network, theta, [[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0])
    >>> bool(run.loss[-1, 0] < 1e-15)
    True
    """
    arrays = checked(network, theta, X, y, X_test)
    steps, ridge = integer("steps", steps, low=0), scalar("ridge", ridge, low=0.0)
    recorded = steps_to_record(record, steps)
    tolerance = scalar("tolerance", tolerance, low=0.0)
    final, history = arrays.theta.copy(), np.empty((len(recorded), *arrays.theta.shape))
    with one_blas_thread(), np.errstate(over="ignore", invalid="ignore"):  # a line search may overflow
        for b in range(len(final)):
            final[b], history[:, b] = _minimise(arrays, b, steps, ridge, tolerance, recorded)
        return _run(arrays, final, recorded, history)


def _minimise(
    arrays: Arrays, b: int, steps: int, ridge: float, tolerance: float, recorded: NDArray[np.int64]
) -> tuple[Array, Array]:
    """Network b by L-BFGS: its last parameters (P,), and those at the recorded steps (K, P)."""
    from scipy.optimize import OptimizeResult, minimize

    start, (x, y) = arrays.theta[b], data_of(arrays, b)
    history = np.tile(start, (len(recorded), 1))
    if steps == 0:
        return start, history
    done = 0

    def objective(row: Array) -> tuple[float, Array]:
        loss, gradient = passes.gradient(arrays.network, row[None], x, y)
        moved = row - start
        return float(loss[0] + ridge / 2 * (moved @ moved)), gradient[0] + ridge * moved

    def after_step(intermediate_result: OptimizeResult) -> None:
        nonlocal done
        done += 1
        history[recorded >= done] = intermediate_result.x

    options = {"maxiter": steps, "gtol": tolerance, "ftol": 0.0, "maxfun": 10**9}
    result = minimize(objective, start, jac=True, method="L-BFGS-B", options=options, callback=after_step)
    history[recorded >= done] = result.x
    return result.x, history


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

    Solved by an explicit Runge-Kutta method of order 8; its cost grows with time * lambda_max/n, as that of
    descent. `rtol` and `atol` bound its error per step. Use it for smooth activations. Relu units may slide
    along a kink, where the flow pushes them onto it from both sides and steps shrink to nothing:
    ConvergenceError is raised after `evaluations` gradients of one network. Use `train` with `Descent` of a
    small step there, which is right to first order in the step.

    >>> from sims.network import start
    >>> network = Network(1, (4,), trained="last", sigma_w2=1.0)
    >>> theta = start(network, [np.random.default_rng(0)])
    >>> flow(network, theta, [[1.0]], [0.0], times=[0.0, 2.0]).loss.shape
    (2, 1)
    """
    from scipy.integrate import solve_ivp

    arrays = checked(network, theta, X, y, X_test)
    times = non_negative("times", times)
    if times.ndim != 1 or not times.size or (np.diff(times) <= 0).any():
        raise ValueError(f"times = {times} must be a list of increasing times")
    evaluations = integer("evaluations", evaluations, low=1)
    history = np.empty((len(times), *arrays.theta.shape))
    with one_blas_thread():
        for b, start in enumerate(arrays.theta):
            if times[-1] == 0:
                history[:, b] = start
                continue
            velocity = _Velocity(arrays, b, evaluations)
            solution = solve_ivp(
                velocity, (0.0, times[-1]), start, method="DOP853", t_eval=times, rtol=rtol, atol=atol
            )
            if not solution.success:
                raise ConvergenceError(
                    f"gradient flow of network {b} stopped: {solution.message}; loosen rtol"
                )
            history[:, b] = solution.y.T
        return _run(arrays, history[-1], times, history)


class _Velocity:
    """Minus the gradient of one network's loss, a limited number of times."""

    def __init__(self, arrays: Arrays, b: int, evaluations: int) -> None:
        self.network, self.data, self.b, self.left = arrays.network, data_of(arrays, b), b, evaluations

    def __call__(self, time: float, row: Array) -> Array:
        if self.left == 0:
            raise ConvergenceError(
                f"gradient flow of network {self.b} used up its evaluations at time {time:.4g}: it "
                "slides along a kink, or is stiff; raise `evaluations`, or take small steps by Descent"
            )
        self.left -= 1
        return -passes.gradient(self.network, row[None], *self.data)[1][0]


def _run(arrays: Arrays, final: Array, steps: NDArray[Any], history: Array) -> Run:
    """Loss and predictions of the parameters `history` (K, B, P)."""
    network, X_test = arrays.network, arrays.X_test
    loss = np.array([mean_loss(arrays, theta) for theta in history]).reshape(len(history), len(final))
    if X_test is None:
        return Run(final.copy(), steps, loss, None)
    f = np.empty((len(history), len(final), X_test.shape[-2], network.outputs))
    for predictions, theta in zip(f, history, strict=True):
        predictions[...] = passes.predict(network, theta, X_test)
    return Run(final.copy(), steps, loss, squeeze(network, f))
