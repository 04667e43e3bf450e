"""Double descent on your machine: theory and simulation of the test error against p.

python -m sims.double_descent
"""

from collections.abc import Mapping, Sequence
from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.double_descent.report import headline, report, rows_csv
from sims.double_descent.settings import parser, settings
from sims.experiments import descent_models
from sims.experiments.grids import choose_points
from sims.shell import console, drawing, runner
from sims.trials import fingerprint
from sims.trials.sample import Sample

FALSE_ALARM = 1e-3  # of all points of a curve, at all looks
DENSE = 400  # values of p of the lines between the points


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated: one random design, measured at every p."""
    trial = partial(descent_models.MODELS[config["model"]].trial, *curve_of(config))
    return runner.Plan(trial, f"double_descent/{config['model']}", config)


def curve_of(config: Mapping[str, Any]) -> tuple[descent_models.Setting, NDArray[Any]]:
    """What is fixed along the curve, and its points."""
    fixed = {key: config[key] for key in ("model", "n", "ridge", "noise", "signal")}
    optional = {key: config[key] for key in ("activation", "d") if config[key] is not None}
    setting = descent_models.Setting(**fixed, **optional)
    unit = descent_models.MODELS[config["model"]].unit(setting)
    return setting, choose_points(config["n"], config["p_max"], config["points"], unit)


def measure(config: Mapping[str, Any], effort: runner.Effort) -> dict[str, Any]:
    """Run theory and simulation of a configuration; the result as the JSON document."""
    setting, points = curve_of(config)
    model, p = descent_models.MODELS[config["model"]], points.astype(float)
    predicted, limit = model.theory(setting, p), model.limit(setting, p)
    curve = _curve(setting, points, config["p_max"])

    sample = runner.simulate(plan(config), effort)
    verdict.require_defined("simulation", sample.values, points)
    judged = verdict.judge(
        sample,
        predicted.test,
        descent_models.allowance(setting, predicted),
        descent_models.heavy_tailed(setting, predicted),
        spread=predicted.spread,
        false_alarm=FALSE_ALARM / (1 if effort.looks == inf else effort.looks),
        looked_at_often=effort.looks == inf,
    )
    rows = [
        {
            "p": int(points[i]),
            "gamma": float(p[i] / config["n"]),
            "theory": float(predicted.test[i]),
            "limit": float(limit[i]),
            **_measured(sample, i, point),
        }
        for i, point in enumerate(judged.points)
    ]
    return {
        "schema": 1,
        "command": console.command("sims.double_descent", config),
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "rows": rows,
        "verdict": {
            "status": judged.status,
            "resolution": judged.resolution,
            "hidden": judged.hidden,
            "pooled": judged.pooled,
            "looks": effort.looks,
            "false_alarm": FALSE_ALARM,
            "family": judged.family,
            "trials_needed": judged.trials_needed,
        },
        "curve": {"exact": predicted.exact, **curve},
    }


def _curve(setting: descent_models.Setting, points: NDArray[Any], p_max: int) -> dict[str, list[float]]:
    """Theory and limit on a dense grid that holds the points; refused where a solver gave nan."""
    model = descent_models.MODELS[setting.model]
    dense = np.unique(np.concatenate([np.geomspace(points[0], p_max, DENSE).astype(int), points]))
    lines = {
        "theory": model.theory(setting, dense.astype(float)).test,
        "limit": model.limit(setting, dense.astype(float)),
    }
    for name, values in lines.items():
        verdict.require_defined(name, values, dense)
    return {"p": dense.tolist(), **{name: values.tolist() for name, values in lines.items()}}


def _measured(sample: Sample, i: int, point: verdict.Point) -> dict[str, Any]:
    """What the trials say of one point: with a heavy tail its median and range, else what the test allows."""
    row: dict[str, Any] = {
        "mean": float(sample.mean[i]),
        "se": point.se,
        "trials": sample.trials,
        "z": point.z,
        "status": point.status,
    }
    if point.status == verdict.HEAVY:
        row["median"] = float(sample.median[i])
        row["quantiles"] = {q: float(sample.quantile(float(q))[i]) for q in ("0.05", "0.95")}
    else:
        row["allowance"], row["resolution"] = point.allowance, point.resolution
    return row


COMMAND = runner.Command(
    parser=parser,
    settings=settings,
    plan=plan,
    measure=measure,
    headline=headline,
    report=report,
    csv=rows_csv,
    draw=partial(drawing.command_figure, "double_descent"),
    name="double_descent",
    named_by=("model",),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
