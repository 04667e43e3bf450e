"""High-dimensional dynamics of generalization error: linear networks during training from random weights."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import gradient_flow
from theory.papers import advani2020

TIMES = (1.0, 4.0, 16.0)


def _flow(s: Settings, X: Array, times: Array) -> Array:
    """Exact test errors of gradient flow, averaged over teacher, first weights and label noise."""
    n, p = X.shape
    x = np.linalg.svd(X, compute_uv=False) ** 2 / n
    decay = np.exp(-np.multiply.outer(np.asarray(times), x))
    missed = (decay**2).sum(axis=1) + (p - len(x))
    return s.noise + (s.signal + s.init) / p * missed + s.noise / n * ((1 - decay) ** 2 / x).sum(axis=1)


def _during(s: Settings, rng: np.random.Generator) -> Array:
    """Mean test errors of 32 students at each time, each with a teacher and first weights of its own."""
    X = rng.standard_normal((s.n, s.p))
    teacher, first = (rng.standard_normal((s.p, 32)) * np.sqrt(size / s.p) for size in (s.signal, s.init))
    Y = X @ teacher + np.sqrt(s.noise) * rng.standard_normal((s.n, 32))
    wrong = gradient_flow.run(X, Y, TIMES, first) - teacher
    return np.asarray(s.noise + (wrong**2).sum(axis=1).mean(axis=1))


def _trained(s: Settings, rng: np.random.Generator) -> Array:
    """Weights of descent on noiseless labels from many first weights and teachers at once."""
    X = rng.standard_normal((s.n, s.p))
    C = X.T @ X / s.n
    wrong = rng.standard_normal((s.p, s.starts)) * np.sqrt((s.signal + s.init) / s.p)  # teacher - student
    descent = np.linalg.matrix_power(np.eye(s.p) - C / np.linalg.norm(C, 2), s.steps)
    # chance in the length of the start is divided out: its mean is known
    return (s.signal + s.init) * np.sum((descent @ wrong) ** 2) / np.sum(wrong**2)


def _overfitting(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithm of the error of late training over that of the best time, at three ratios n/p."""
    times = np.geomspace(0.1, s.late, 40)
    X = rng.standard_normal((4 * s.p, s.p))
    logs = []
    for n in (s.p // 4, s.p, 4 * s.p):
        risks = _flow(s, X[:n], times)
        logs.append(np.log(risks[-1] / risks.min()))
    return np.array([logs[1] - logs[0], logs[1] - logs[2], logs[1] - np.log(2)])


training = Claim(
    statement="During training from random weights, the error of a linear network is the noise, "
    "plus what is still to be learnt of the teacher and forgotten of the first weights, "
    "plus the label noise that has been fitted.",
    formula="test(t) = noise + (signal + init) I[e^-2tx] + (noise/alpha) I[(1 - e^-tx)^2/x], I[f(x)] the "
    "mean over the law of Marchenko and Pastur of X'X/n, alpha = n/p",
    source="[advani2020, Sec. 2†]",
    kind="asymptotic",
    theme="flow-marchenko-pastur",
    defaults={"n": 50, "p": 100, "signal": 1.0, "noise": 0.5, "init": 0.5},
    simulated="one Gaussian design is drawn and 32 students with random teachers, first weights and "
    "label noise; gradient flow is run, and its error is exact given its weights at t = 1, 4 and 16",
    trial=_during,
    theory=lambda s: advani2020.risk(s.n / s.p, TIMES, s.signal, s.noise, s.init),
    allowance=lambda s: 0.5 / s.n,  # measured gap 0.23/n at t = 16 and n = 50, 100 and 200
    labels=("t = 1", "t = 4", "t = 16"),
    grows=("n", "p"),
    trials=256,
    quick=128,
    sabotage={
        "p/n for alpha": lambda s: advani2020.risk(s.p / s.n, TIMES, s.signal, s.noise, s.init),
        "the first weights dropped": lambda s: advani2020.risk(s.n / s.p, TIMES, s.signal, s.noise),
        "the flow on the whole squared error": lambda s: advani2020.risk(
            s.n / s.p, 2 * np.array(TIMES), s.signal, s.noise, s.init
        ),
    },
)

frozen = Claim(
    statement="With fewer samples than weights, training never moves the weights along the p - n directions "
    "that the data do not show: of teacher and first weights the share 1 - n/p stays wrong for ever.",
    formula="test(inf) = (signal + init) (1 - n/p) for n < p and no noise",
    source="[advani2020, Sec. 2†]",
    kind="exact",
    defaults={"n": 12, "p": 30, "signal": 1.0, "init": 0.5, "starts": 100, "steps": 1_000_000},
    simulated="gradient descent on noiseless labels from random weights; |student - teacher|^2 at the end",
    trial=_trained,
    theory=lambda s: advani2020.risk(s.n / s.p, inf, s.signal, 0.0, s.init),
    trials=256,
    quick=96,
    sabotage={
        "small first weights": lambda s: advani2020.risk(s.n / s.p, inf, s.signal),
        "the first weights subtract": lambda s: (s.signal - s.init) * (1 - s.n / s.p),
        "n - 1 samples": lambda s: (s.signal + s.init) * (1 - (s.n - 1) / s.p),
        "p - 1 weights": lambda s: (s.signal + s.init) * (1 - s.n / (s.p - 1)),
    },
    exercise=Exercise(
        question="With fewer samples n than weights p, how far from the teacher does training "
        "on noiseless labels end, in squared distance?",
        answer="(signal + init)*(1 - n/p)",
        elsewhere={"n": 10, "p": 20, "signal": 2.0, "init": 1.0},
    ),
)

late_training = Claim(
    statement="Training a linear network on noisy labels too long costs most at n = p, there more than a "
    "factor two over the best time to stop; with four times fewer or four times more samples it costs less.",
    formula="log of test(late)/min over t of test(t): at n = p more than at p/4, at 4p, and than log 2",
    source="[advani2020, Sec. 2†]; the factors two and four are ours",
    kind="shape",
    defaults={"p": 80, "signal": 1.0, "noise": 0.5, "init": 0.1, "late": 1000.0},
    simulated="nested Gaussian designs with n = p/4, p and 4p; the exact error of gradient flow at 40 times",
    trial=_overfitting,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("over n = p/4", "over n = 4p", "over a factor two"),
    trials=128,
    quick=64,
    sabotage={
        "training stopped early": {"defaults": {"late": 3.0}},
        "labels without noise": {"defaults": {"noise": 1e-4}},
    },
)


def _residuals(s: Settings, rng: np.random.Generator) -> Array:
    """Training error at `TIMES`, averaged over teacher, first weights and label noise."""
    X = rng.standard_normal((s.n, s.p))
    x = np.maximum(np.linalg.eigvalsh(X @ X.T / s.n), 0.0)
    power = (s.signal + s.init) * s.n / s.p * x + s.noise
    return np.array([np.mean(power * np.exp(-2 * time * x)) for time in TIMES])


def _train(s: Settings, **change: Any) -> Array:
    point = {"alpha": s.n / s.p, "time": TIMES, "signal": s.signal, "noise": s.noise, "init": s.init}
    return advani2020.train_error(**{**point, **change})


fitting = Claim(
    statement="The training error of a linear network falls for ever: with fewer samples than weights to 0, "
    "while the label noise is fitted; with more to the part of the noise that no weights can fit.",
    formula="train(t) = (signal + init) I[x e^-2tx] + noise (1 - 1/alpha + I[e^-2tx]/alpha), I[f(x)] the "
    "mean over the law of Marchenko and Pastur of X'X/n, alpha = n/p",
    source="own derivation; the quantity is of [advani2020, Sec. 2†]",
    kind="asymptotic",
    defaults={"n": 100, "p": 50, "signal": 1.0, "noise": 0.5, "init": 0.5},
    simulated="one Gaussian design is drawn; the training error of gradient flow on it at t = 1, 4 and 16, "
    "exact in the mean over teacher, first weights and noise",
    trial=_residuals,
    theory=_train,
    allowance=lambda s: 0.5 / s.n,
    labels=("t = 1", "t = 4", "t = 16"),
    grows=("n", "p"),
    sabotage={
        "the noise fitted in every direction": lambda s: _train(s) - s.noise * (1 - s.p / s.n),
        "the first weights dropped": lambda s: _train(s, init=0.0),
        "the test error": lambda s: advani2020.risk(s.n / s.p, TIMES, s.signal, s.noise, s.init),
        "the flow on the whole squared error": lambda s: _train(s, time=2 * np.array(TIMES)),
    },
)


def _around_best(s: Settings, rng: np.random.Generator, guess: float | None = None) -> Array:
    """By what share the error at half and at twice the best time exceeds that at the best."""
    best = advani2020.stopping_time(s.n / s.p, s.signal, s.noise, s.init) if guess is None else guess
    at, half, twice = _flow(s, rng.standard_normal((s.n, s.p)), best * np.array([1.0, 0.5, 2.0]))
    return np.array([half / at - 1, twice / at - 1])


def _guess(time: Callable[[Settings], float]) -> dict[str, Any]:
    return {"trial": lambda s, rng: _around_best(s, rng, time(s))}


best_time = Claim(
    statement="The best time to stop training follows from the ratio of signal to noise: half of it and "
    "twice of it both err more.",
    formula="argmin_t test = root of I[e^-tx (c x e^-tx - (1 - e^-tx))], c = (n/p)(signal + init)/noise, I "
    "the mean over the law of Marchenko and Pastur; log(1 + c) for n >> p",
    source="own derivation; a best time by the ratio of signal to noise is of [advani2020, Sec. 2†]",
    kind="shape",
    defaults={"n": 40, "p": 40, "signal": 1.0, "noise": 0.25, "init": 0.25},
    simulated="one Gaussian design is drawn; by what share the exact error of gradient flow at half and at "
    "twice the best time exceeds that at the best time",
    trial=_around_best,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("half", "twice"),
    quick=32,
    sabotage={
        "signal and noise exchanged": _guess(
            lambda s: float(advani2020.stopping_time(s.n / s.p, s.noise, s.signal + s.init))
        ),
        "that of many samples": _guess(lambda s: float(np.log1p(s.n / s.p * (s.signal + s.init) / s.noise))),
        "ridge = 1/t at the best ridge": _guess(lambda s: float(s.n / s.p * (s.signal + s.init) / s.noise)),
    },
)
