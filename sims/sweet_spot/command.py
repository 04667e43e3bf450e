"""How wide, how much ridge, how much data: the test-error curve of your data, predicted before training.

python -m sims.sweet_spot digits
"""

import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import data
from sims.data import Data, SplitError
from sims.experiments.costs import measured as measured_costs
from sims.shell import console, drawing, runner
from sims.sweet_spot import agreement, feature_maps, prediction, recommended, row_errors, spectrum
from sims.sweet_spot.agreement import Agreement, HeldOutErrors
from sims.sweet_spot.answers import answers, span
from sims.sweet_spot.families import LINEAR
from sims.sweet_spot.intervals import Curve, curve
from sims.sweet_spot.pipeline import Columns, Family, units
from sims.sweet_spot.prediction import Forecast, Source
from sims.sweet_spot.report import INFINITE, headline, report, rows_csv
from sims.sweet_spot.settings import parser, settings
from sims.sweet_spot.split import Fits, PreparedSplit, chosen, held_out, prepared, trial
from sims.trials import fingerprint
from theory import ridge, tradeoff

Array = NDArray[np.float64]
Config = Mapping[str, Any]


class Rows(NamedTuple):
    """The rows of a run as they come, and as they are fitted."""

    table: Data
    training: NDArray[np.int64]
    testing: NDArray[np.int64]
    split: PreparedSplit
    family: Family

    @property
    def known(self) -> Data:
        """The training rows as they come."""
        return self.table._replace(X=self.table.X[self.training], y=self.table.y[self.training])

    def gram(self) -> Array:
        """The kernel matrix of the training rows with infinitely many features."""
        return feature_maps.gram(self.family.name, self.split.X, self.family.bandwidth)


def rows_of(config: Config) -> Rows:
    """The rows of a configuration."""
    table, n, seed = chosen(config), config["n"], config["seed"]
    training, testing = data.rows(table, n, seed, test=held_out(table, n))
    split = prepared(table, n, seed)
    return Rows(table, training, testing, split, Family(config["features"], split.bandwidth, seed))


def plan(config: Config) -> runner.Plan:
    """What is simulated: one draw of the features; the rows are known by their content."""
    rows = rows_of(config)
    return _plan(config, rows.split, curve_of(config, rows))


def curve_of(config: Config, rows: Rows) -> Curve:
    """The errors of the widths that are checked, with their ridges."""
    errors = row_errors.forecast(rows.family, rows.split.X, rows.gram(), rows.split.Y, _widths(config))
    return curve(errors, np.random.default_rng(config["seed"]))


def _plan(config: Config, split: PreparedSplit, known: Curve) -> runner.Plan:
    widths = tuple(int(p) for p in _widths(config))
    fits = Fits(config["features"], widths, tuple(known.ridge[: len(widths)].tolist()))
    settings = {"trials": config["trials"], "seed": config["seed"]}
    return runner.Plan(partial(trial, fits, split), "sweet_spot", settings)


def _widths(config: Config) -> Array:
    """Those that are checked."""
    every = prediction.grid(config["n"], config["p_max"], config["points"])
    return every[: -len(prediction.FAR)]


def measure(config: Config, effort: runner.Effort) -> dict[str, Any]:
    """Predict, answer, and check; the result as the JSON document."""
    with row_errors.threads(config["n"]):
        return _document(config, effort)


def _document(config: Config, effort: runner.Effort) -> dict[str, Any]:
    rows = rows_of(config)
    X, Y, K = rows.split.X, rows.split.Y, rows.gram()
    every = prediction.grid(config["n"], config["p_max"], config["points"])
    known = prediction.predict(rows.family, X, K, Y, every, config["p_max"])
    sample = runner.simulate(_plan(config, rows.split, known.curve), effort)
    columns = Columns.of(rows.table)
    told = prediction.told(known, rows.family, X, K, Y, rows.known, columns, _source(config))
    widths = _widths(config)
    shown = sample.values.reshape(sample.trials, len(widths), -1)
    least = row_errors.EXACT * (Y**2).sum(axis=1).mean()
    with_ridge, without = np.split(np.maximum(shown, least), 2, axis=2)
    measured = agreement.averaged(with_ridge, widths)
    points = slice(len(widths))
    judged = agreement.compare(
        known.curve.error[points], known.curve.low[points], known.curve.high[points], measured,
        config["n"], len(rows.testing),
    )  # fmt: skip
    middle = np.median(without.mean(axis=2), axis=0)
    alone, gap = agreement.ridgeless(known.ridgeless[points], middle, widths / known.n)
    table = _table(told, measured, judged, middle)
    gaps = np.abs([row["predicted"] / row["measured"] - 1 for row in table])
    return {
        "schema": 2,
        "command": _again(config),
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "reading": told.reading,
        "rows": table,
        "verdict": {
            "status": judged.status,
            "false_alarm": agreement.FALSE_ALARM,
            "median_gap": float(np.median(gaps)),
            "median_margin": float(np.median(judged.margin)),
            "ridgeless": alone,
            "ridgeless_gap": gap,
            "advice": judged.advice,
            "draws": sample.trials,
            "held_out": len(rows.testing),
        },
        "recommended": _recommended(told, rows),
        "answers": answers(told, config, X.shape[1]),
        "learning": _learning(told),
        "estimate": _estimate(rows.family, K, Y),
        "curve": _curve(told),
    }


