"""Double descent on your machine: theory and simulation of the test error against p.

python -m sims.double_descent
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sims.double_descent.report import headline, report, rows_csv
from sims.shell import console, drawing, runner
from sims.trials import fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sims.experiments.descent_models import Setting

EXAMPLES = """examples:
  python -m sims.double_descent
  python -m sims.double_descent --model linear --noise 1 --n 100
  python -m sims.double_descent --activation tanh --ridge 1e-3 --json > curve.json

exit codes: 0 theory and simulation agree, 1 they disagree, 2 usage, 3 a solver did not converge,
4 stopped early and resumable, 5 undecided (too few trials), 130 interrupted
"""
MODELS = ("linear", "weak-features", "random-features", "fourier", "network")
# what --quick changes, where the user does not say otherwise
USUAL: dict[str, int] = {"n": 200, "p_max": 2000, "trials": 20, "points": 40}
QUICK: dict[str, int] = {"n": 100, "p_max": 600, "trials": 12, "points": 20}
# a network is trained, not solved; of width up to 1024, or 256
NETWORK: dict[str, int] = {"n": 100, "p_max": 11264, "trials": 20, "points": 10}
QUICK_NETWORK: dict[str, int] = {"n": 50, "p_max": 5632, "trials": 20, "points": 6}


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.double_descent",
        description="Test error against the number of parameters p: theory, simulation, and a verdict.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add("--model", choices=MODELS, default="random-features", help="default: %(default)s")
    add("--activation", help="of random features and networks: tanh, erf, ... (relu)")
    add("--n", type=int, help="training samples (200; network 100)")
    add(
        "--d",
        type=int,
        help="input dimension of random features (100) and network (10); coordinates D of weak-features and "
        "fourier (p-max)",
    )
    add("--p-max", type=int, help="largest p (2000; network 11264, width 1024)")
    add(
        "--ridge",
        type=float,
        help="penalty on |a|^2 beside the mean squared error (0: minimum norm); network: on the squared "
        "distance from its start (0.01)",
    )
    add("--noise", type=float, help="label-noise variance (0.25; 0 for fourier)")
    add("--signal", type=float, default=1.0, help="power of the target (%(default)g)")
    add("--trials", type=int, help="random designs, each used at every p (20)")
    add("--seed", type=int, default=0, help="%(default)d")
    add("--points", type=int, help="values of p (40; network 10)")
    add(
        "--quick",
        action="store_true",
        help="smaller: n 100, p-max 600, 12 trials, 20 points unless given (network: 50, 5632, 20, 6)",
    )
    console.add_sweep(result)
    console.add_output(result)
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, defaults filled in, every value checked.

    >>> settings(parser().parse_args(["--quick"]))["n"]
    100
    """
    from theory.activation import moments

    model = arguments.model
    network = model == "network"
    usual, quick = (NETWORK, QUICK_NETWORK) if network else (USUAL, QUICK)
    sizes = quick if arguments.quick else usual
    config = {name: getattr(arguments, name) for name in ("n", "p_max", "trials", "points")}
    config = {name: sizes[name] if value is None else value for name, value in config.items()}
    low = {"n": 2, "p_max": 1, "trials": 1, "points": 1}
    for name, value in config.items():
        if value < low[name]:
            raise ValueError(f"--{name.replace('_', '-')} = {value} must be at least {low[name]}")
    coordinates = model in ("weak-features", "fourier")
    d = (config["p_max"] if coordinates else 10 if network else 100) if arguments.d is None else arguments.d
    ridge = (0.01 if network else 0.0) if arguments.ridge is None else arguments.ridge
    activation = None
    if model in ("random-features", "network"):
        activation = "relu" if arguments.activation is None else arguments.activation
        moments(activation)  # refuses an unknown name
        if d < 2:
            raise ValueError(f"--d = {d} must be at least 2")
    elif arguments.activation is not None:
        raise ValueError(f"--activation = {arguments.activation}: {model} has none; leave it out")
    if network:
        if activation == "sign":
            raise ValueError("--activation = sign has no gradient to train by; use erf or tanh")
        if config["p_max"] < 2 * (d + 1):
            raise ValueError(
                f"--p-max = {config['p_max']} must be at least {2 * (d + 1)}, the weights of two units"
            )
        if not ridge >= 1e-4:
            raise ValueError(
                f"--ridge = {ridge:g} must be at least 1e-4 for a network: training takes 1/sqrt(ridge)"
            )
    if model == "linear" and arguments.d is not None:
        raise ValueError(f"--d = {d}: linear has as many coordinates as parameters, p; leave it out")
    if coordinates and d < config["p_max"]:
        raise ValueError(f"--d = {d} must be at least --p-max = {config['p_max']}: p of d coordinates")
    if model == "fourier" and config["n"] > d:
        raise ValueError(f"--n = {config['n']} must not exceed --d = {d}, the rows of the transform")
    noise = arguments.noise
    if noise is None:
        noise = 0.0 if model == "fourier" else 0.25
    for name, value in (("ridge", ridge), ("noise", noise), ("signal", arguments.signal)):
        if not 0 <= value < float("inf"):
            raise ValueError(f"--{name} = {value:g} must be finite and zero or positive")
        # squares must neither overflow nor vanish; a ridge may vanish
        if value > 1e100 or (0 < value < 1e-100 and name != "ridge"):
            raise ValueError(f"--{name} = {value:g} must be zero, or between 1e-100 and 1e100; rescale y")
    if model == "fourier" and noise > 0:
        raise ValueError(f"--noise = {noise:g}: the Fourier model is noiseless; use --noise 0")
    if arguments.seed < 0:
        raise ValueError(f"--seed = {arguments.seed} must be zero or positive")
    return {
        "model": model,
        # None where the model has no such thing
        "activation": activation,
        **config,
        "d": None if model == "linear" else d,
        "ridge": ridge,
        "noise": noise,
        "signal": arguments.signal,
        "seed": arguments.seed,
    }


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated."""
    from sims.experiments import descent_models

    trial = partial(descent_models.MODELS[config["model"]].trial, *curve_of(config))
    return runner.Plan(trial, f"double_descent/{config['model']}", config)


def curve_of(config: Mapping[str, Any]) -> "tuple[Setting, NDArray[Any]]":
    """What is fixed along the curve, and its points."""
    from sims.experiments import descent_models
    from sims.experiments.grids import choose_points

    fixed = {key: config[key] for key in ("model", "n", "ridge", "noise", "signal")}
    optional = {key: config[key] for key in ("activation", "d") if config[key] is not None}
    setting = descent_models.Setting(**fixed, **optional)
    unit = descent_models.MODELS[config["model"]].unit(setting)
    return setting, choose_points(config["n"], config["p_max"], config["points"], unit)


def measure(config: Mapping[str, Any], effort: runner.Effort) -> dict[str, Any]:
    """Run theory and simulation of a configuration; the result as the JSON document."""
    import numpy as np

    from sims import verdict
    from sims.experiments import descent_models

    model = descent_models.MODELS[config["model"]]
    setting, points = curve_of(config)
    p = points.astype(float)
    predicted, limit = model.theory(setting, p), model.limit(setting, p)
    heavy = descent_models.heavy_tailed(setting, predicted)
    dense = np.unique(np.concatenate([np.geomspace(points[0], config["p_max"], 400).astype(int), points]))
    lines = {
        "theory": model.theory(setting, dense.astype(float)).test,
        "limit": model.limit(setting, dense.astype(float)),
    }
    for name, values in lines.items():
        verdict.require_defined(name, values, dense)

    sample = runner.simulate(plan(config), effort)
    verdict.require_defined("simulation", sample.values, points)
    judged = verdict.judge(
        sample, predicted.test, descent_models.allowance(setting, predicted), heavy, spread=predicted.spread
    )
    rows = []
    for i, point in enumerate(judged.points):
        row: dict[str, Any] = {
            "p": int(points[i]),
            "gamma": float(p[i] / config["n"]),
            "theory": float(predicted.test[i]),
            "limit": float(limit[i]),
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
        rows.append(row)
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
            "false_alarm": judged.false_alarm,
            "family": judged.family,
            "trials_needed": judged.trials_needed,
        },
        "curve": {
            "exact": predicted.exact,
            "p": dense.tolist(),
            **{name: values.tolist() for name, values in lines.items()},
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
    draw=partial(drawing.command_figure, "double_descent"),
    stem=lambda config: f"double_descent-{config['model']}",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
