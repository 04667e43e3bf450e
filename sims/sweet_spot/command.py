"""How wide, how much ridge, how much data: the test-error curve of your data, predicted before training.

python -m sims.sweet_spot digits
"""

import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.data import SplitError, told
from sims.shell import console, drawing, runner
from sims.sweet_spot import agreement
from sims.sweet_spot.agreement import Agreement, HeldOutErrors
from sims.sweet_spot.answers import answers
from sims.sweet_spot.by_spectrum import EXACT, Forecast
from sims.sweet_spot.report import headline, report, rows_csv
from sims.sweet_spot.settings import parser, settings
from sims.sweet_spot.spectrum import Estimate
from sims.sweet_spot.split import chosen, fits, pairs, predict, prepared, trial
from sims.trials import fingerprint
from theory import Problem, random_features, tradeoff

Array = NDArray[np.float64]
Config = Mapping[str, Any]

DENSE = 200  # values of p of the predicted curves


def plan(config: Config) -> runner.Plan:
    """What is simulated: one split and draw of the features; the data set is known by its content."""
    fit = fits(config)
    known = {**fit._asdict(), "trials": config["trials"], "seed": config["seed"]}
    return runner.Plan(partial(trial, fit, chosen(config)), "sweet_spot", known)


def measure(config: Config, effort: runner.Effort) -> dict[str, Any]:
    """Predict, answer, and check; the result as the JSON document."""
    fit, data = fits(config), chosen(config)
    split = prepared(data, fit.n, config["seed"])
    sizes = pairs(fit, data.X.shape[1])
    forecast, bought = predict(fit, split, config["seed"])
    problem = forecast.estimate.problem
    sample = runner.simulate(plan(config), effort)
    shown = sample.values.reshape(sample.trials, len(sizes), -1)
    forecast = forecast._replace(test=shown[:, :, 0].mean(axis=0))
    with_ridge, without = np.split(shown[:, :, 1:], 2, axis=2)
    exact = EXACT * (problem.signal + problem.noise)
    held_out = len(split.X_test)
    share = held_out / len(data.X)
    measured = agreement.averaged(np.maximum(with_ridge, exact), share)
    judged = agreement.compare(forecast, measured)
    rows = _rows(sizes, forecast, measured, judged, np.median(without.mean(axis=2), axis=0))
    gaps = np.abs([row["predicted"] / row["measured"] - 1 for row in rows])
    return {
        "schema": 1,
        "command": _again(config),
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "reading": told(data),
        "rows": rows,
        "verdict": {
            "status": judged.status,
            "false_alarm": agreement.FALSE_ALARM,
            "median_gap": float(np.median(gaps)),
            "median_margin": float(np.median(judged.margin)),
            "splits": sample.trials,
            "held_out": held_out,
        },
        "answers": answers(problem, bought, {**config, "d": split.X.shape[1]}),
        "estimate": {
            **_estimate(forecast.estimate),
            "bandwidth": split.bandwidth if config["features"] == "fourier" else None,
        },
        "curve": _curve(problem, fit.n, sizes[0, 1], fit.p_max),
    }


def _again(config: Config) -> str:
    """The command that repeats the run; the data come first, and may need quotes."""
    options = {name: value for name, value in config.items() if name != "data"}
    return console.command("sims.sweet_spot", options).replace(
        "sims.sweet_spot", f"sims.sweet_spot {shlex.quote(config['data'])}", 1
    )


def _rows(
    sizes: Array, forecast: Forecast, measured: HeldOutErrors, judged: Agreement, ridgeless: Array
) -> list[dict[str, Any]]:
    return [
        {
            "n": int(n),
            "p": int(p),
            "ridge": float(forecast.ridge[i]),
            "predicted": float(forecast.test[i]),
            "se": float(forecast.se[i]),
            "low": float(forecast.test[i] * np.exp(-judged.margin[i])),
            "high": float(forecast.test[i] * np.exp(judged.margin[i])),
            "measured": float(measured.mean[i]),
            "measured_se": float(measured.mean[i] * measured.se[i]),
            "ridgeless": float(forecast.ridgeless[i]),
            "ridgeless_measured": float(ridgeless[i]),
            "status": judged.points[i],
        }
        for i, (n, p) in enumerate(sizes)
    ]


def _estimate(estimate: Estimate) -> dict[str, Any]:
    problem = estimate.problem
    return {
        "eigenvalues": problem.eigenvalues.tolist(),
        "multiplicity": problem.multiplicity.tolist(),
        "power": problem.power.tolist(),
        "tail": problem.tail,
        "noise": problem.noise,
        "misfit": estimate.misfit,
        "loo": estimate.loo,
        "gcv": estimate.gcv,
    }


def _curve(problem: Problem, n: int, first: float, last: float) -> dict[str, list[float]]:
    dense = np.unique(np.geomspace(first, last, DENSE).round())
    return {
        "p": dense.tolist(),
        "tuned": tradeoff.best_ridge(problem, n, dense).test.tolist(),
        "ridgeless": random_features(problem, n, dense).test.tolist(),
    }


COMMAND = runner.Command(
    parser=parser,
    settings=settings,
    plan=plan,
    measure=measure,
    headline=headline,
    report=report,
    csv=rows_csv,
    draw=partial(drawing.command_figure, "sweet_spot"),
    name="sweet_spot",
    named_by=("data", "features"),
    failures=lambda: (*runner.no_solution(), SplitError),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
