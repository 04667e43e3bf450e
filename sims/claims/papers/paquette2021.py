"""Stochastic gradient descent on least squares: exact risks, critical steps, the price of a constant step."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import streams
from sims.experiments.two_levels import two_levels
from sims.rules import Sgd
from theory import Problem, sgd
from theory.papers import ali2019, paquette2021


def _problem(s: Settings) -> Problem:
    """Fast and slow coordinates of one power each."""
    return two_levels(s.fast, s.slow, s.noise)


def _stops(s: Settings) -> list[int]:
    return [s.steps // 4, s.steps]


def _stream(s: Settings, rng: np.random.Generator) -> Array:
    aim, rule = streams.target(_problem(s)), Sgd(s.step, s.batch)
    return np.mean([streams.one_pass(aim, rule, _stops(s), rng) for _ in range(s.runs)], axis=0)


def _stepped(s: Settings, curvature: float) -> Array:
    """The recursion with `curvature` in the place of 1 + 1/batch."""
    problem = _problem(s)
    lam, m, u, errors = problem.eigenvalues, problem.multiplicity, problem.power, []
    for t in range(1, s.steps + 1):
        noise = (s.step * lam) ** 2 * m / s.batch * (u.sum() + s.noise)
        u = u * (1 - 2 * s.step * lam + curvature * (s.step * lam) ** 2) + noise
        if t in _stops(s):
            errors.append(s.noise + u.sum())
    return np.array(errors)


one_pass = Claim(
    statement="The mean test error of stochastic gradient descent on fresh Gaussian rows is known exactly "
    "after any number of steps, for every batch, step and number of features.",
    formula="u_i <- u_i [1 - 2 s lam_i + s^2 (1 + 1/B) lam_i^2] + (s^2/B) m_i lam_i^2 (sum u + noise), "
    "test = noise + sum u, u_i the error in level i",
    source="[paquette2021†] in high dimension; exact at finite size by own derivation",
    kind="exact",
    theme="sgd-moments",
    defaults={"fast": 2, "slow": 8, "noise": 0.3, "step": 0.12, "batch": 1, "steps": 24, "runs": 16},
    simulated="runs on fresh Gaussian rows; the mean of their exact test errors after a quarter of the steps "
    "and after all of them",
    trial=_stream,
    theory=lambda s: sgd.one_pass(_problem(s), s.step, _stops(s), s.batch).test,
    labels=("a quarter of the steps", "all steps"),
    trials=800,
    quick=400,
    sabotage={
        "what a batch adds to its mean in its own level dropped: 1 for 1 + 1/B": lambda s: _stepped(s, 1.0),
        "one step less": lambda s: (
            sgd.one_pass(_problem(s), s.step, [t - 1 for t in _stops(s)], s.batch).test
        ),
        "gradient descent on the population": lambda s: (
            sgd.one_pass(_problem(s), s.step, _stops(s), np.inf).test
        ),
    },
)


def _batch_moments(s: Settings, rng: np.random.Generator) -> Array:
    """Means over 16 batches and directions e of e'Ae and |Ae|^2, A = X'X/B."""
    X = rng.standard_normal((16, s.batch, s.p))
    A = np.swapaxes(X, 1, 2) @ X / s.batch
    return np.array([np.einsum("kii->", A), np.sum(A**2)]) / (16 * s.p)


critical_step = Claim(
    statement="For isotropic Gaussian rows the mean error of stochastic gradient descent shrinks up to the "
    "step 2B/(B + p + 1): small batches limit the step in proportion to B, and from B = p + 1 on larger ones "
    "gain less than twice.",
    formula="E |e - s X'X e/B|^2 = |e|^2 (1 - 2s + s^2 (B + p + 1)/B) = |e|^2 at s = 2B/(B + p + 1)",
    source="own derivation, exact; in high dimension [paquette2021, Thm 2†]",
    kind="exact",
    defaults={"p": 6, "batch": 3},
    simulated="batches of Gaussian rows; the step at which the mean squared error of a step on labels "
    "without noise stays the same, from the means of e'Ae and |Ae|^2, A = X'X/B",
    trial=_batch_moments,
    statistic=lambda s, mean: 2 * mean[0] / mean[1],
    theory=lambda s: sgd.critical_step(Problem.isotropic(s.p), s.batch),
    trials=4000,
    quick=1000,
    sabotage={
        "p for p + 1": lambda s: 2 * s.batch / (s.batch + s.p),
        "B - 1 for B + 1": lambda s: 2 * s.batch / (s.batch + s.p - 1),
        "2 over the largest eigenvalue": lambda s: 2.0,
        "2 over the trace": lambda s: 2 / s.p,
    },
    exercise=Exercise(
        question="Up to which step does stochastic gradient descent, w <- w + (step/B) sum x (y - x.w) over "
        "a batch of B = `batch` fresh rows of p independent standard normal features, shrink its mean "
        "squared error, exactly? For A = X'X/B the mean of A^2 is what counts.",
        answer="2*batch/(batch + p + 1)",
        elsewhere={"p": 3, "batch": 8},
        limit="2*batch/(batch + p)",
    ),
)


def _steady(s: Settings, rng: np.random.Generator) -> float:
    """Mean test error once the start is forgotten."""
    problem = Problem.isotropic(s.p, noise=s.noise)
    return float(
        streams.one_pass(
            streams.target(problem), Sgd(s.step, s.batch), range(s.start, s.start + s.steps, 4), rng
        ).mean()
    )


steady_state = Claim(
    statement="With a constant step stochastic gradient descent never reaches the noise level: its error "
    "settles at the noise times 1/(1 - S), where S grows with the step and diverges at the critical one.",
    formula="test -> noise/(1 - S), S = sum_i (s/B) m_i lam_i/(2 - s (1 + 1/B) lam_i); "
    "isotropic: S = s p/(2B - s (B + 1))",
    source="own derivation, exact; in high dimension [paquette2021, Thm 2†]",
    kind="exact",
    defaults={"p": 8, "batch": 2, "step": 0.2, "noise": 0.5, "start": 80, "steps": 400},
    simulated="a run on fresh isotropic Gaussian rows, long after its start; its test error, averaged over "
    "steps",
    trial=_steady,
    theory=lambda s: sgd.one_pass(Problem.isotropic(s.p, noise=s.noise), s.step, np.inf, s.batch).test,
    trials=2000,
    quick=800,
    sabotage={
        "the noise level": lambda s: s.noise,
        "high dimension: B for B + 1": lambda s: (
            s.noise / (1 - s.step * s.p / (2 * s.batch - s.step * s.batch))
        ),
        "a small step: S = s p/(2B)": lambda s: s.noise / (1 - s.step * s.p / (2 * s.batch)),
    },
    exercise=Exercise(
        question="At which test error does stochastic gradient descent with a constant `step` on batches of "
        "`batch` fresh rows of p independent standard normal features settle, exactly? The mean squared "
        "error of a step is multiplied by 1 - 2 step + step^2 (batch + p + 1)/batch, and label noise adds "
        "step^2 p noise/batch.",
        answer="noise/(1 - step*p/(2*batch - step*(batch + 1)))",
        elsewhere={"p": 3, "batch": 4, "step": 0.5, "noise": 1.0},
        limit="noise/(1 - step*p/(2*batch - step*batch))",
    ),
)


def _fixed(s: Settings, rng: np.random.Generator) -> Array:
    """Training errors and test errors at the times, of isotropic fixed rows."""
    record = [round(u * s.d) for u in _times(s)]
    aim = streams.target(Problem.isotropic(s.d, s.signal, s.noise))
    rule = Sgd(s.rate / s.d)
    return np.mean(
        [np.ravel(streams.many_passes(aim, s.n, rule, record, rng)) for _ in range(s.runs)], axis=0
    )


def _times(s: Settings) -> list[float]:
    return [s.time / 4, s.time]


def _fixed_theory(s: Settings, rate: float = 1.0, noise: float = 1.0) -> Array:
    told = paquette2021.multi_pass(s.d / s.n, rate * s.rate, _times(s), s.signal, noise * s.noise)
    return np.ravel([told.train, told.test])


def _flow(s: Settings) -> Array:
    told = ali2019.risk(s.d / s.n, s.rate * np.array(_times(s)), s.signal, s.noise)
    return np.ravel([told.train, told.test])


def _fresh(s: Settings) -> Array:
    problem, steps = Problem.isotropic(s.d, s.signal, s.noise), [round(u * s.d) for u in _times(s)]
    return np.tile(sgd.one_pass(problem, s.rate / s.d, steps).test, 2)


multi_pass = Claim(
    statement="On fixed rows, drawn again and again, stochastic gradient descent errs as gradient flow does, "
    "plus what the noise of its steps adds; both are known in high dimension, for training and for test "
    "error.",
    formula="psi(t) = psi_flow(st) + s^2 int tr(H^2 e^-2sH(t-r)) psi(r) dr, test = test_flow(st) + "
    "2 s^2 int tr(H e^-2sH(t-r)) psi(r) dr, H = X'X/n of the law of Marchenko and Pastur",
    source="[paquette2021, Thm 1†]; the test error by own derivation",
    kind="asymptotic",
    defaults={"n": 60, "d": 40, "rate": 1.0, "time": 8.0, "signal": 1.0, "noise": 0.25, "runs": 4},
    simulated="runs of single rows, drawn with replacement from n isotropic Gaussian ones; training error "
    "and exact test error after d/4 and d times `time` steps",
    trial=_fixed,
    theory=_fixed_theory,
    allowance=lambda s: 4.0 / s.n,
    labels=("training, early", "training, late", "test, early", "test, late"),
    grows=("n", "d"),
    trials=400,
    quick=256,
    sabotage={
        "gradient flow": _flow,
        "fresh rows at every step": _fresh,
        "half the step": lambda s: _fixed_theory(s, rate=0.5),
    },
)


def _rows_of_signs(s: Settings, rng: np.random.Generator) -> Array:
    aim = streams.target(Problem.isotropic(s.d, noise=s.noise))
    record = [s.d // 2, 3 * s.d]
    rule = Sgd(s.rate / s.d)
    return np.mean([streams.one_pass(aim, rule, record, rng, "sign") for _ in range(s.runs)], axis=0)


def _gaussian_rows(s: Settings, batch: int = 1) -> Array:
    problem, steps = Problem.isotropic(s.d, noise=s.noise), [s.d // 2, 3 * s.d]
    return np.asarray(sgd.one_pass(problem, s.rate / s.d, steps, batch).test)


universal = Claim(
    statement="Rows need not be Gaussian: on rows of random signs stochastic gradient descent has, in high "
    "dimension, the same errors.",
    formula="only s^2 lam_i^2/B differs, which is 1/d of the noise of a step",
    source="[paquette2021†]; own derivation",
    kind="asymptotic",
    defaults={"d": 40, "rate": 1.2, "noise": 0.2, "runs": 4},
    simulated="runs on fresh rows of d independent signs; the mean exact test error after d/2 and 3d steps",
    trial=_rows_of_signs,
    theory=_gaussian_rows,
    allowance=lambda s: 3.0 / s.d,  # measured gap -2.3/d at d = 40 and -1.3/d at d = 160
    labels=("after d/2 steps", "after 3d steps"),
    grows=("d",),
    trials=400,
    quick=320,
    sabotage={
        "batches of two": lambda s: _gaussian_rows(s, 2),
        "no noise of the rows": lambda s: _gaussian_rows(s, 10**9),
    },
)
