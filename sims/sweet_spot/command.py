"""How wide, how much ridge, how much data: the test-error curve of your data, predicted before training.

python -m sims.sweet_spot digits
"""

import argparse
import hashlib
import shlex
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sims.shell import console, drawing, runner
from sims.sweet_spot.report import headline, report, rows_csv
from sims.trials import fingerprint

if TYPE_CHECKING:
    import numpy as np

    from sims.data import Data
    from sims.sweet_spot.forecast import Array, Forecast
    from sims.sweet_spot.spectrum import Spread

EXAMPLES = """examples:
  python -m sims.sweet_spot digits
  python -m sims.sweet_spot houses.csv --target price --features fourier --budget 1e10
  python -m sims.sweet_spot mnist --n 1000 --error 0.3 --json > sweet.json

exit codes: 0 measured and predicted errors agree, 1 they disagree, 2 usage, 3 a solver did not converge,
4 stopped early and resumable, 5 not predictable or undecided, 130 interrupted
"""
FEATURES = ("relu", "fourier", "linear", "ntk")
FEWEST = 16  # rows to estimate from
MOST = 500  # by default
HELD_OUT = 1000  # rows at most
GROUPS = 20  # of held-out rows, for the error of the measurement


class Prepared(NamedTuple):
    """The sample, the rows held out, and what the feature map needs to know."""

    X: "Array"
    Y: "Array"
    X_test: "Array"
    Y_test: "Array"
    bandwidth: float


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.sweet_spot",
        description="Predict the test error against the number of features p from the data alone, name the "
        "best width and ridge and what they cost, and check the prediction on rows that were held out.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add("data", metavar="DATA", help="mnist, digits, diabetes, breast-cancer, or a file .csv or .npz")
    add("--target", help="column of the file that is predicted (the last; y)")
    add("--features", choices=FEATURES, default="relu", help="default: %(default)s")
    add("--n", type=int, help=f"training rows (all but a fifth, up to {MOST}); the others are held out")
    add("--p-max", type=int, help="largest number of features (4 n)")
    add("--points", type=int, help="values of p (12; quick: 8)")
    add(
        "--trials",
        type=int,
        help="splits of the rows and draws of the features, for the check (10; 30 where n <= 300; quick: 4)",
    )
    add("--budget", type=float, help="arithmetic of one fit, in flops: which width does it pay?")
    add("--error", type=float, help="test error to reach: by how many rows, or features?")
    add("--joules", type=float, default=1e-10, help="energy of one flop, in joules (%(default)g)")
    add("--seed", type=int, default=0, help="of the splits and the features (%(default)d)")
    add("--quick", action="store_true", help="smaller: up to 200 rows, 8 points, 4 trials unless given")
    console.add_sweep(result)
    console.add_output(result)
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, defaults filled in, every value checked.

    >>> settings(parser().parse_args(["digits", "--quick"]))["n"]
    200
    """
    from sims.sweet_spot import feature_maps

    found = loaded(arguments.data, arguments.target)
    rows, d = found.X.shape
    quick = arguments.quick
    n = min(rows - max(rows // 5, 4), 200 if quick else MOST) if arguments.n is None else arguments.n
    if not FEWEST <= n <= rows - 4:
        raise ValueError(f"--n = {n} must be between {FEWEST} and {rows - 4}: {found.name} has {rows} rows")
    unit = feature_maps.unit(arguments.features, d)
    splits = 4 if quick else 30 if n <= 300 else 10  # fewer rows differ more
    config = {
        "data": arguments.data,
        "target": arguments.target,
        "features": arguments.features,
        "n": n,
        "p_max": max(4 * n, 2 * unit) if arguments.p_max is None else arguments.p_max,
        "points": (8 if quick else 12) if arguments.points is None else arguments.points,
        "trials": splits if arguments.trials is None else arguments.trials,
        "budget": arguments.budget,
        "error": arguments.error,
        "joules": arguments.joules,
        "seed": arguments.seed,
    }
    for name, low in (("p_max", 2 * unit), ("points", 2), ("trials", 1), ("seed", 0)):
        if config[name] < low:
            raise ValueError(f"--{name.replace('_', '-')} = {config[name]} must be at least {low}")
    for name in ("budget", "error", "joules"):
        if config[name] is not None and not 0 < config[name] < float("inf"):
            raise ValueError(f"--{name} = {config[name]:g} must be positive and finite")
    return config


@lru_cache(maxsize=1)
def loaded(source: str, target: str | None) -> "Data":
    """The data set, read once in each process."""
    from sims import data

    return data.load(source, target)


def prepared(config: Mapping[str, Any], seed: int) -> Prepared:
    """Training and held-out rows of one split; targets are columns."""
    from sims import data
    from sims.sweet_spot import feature_maps

    found, n = loaded(config["data"], config["target"]), config["n"]
    parts = data.split(found, n, seed, test=min(HELD_OUT, len(found.X) - n))
    Y, Y_test = (y.reshape(len(y), -1) for y in (parts.Y, parts.Y_test))
    return Prepared(parts.X, Y, parts.X_test, Y_test, feature_maps.bandwidth(parts.X))


def places(config: Mapping[str, Any]) -> "np.ndarray[Any, Any]":
    """Pairs (n, p): the curve in p at n, then fewer rows at the largest p."""
    import numpy as np

    from sims.experiments.grids import choose_points
    from sims.sweet_spot import feature_maps

    n, most = config["n"], config["p_max"]
    unit = feature_maps.unit(config["features"], loaded(config["data"], config["target"]).X.shape[1])
    curve = [(n, p) for p in choose_points(n, most, config["points"], unit)]
    return np.array(curve + [(m, curve[-1][1]) for m in (n // 4, n // 2)], dtype=float)


def predict(config: Mapping[str, Any], held: Prepared) -> "tuple[Forecast, Spread]":
    """The errors at all `places`, and after each of `purchases`, from the training rows alone."""
    import numpy as np

    from sims.sweet_spot import feature_maps, forecast, spectrum

    K = feature_maps.gram(config["features"], held.X, held.bandwidth)
    pairs = places(config)
    bought = [(n, p) for _, n, p in forecast.purchases(config["n"], config["p_max"])]
    n, p = np.concatenate([pairs, bought]).T
    estimate, *fields = forecast.forecast(K, held.Y, n, p, np.random.default_rng(config["seed"]))
    told = forecast.Forecast(estimate, *(field[: len(pairs)] for field in fields))
    return told, spectrum.Spread(*(field[len(pairs) :] for field in fields[1:3]))


def trial(config: Mapping[str, Any], rng: "np.random.Generator") -> "Array":
    """Squared errors of one split and draw of the features, at all `places`, flattened.

    (places, 1 + 2 groups): predicted from the training rows; measured on groups of the others, with ridge and
    without.
    """
    import numpy as np

    from sims.sweet_spot import feature_maps, forecast, spectrum

    held = prepared(config, int(rng.integers(2**32)))
    K = feature_maps.gram(config["features"], held.X, held.bandwidth)
    problem = spectrum.estimate(K, held.Y).problem
    pairs = places(config)
    predicted = forecast.errors(problem, config["n"], *pairs.T)
    ridges = forecast.ridges(problem, *pairs.T)
    groups = min(GROUPS, len(held.X_test))
    found = []
    for (n, p), told, ridge in zip(pairs.astype(int), predicted, ridges, strict=True):
        rows = rng.permutation(config["n"])[:n]
        F, seen = feature_maps.draw(config["features"], held.X[rows], held.X_test, p, held.bandwidth, rng)
        left, s, right = np.linalg.svd(F, full_matrices=False)
        kept = s > max(F.shape) * np.finfo(float).eps * s[0]
        left, s, right = left[:, kept], s[kept], right[kept]
        found.append([told])
        for penalty in (ridge, 0.0):
            gain = s / (s**2 + n * penalty)
            answer = (seen @ right.T) @ (gain[:, None] * (left.T @ held.Y[rows]))
            squares = ((held.Y_test - answer) ** 2).sum(axis=1)
            found[-1] += [part.mean() for part in np.array_split(squares, groups)]
    return np.array(found).ravel()


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated; a file is known by its content."""
    found = loaded(config["data"], config["target"])
    content = hashlib.sha256(found.X.tobytes() + found.y.tobytes()).hexdigest()
    kept = ("features", "n", "p_max", "points", "trials", "seed")
    known = {name: config[name] for name in kept} | {"content": content}
    return runner.Plan(partial(trial, config), "sweet_spot", known)