def _source(config: Config) -> Source:
    """The lines that read the data of a configuration in Python."""
    names = {"target": "target", "reading": "as", "drop": "drop", "log_target": "log_target"}
    given = [f"{name}={config[key]!r}" for name, key in names.items() if config[key]]
    read = f"table = data.load({', '.join([repr(config['data']), *given])})"
    return Source(["from sims import data", read], "table.X", "table.y")


def _again(config: Config) -> str:
    """The command that repeats the run; the data come first, and may need quotes."""
    options = {name: value for name, value in config.items() if name != "data"}
    return console.command("sims.sweet_spot", options).replace(
        "sims.sweet_spot", f"sims.sweet_spot {shlex.quote(config['data'])}", 1
    )


def _table(
    told: Forecast, measured: HeldOutErrors, judged: Agreement, ridgeless: Array
) -> list[dict[str, Any]]:
    known = told.prediction
    return [
        {
            "n": known.n,
            "p": int(known.widths[i]),
            "ridge": float(known.curve.ridge[i]),
            "alpha": known.n * float(known.curve.ridge[i]),
            "predicted": float(known.curve.error[i]),
            "low": float(known.curve.low[i]),
            "high": float(known.curve.high[i]),
            "measured": float(measured.mean[i]),
            "measured_se": float(measured.mean[i] * measured.se[i]),
            "ridgeless": float(known.ridgeless[i]),
            "ridgeless_measured": float(ridgeless[i]),
            "status": judged.points[i],
        }
        for i in range(len(ridgeless))
    ]


def _recommended(told: Forecast, rows: Rows) -> dict[str, Any]:
    """The fit to choose, run on the rows as they come."""
    found, table, of = told.recommended, rows.table, np.array(units(rows.known))
    inputs, y = table.X / of, table.y
    training = inputs[rows.training], y[rows.training]
    unit = _mean(rows.known), prediction.deviation(rows.known)
    run = recommended.run(
        told.pipeline, training, inputs[rows.testing], rows.split.Y_test, table.classes is not None, unit
    )
    (cost,) = measured_costs([lambda: told.pipeline.fit(*training)], runs=2)
    expected = {"error": found.error, **told.scores}
    return {
        "features": None if found.width is None else rows.family.name,
        "p": found.width,
        "ridge": found.ridge,
        "alpha": found.alpha,
        "scores": {
            name: {**span(expected[name]), "measured": run[name].value, "measured_se": run[name].se}
            for name in expected
        },
        "seconds": cost.seconds,
        "bytes": cost.bytes,
        "code": told.code,
    }


def _mean(table: Data) -> float:
    """Of the target, whatever its size."""
    size = float(np.abs(table.y).max())
    return size * float(np.mean(table.y / size))


def _learning(told: Forecast) -> dict[str, Any]:
    known = told.learning
    return {
        "model": LINEAR if told.recommended.width is None else INFINITE,
        "n": known.n.tolist(),
        "error": known.error.tolist(),
        "se": (known.error * np.hypot(known.se, known.level)).tolist(),
    }


def _estimate(family: Family, K: Array, Y: Array) -> dict[str, Any]:
    found = spectrum.estimate(K, Y - Y.mean(axis=0))
    problem = found.problem
    return {
        "eigenvalues": problem.eigenvalues.tolist(),
        "multiplicity": problem.multiplicity.tolist(),
        "power": problem.power.tolist(),
        "tail": problem.tail,
        "noise": problem.noise,
        "kappa": float(ridge(problem, len(Y), tradeoff.best_ridge(problem, len(Y)).ridge).kappa),
        "misfit": found.misfit,
        "bandwidth": family.bandwidth if family.name == "fourier" else None,
    }


def _curve(told: Forecast) -> dict[str, list[float]]:
    known = told.prediction
    return {
        "p": known.widths.tolist(),
        "tuned": known.curve.error.tolist(),
        "low": known.curve.low.tolist(),
        "high": known.curve.high.tolist(),
        "ridgeless": known.ridgeless.tolist(),
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
    threads=True,
    fewest=2,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
