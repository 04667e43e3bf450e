"""The second descent on real data: the experiments of Belkin, Hsu, Ma and Mandal, and a verdict on each.

python -m sims.belkin2019
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.belkin2019 import statements
from sims.belkin2019.report import headline, report, rows_csv
from sims.belkin2019.settings import models, parser, settings
from sims.experiments.images import growing_models
from sims.experiments.images.feature_models import Losses
from sims.experiments.images.growing_models import GrowingModel, Growth, branch_point
from sims.shell import console, drawing, runner
from sims.trials import fingerprint
from sims.verdict.intervals import half_width
from sims.verdict.statuses import worst

SHOWN = 600  # sizes of a line: a plot shows no more


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated: every model, on one draw of data each."""
    trial = partial(growing_models.trial, models(config))
    return runner.Plan(trial, f"belkin2019/{config['experiment']}", config)


def measure(config: Mapping[str, Any], effort: runner.Effort) -> dict[str, Any]:
    """Run the trials of a configuration and judge them; the result as the JSON document."""
    chosen = models(config)
    values = runner.simulate(plan(config), effort).values
    verdict.require_defined("simulation", values)
    grown = list(zip(chosen, growing_models.unpack(chosen, values), strict=True))
    judged = statements.judged(
        [statement for model, growth in grown for statement in statements.statements(model, growth)]
    )
    options = {name: value for name, value in config.items() if name != "experiment"}
    return {
        "schema": 1,
        "command": f"{console.command('sims.belkin2019', options)} {config['experiment']}",
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "models": [_model(model, growth) for model, growth in grown],
        "rows": [row for model, growth in grown for row in _rows(model, growth)],
        "claims": judged,
        "verdict": {
            "status": worst(statement["status"] for statement in judged),
            "false_alarm": statements.FALSE_ALARM,
            "family": len(judged),
            "resolution": max(statement["resolution"] for statement in judged),
            "trials_needed": max(statement["trials_needed"] for statement in judged),
        },
    }


def _model(model: GrowingModel, growth: Growth) -> dict[str, Any]:
    """What is fixed, the kernel limit and the squared loss at every size, median over the trials."""
    N, threshold = growth.every.shape[2], branch_point(model)
    sizes = np.unique(np.append(np.geomspace(1, max(N, 1), SHOWN).astype(int), threshold))
    sizes = sizes[sizes <= N]
    lines = np.median(growth.every, axis=0)[:, sizes - 1]
    limit = dict(zip(Losses._fields, growth.limit.mean(axis=0).tolist(), strict=False))
    return {
        "model": model.name,
        "data": model.data,
        "n": model.n,
        "label_noise": model.label_noise,
        "turn": threshold,
        "has_threshold": model.has_threshold,
        "limit": limit or None,
        "every": {"size": sizes.tolist(), "test": lines[0].tolist(), "norm": lines[1].tolist()},
    }


def _rows(model: GrowingModel, growth: Growth) -> list[dict[str, Any]]:
    """Each size: means with 95 % intervals, or medians with 5-95 % ranges where means say nothing."""
    grid = growing_models.sizes(model)
    heavy = growing_models.heavy_tailed(model, grid)
    rows = []
    for i, size in enumerate(grid):
        row: dict[str, Any] = {
            "model": model.name,
            "size": int(size),
            "ratio": float(size / branch_point(model)),
            "centre": "median" if heavy[i] else "mean",
            "trials": len(growth.scores),
        }
        for name in model.fields:
            scores = growth.scores[:, i, Losses._fields.index(name)]
            row[name], row[f"{name}_low"], row[f"{name}_high"] = _interval(scores, bool(heavy[i]))
        rows.append(row)
    return rows


def _interval(scores: NDArray[np.float64], heavy: bool) -> tuple[float, float, float]:
    """Centre and ends; one trial has no interval."""
    if heavy:
        low, middle, high = np.quantile(scores, [0.05, 0.5, 0.95])
        return float(middle), float(low), float(high)
    mean, trials = float(scores.mean()), len(scores)
    half = float(half_width(scores.std(ddof=1), trials) / np.sqrt(trials)) if trials > 1 else 0.0
    return mean, mean - half, mean + half


COMMAND = runner.Command(
    parser=parser,
    settings=settings,
    plan=plan,
    measure=measure,
    headline=headline,
    report=report,
    csv=rows_csv,
    draw=partial(drawing.command_figure, "belkin2019"),
    name="belkin2019",
    named_by=("experiment",),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