def measure(config: Mapping[str, Any], effort: runner.Effort) -> dict[str, Any]:
    """Predict, answer, and check; the result as the JSON document."""
    import numpy as np

    from sims.sweet_spot import forecast
    from theory import random_features, tradeoff

    held = prepared(config, config["seed"])
    told, bought = predict(config, held)
    problem = told.estimate.problem
    sample = runner.simulate(plan(config), effort)
    pairs = places(config)
    shown = sample.values.reshape(sample.trials, len(pairs), -1)
    told = told._replace(test=shown[:, :, 0].mean(axis=0))
    with_ridge, without = np.split(shown[:, :, 1:], 2, axis=2)
    exact = forecast.EXACT * (problem.signal + problem.noise)
    rows_in_all = len(loaded(config["data"], config["target"]).X)
    measured = forecast.averaged(np.maximum(with_ridge, exact), len(held.X_test) / rows_in_all)
    judged = forecast.judge(told, measured)
    rows: list[dict[str, Any]] = [
        {
            "n": int(n),
            "p": int(p),
            "ridge": float(told.ridge[i]),
            "predicted": float(told.test[i]),
            "se": float(told.se[i]),
            "low": float(told.test[i] * np.exp(-judged.margin[i])),
            "high": float(told.test[i] * np.exp(judged.margin[i])),
            "measured": float(measured.mean[i]),
            "measured_se": float(measured.mean[i] * measured.se[i]),
            "ridgeless": float(told.ridgeless[i]),
            "ridgeless_measured": float(np.median(without[:, i].mean(axis=1))),
            "status": judged.points[i],
        }
        for i, (n, p) in enumerate(pairs)
    ]
    gaps = np.abs([row["predicted"] / row["measured"] - 1 for row in rows])
    dense = np.unique(np.geomspace(pairs[0, 1], config["p_max"], 200).round())
    d = held.X.shape[1]
    options = {name: value for name, value in config.items() if name != "data"}
    again = console.command("sims.sweet_spot", options).replace(
        "sims.sweet_spot", f"sims.sweet_spot {shlex.quote(config['data'])}", 1
    )
    return {
        "schema": 1,
        "command": again,
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "rows": rows,
        "verdict": {
            "status": judged.status,
            "false_alarm": forecast.FALSE_ALARM,
            "median_gap": float(np.median(gaps)),
            "median_margin": float(np.median(judged.margin)),
            "splits": sample.trials,
            "held_out": len(held.X_test),
        },
        "answers": forecast.answers(problem, bought, {**config, "d": d}),
        "estimate": {
            "eigenvalues": problem.eigenvalues.tolist(),
            "multiplicity": problem.multiplicity.tolist(),
            "power": problem.power.tolist(),
            "tail": problem.tail,
            "noise": problem.noise,
            "misfit": told.estimate.misfit,
            "loo": told.estimate.loo,
            "gcv": told.estimate.gcv,
            "bandwidth": held.bandwidth if config["features"] == "fourier" else None,
        },
        "curve": {
            "p": dense.tolist(),
            "tuned": tradeoff.best_ridge(problem, config["n"], dense).test.tolist(),
            "ridgeless": random_features(problem, config["n"], dense).test.tolist(),
        },
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
    stem=lambda config: f"sweet_spot-{Path(config['data']).stem}-{config['features']}",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
