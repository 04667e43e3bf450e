"""What the lecture notes of the paper show: a worked example, and the exercises with their answers."""

from dataclasses import replace
from typing import Any

import theory
from sims.claims import registry
from theory import Problem

SAMPLES, COORDINATES, FEATURES = 100, 200, 150
SIGNAL, NOISE = 1.0, 0.25


def example() -> dict[str, float]:
    """One level: least squares on n samples, by all of d coordinates and by p of them in three meanings.

    `all` takes all coordinates; `projections` p random combinations of them, p features in this package's
    sense; `chosen` p of the coordinates, so that the others act as noise; `alone` a target on p coordinates
    and no others. The numbers besides are those of the projections, by the names of the text.

    >>> found = example()
    >>> found["all"], found["projections"]
    (1.0, 2.5)
    """
    n, d, p = SAMPLES, COORDINATES, FEATURES
    level = Problem.isotropic(d, SIGNAL, NOISE)
    share = p / d
    chosen = replace(Problem.isotropic(p, share * SIGNAL, NOISE), tail_power=(1 - share) * SIGNAL)
    risk = theory.random_features(level, n, p)
    gamma, T, q = (float(value) for value in (risk.gamma_eff, risk.df, risk.df2))
    return {
        "n": n, "d": d, "p": p, "signal": SIGNAL, "noise": NOISE,
        "gamma": gamma, "T": T, "q": q, "w": T - q, "A": float(risk.bias),
        "C": SIGNAL * gamma / (1 + gamma) ** 2, "D": (n - q) * (p - q) - (T - q) ** 2,
        "V_X": float(risk.var_samples), "V_W": float(risk.var_features),
        "V_XW": float(risk.var_samples_features), "V_Xe": float(risk.var_noise_samples),
        "V_XWe": float(risk.var_noise_samples_features),
        "projections": float(risk.test), "all": float(theory.ridge(level, n).test),
        "chosen": float(theory.ridge(chosen, n).test),
        "alone": float(theory.ridge(Problem.isotropic(p, SIGNAL, NOISE), n).test),
        "best_ridge": float(theory.optimal_ridge(level, n)),
        "all_at_best": float(theory.ridge(level, n, theory.optimal_ridge(level, n)).test),
    }  # fmt: skip


def exercises() -> dict[str, dict[str, Any]]:
    """The claims that a student can answer by a formula: question, given names, what is asked, answer.

    >>> exercises()["hastie2022.ridgeless"]["answer"]
    'noise + signal*(1 - 1/gamma)...'
    """
    ids, _ = registry.select([])
    found = {}
    for name in ids:
        claim = registry.find(name)
        if claim.exercise is None:
            continue
        posed = claim.exercise
        found[name] = {
            "question": posed.question,
            "given": [f"{key} = {_formulas(value)}" for key, value in posed.names.items()],
            "asked": list(claim.labels),
            "answer": posed.answer,
        }
    return found


def _formulas(given: str | tuple[str, ...]) -> str:
    return given if isinstance(given, str) else ", ".join(given)
