"""Error over training time: early stopping, and the two descents of slow and fast features."""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import theory
from figures.explorer._knobs import Knob, Slider, Switch, again, decades
from figures.explorer._view import Array, Chart, Line, Marks, Part, Rule, View, around
from figures.marks import MEAN
from sims import verdict
from sims.experiments import early_stopping
from sims.shell import runner
from sims.trials.sample import Sample
from sims.verdict.intervals import half_width
from sims.verdict.words import resolution
from theory.dynamics import gradient_flow

KNOBS: tuple[Knob, ...] = (
    Slider("n", "samples n", tuple(range(40, 201, 4)), 120),
    Slider("ratio", "parameters p/n", tuple(round(0.1 * k, 1) for k in range(1, 21)), 0.7),
    Slider("slow", "speed of the slow half", decades(-3, 0), 0.01),
    Slider("share", "target in the slow half", tuple(k / 10 for k in range(11)), 0.8),
    Slider("noise", "label noise", (0.0, *decades(-2, 1)), 0.5),
    Switch("ridge", "ridge 1/t beside it", True),
    Switch("train", "training error", False),
    Switch("log_y", "logarithmic error", False),
)
NAME = "time"
"""Of the files that are saved."""
CURVE = 130
START, END = early_stopping.TIMES[0], early_stopping.TIMES[-1]
FALSE_ALARM = 1e-3  # of all looks together
GROWING = (2, 4, 6, 8, 12, 16, 24, 32)


def applies(name: str, values: Mapping[str, Any]) -> bool:
    """Every knob does something."""
    return True


class Curve(NamedTuple):
    """Theory over time, and of ridge regression with ridge 1/t."""

    time: Array
    test: Array
    train: Array
    ridge: Array


def setting(values: Mapping[str, Any]) -> early_stopping.EarlyStopping:
    """The experiment that is simulated."""
    n, p = int(values["n"]), max(2, round(values["ratio"] * values["n"]))
    fixed = {name: float(values[name]) for name in ("slow", "share", "noise")}
    return early_stopping.EarlyStopping(n=n, p=p, times=early_stopping.TIMES, **fixed)


@lru_cache(maxsize=64)
def curve(chosen: early_stopping.EarlyStopping) -> Curve:
    """Theory of a setting."""
    time = np.geomspace(START, END, CURVE)
    flow = gradient_flow(chosen.problem, chosen.n, time)
    ridge = theory.ridge(chosen.problem, chosen.n, 1 / time)
    return Curve(time, np.asarray(flow.test), np.asarray(flow.train), np.asarray(ridge.test))


def view(values: Mapping[str, Any], sample: Sample | None = None) -> View:
    """Theory, and what has been simulated so far."""
    chosen = setting(values)
    told = curve(chosen)
    log_y = bool(values["log_y"])
    parts: list[Part] = []
    if values["ridge"]:
        parts.append(Line("ridge regression with ridge 1/t", told.time, told.ridge, 7, "dashed"))
    if values["train"]:
        parts.append(Line("training error", told.time, told.train, 2))
    parts.append(Line("theory, test error", told.time, told.test, 0))
    best = int(np.argmin(told.test))
    shown = [told.test, *([told.train] if values["train"] else [])]
    words: tuple[str, ...] = (
        f"The best time to stop is t = {told.time[best]:.3g}, with test error {told.test[best]:.3g}; "
        f"trained to the end it is {told.test[-1]:.3g}.",
        f"This is gradient flow on least squares with n = {chosen.n} and p = {chosen.p}; half of the inputs "
        f"has variance 1, the other half {chosen.slow:g}. Fast features fit noise before slow ones learn the "
        "target, hence two descents.",
        "The theory is gradient flow as n → ∞ [ali2019; advani2020], with two speeds as in [heckel2021].",
    )
    status = progress = ""
    if sample is not None:
        judged = _judged(chosen, sample)
        status, progress = judged.status, f"{sample.trials} of {GROWING[-1]} random designs"
        words = (_sentence(judged), *words)
        parts.append(_marks(sample))
    parts.append(Rule("best time", float(told.time[best])))
    chart = Chart(
        "", "training time t", "error", (START / 1.2, END * 1.2),
        around(np.concatenate(shown), log_y, 1.1), tuple(parts), x_log=True, y_log=log_y,
    )  # fmt: skip
    return View((chart,), again("time", KNOBS, values), progress, status, words, name=NAME)


def settle(values: Mapping[str, Any], store: Path | None) -> Iterator[View]:
    """Views with more and more trials, which the store keeps."""
    chosen = setting(values)
    fixed = {name: getattr(chosen, name) for name in ("n", "p", "slow", "share", "noise")}
    for trials in GROWING:
        known = {**fixed, "times": list(early_stopping.TIMES), "trials": trials, "seed": 0}
        plan = runner.Plan(partial(early_stopping.trial, chosen), "stopping", known)
        yield view(values, runner.simulate(plan, runner.Effort(store=store)))


def _judged(chosen: early_stopping.EarlyStopping, sample: Sample) -> verdict.Verdict:
    told = gradient_flow(chosen.problem, chosen.n, np.array(chosen.times)).test
    return verdict.judge(
        sample,
        told,
        np.full(len(chosen.times), early_stopping.allowance(chosen)),
        heavy_tailed=False,
        false_alarm=FALSE_ALARM / len(GROWING),
    )


def _sentence(judged: verdict.Verdict) -> str:
    sentence = f"verdict: {judged.status}. {judged.family} times were tested"
    noticed = resolution(judged.resolution, judged.hidden)
    return sentence + f"; {noticed}" * bool(noticed) + "."


def _marks(sample: Sample) -> Marks:
    half = half_width(sample.se, sample.trials)
    return Marks(MEAN, np.array(early_stopping.TIMES), sample.mean, sample.mean - half, sample.mean + half)
