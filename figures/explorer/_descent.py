"""Double descent: test error against the number of parameters, its sources, and the check by simulation."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import theory
from figures.commands.double_descent import measured
from figures.explorer._knobs import Choice, Knob, Slider, Switch, decades
from figures.explorer._view import Array, Band, Chart, Line, Marks, Part, Rule, View, around
from figures.marks import MEAN, MEDIAN
from sims.double_descent import command as double_descent
from sims.double_descent.report import sentence
from sims.experiments import descent_models
from sims.shell import console, runner
from theory.papers import hastie2022

MODELS = ("random-features", "linear", "weak-features", "fourier")
ACTIVATIONS = ("relu", "tanh", "erf", "gelu", "sigmoid", "abs", "sign")
USUAL = descent_models.Setting()
"""The defaults of the command."""
NOISES = tuple(sorted({0.0, *decades(-2, 1), USUAL.noise}))
KNOBS: tuple[Knob, ...] = (
    Choice("model", "model", MODELS, "random-features"),
    Choice("activation", "activation", ACTIVATIONS, "relu"),
    Slider("n", "samples n", tuple(range(20, 301, 4)), USUAL.n),
    Slider("d", "inputs d", tuple(range(10, 201, 5)), USUAL.d),
    Slider("noise", "label noise", NOISES, USUAL.noise),
    Slider("ridge", "ridge", (0.0, *decades(-6, 1)), 0.0),
    Switch("parts", "sources of error", False),
    Switch("log_x", "logarithmic p", True),
    Switch("log_y", "logarithmic error", True),
)
DEFAULTS = double_descent.settings(double_descent.parser().parse_args([]))
P_MAX, POINTS = DEFAULTS["p_max"], DEFAULTS["points"]
"""The largest p, and of how many p the error is measured: the defaults of the command."""
CURVE = 1000
NAME = "double_descent"
"""Of the files that are saved."""
GROWING = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20)  # trials: each picture settles on the one before
SOURCES = {
    "noise": ("noise of the test label", 7),
    "bias": ("bias", 0),
    "var_samples": ("variance: training inputs", 5),
    "var_features": ("variance: random features", 2),
    "var_samples_features": ("variance: inputs with features", 4),
    "var_noise_samples": ("variance: label noise", 1),
    "var_noise_samples_features": ("variance: label noise with features", 3),
}


STACKED = ("random-features", "linear")
"""Models whose sources of error have a known formula."""


def applies(name: str, values: Mapping[str, Any]) -> bool:
    """Does a knob do anything with these values of the others?

    >>> applies("d", {"model": "linear", "parts": False})
    False
    """
    if name in ("activation", "d"):
        return bool(values["model"] == "random-features")
    if name == "noise":
        return bool(values["model"] != "fourier")
    if name == "parts":
        return values["model"] in STACKED
    return not (name == "log_y" and values["parts"] and values["model"] in STACKED)


class Curve(NamedTuple):
    """Theory at every whole p that a screen can tell apart."""

    p: Array
    test: Array
    limit: Array
    exact: bool


def config(values: Mapping[str, Any], trials: int = GROWING[-1]) -> dict[str, Any]:
    """The settings of `python -m sims.double_descent`; those that a model does not have are left out.

    >>> config({"model": "linear", "activation": "relu", "n": 40, "d": 9, "noise": 1.0, "ridge": 0.0})["d"]
    """
    model = values["model"]
    words = ["--model", model, "--p-max", str(P_MAX), "--points", str(POINTS), "--trials", str(trials)]
    words += ["--n", str(int(values["n"])), "--ridge", str(values["ridge"])]
    if model != "fourier":
        words += ["--noise", str(values["noise"])]
    if model == "random-features":
        words += ["--activation", values["activation"], "--d", str(int(values["d"]))]
    return double_descent.settings(double_descent.parser().parse_args(words))


@lru_cache(maxsize=64)
def curve(setting: descent_models.Setting) -> Curve:
    """Theory and the limit of large sizes, about 400 points."""
    p = np.unique(np.geomspace(1, P_MAX, CURVE).round())
    model = descent_models.MODELS[setting.model]
    told = model.theory(setting, p)
    return Curve(p, told.test, model.limit(setting, p), told.exact)


@lru_cache(maxsize=64)
def sources(setting: descent_models.Setting) -> dict[str, Array] | None:
    """The parts of the error at the points of `curve`; None for a model whose parts have no known formula."""
    p = curve(setting).p
    if setting.model == "random-features":
        problem = theory.Problem.from_activation_on_sphere(
            setting.activation, setting.d, [0.0, setting.signal], setting.noise
        )
        risk = theory.random_features(problem, setting.n, p, setting.ridge)
    elif setting.model == "linear":
        risk = hastie2022.isotropic(p / setting.n, setting.signal, setting.noise, setting.ridge)
    else:
        return None
    parts = {name: np.asarray(getattr(risk, name)) for name in SOURCES if name != "noise"}
    return {"noise": np.full_like(p, setting.noise), **parts}


def view(values: Mapping[str, Any], document: Mapping[str, Any] | None = None) -> View:
    """Theory, and what has been simulated so far."""
    known = config(values)
    setting, _ = double_descent.curve_of(known)
    told = curve(setting)
    stacked = sources(setting) if values["parts"] else None
    log_y = bool(values["log_y"]) and stacked is None  # heights add up on a linear axis alone
    y_range = around(told.test, log_y, 4.0 if log_y else 2.0)
    parts: list[Part] = [] if stacked is None else _stack(told.p, stacked, y_range[1])
    if not np.allclose(told.test, told.limit, rtol=1e-9):
        parts.append(Line("limit n, p → ∞", told.p, told.limit, 7, "dotted"))
    name = "theory, exact" if told.exact else "theory"
    parts.append(Line(name, told.p, told.test, 6 if stacked else 0, "dashed" if told.exact else ""))
    parts += [] if document is None else _marks(document)
    parts.append(Rule("p = n", float(known["n"])))
    chart = Chart(
        "", "number of parameters p", "test error", (0.9, 1.1 * P_MAX), y_range, tuple(parts),
        x_log=bool(values["log_x"]), y_log=log_y,
    )  # fmt: skip
    notes: list[str] = []
    formula = descent_models.MODELS[values["model"]].formula
    if values["parts"] and stacked is None:
        notes.append("No formula for the sources of error is known for this model.")
    elif stacked is not None:
        notes.append("Sources of error add up, so their axis is linear.")
    command = console.command("sims.double_descent", known)
    if document is None:
        return View((chart,), command, "", "", tuple(notes), name=NAME, formula=formula)
    trials = document["config"]["trials"]
    return View(
        (chart,),
        command,
        f"{trials} of {GROWING[-1]} random designs",
        document["verdict"]["status"],
        (*sentence(document).splitlines(), *notes),
        name=NAME,
        formula=formula,
    )


def settle(values: Mapping[str, Any], store: Path | None) -> Iterator[View]:
    """Views with more and more trials, the same as those of the command line; the store keeps them."""
    for trials in GROWING:
        document = double_descent.measure(
            config(values, trials), runner.Effort(store=store, looks=len(GROWING))
        )
        yield view(values, document)


def _stack(p: Array, parts: Mapping[str, Array], top: float) -> list[Part]:
    """Bands that are stacked on each other; what is infinite leaves the picture."""
    bands: list[Part] = []
    low = np.zeros_like(p)
    for name, values in parts.items():
        high = np.minimum(low + values, 10 * top)
        if (high > low).any():
            label, colour = SOURCES[name]
            bands.append(Band(label, p, low, high, colour, 0.75))
        low = high
    return bands


def _marks(document: Mapping[str, Any]) -> list[Part]:
    shown = measured(document["rows"])
    return [
        Marks(
            label, shown.x[chosen], shown.centre[chosen], shown.low[chosen], shown.high[chosen], hollow=hollow
        )
        for label, chosen, hollow in ((MEAN, ~shown.heavy, False), (MEDIAN, shown.heavy, True))
        if chosen.any()
    ]
