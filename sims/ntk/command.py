"""Wide networks become kernel machines: how fast, and what stays of the difference.

python -m sims.ntk
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sims.experiments import linearisation
from sims.ntk import checks
from sims.ntk.report import headline, report, rows_csv
from sims.shell import console, drawing, options, runner
from sims.shell.schema import add_schema
from sims.trials import fingerprint
from sims.verdict import statuses

EXAMPLES = f"""examples:
  python -m sims.ntk
  python -m sims.ntk --activation tanh --width-max 16384
  python -m sims.ntk --depth 2 --trials 100 --json > ntk.json

{console.exit_codes()}
"""
USUAL = {"width_max": 4096, "trials": 400}
QUICK = {"width_max": 1024, "trials": 150}
LOWEST = {"depth": 1, "n": 2, "d": 1, "width_min": 1, "width_max": 1, "trials": 2, "seed": 0}


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.ntk",
        description="Networks of growing width against their infinitely wide limit: tangent kernel, its "
        "drift in training, the linearised network, mean and variance over random starts.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add("--activation", default="relu", help="relu, tanh, erf, ... (default: %(default)s)")
    add("--depth", type=int, default=1, help="number of hidden layers (default: %(default)d)")
    add("--n", type=int, default=6, help="number of training samples (default: %(default)d)")
    add("--d", type=int, default=3, help="input dimension (default: %(default)d)")
    add(
        "--width-min",
        type=int,
        default=64,
        help="smallest width, which doubles from network to network (default: %(default)d)",
    )
    add("--width-max", type=int, help="largest width (default: 4096)")
    add("--time", type=float, default=8.0, help="training time, step times steps (default: %(default)g)")
    add("--weight-variance", type=float, default=2.0, help="sigma_w^2 (default: %(default)g)")
    add("--bias-variance", type=float, default=0.0, help="sigma_b^2 (default: %(default)g)")
    add("--trials", type=int, help="number of networks of each width (default: 400)")
    add("--seed", type=int, default=0, help="seed of all random numbers (default: %(default)d)")
    add(
        "--quick",
        action="store_true",
        help="a smaller run: width-max 1024 and 150 trials where they are not given",
    )
    console.add_sweep(result)
    console.add_output(result)
    add_schema(result, "sims.ntk")
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, defaults filled in, every value checked.

    >>> settings(parser().parse_args(["--quick"]))["width_max"]
    1024
    """
    from theory.activation import function

    config = {name: getattr(arguments, name) for name in ("activation", *LOWEST, "time")}
    sizes = QUICK if arguments.quick else USUAL
    config.update({name: size for name, size in sizes.items() if config[name] is None})
    seed = config.pop("seed")
    config |= {
        "weight_variance": arguments.weight_variance,
        "bias_variance": arguments.bias_variance,
        "seed": seed,
    }
    options.at_least(config, LOWEST)
    function(config["activation"])  # refuses an unknown name
    if config["activation"] == "sign":
        raise ValueError("--activation = sign has no gradient to train by; use erf or tanh")
    if config["width_max"] < 4 * config["width_min"]:
        raise ValueError(
            f"--width-max = {config['width_max']} must be at least 4 times --width-min = "
            f"{config['width_min']}: a slope needs three widths"
        )
    options.finite(config, ("time", "weight_variance"))
    options.finite(config, ("bias_variance",), positive=False)
    return config


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated: one network of each width, trained."""
    name = f"ntk/{config['activation']}/{config['depth']}"
    return runner.Plan(partial(linearisation.trial, _setting(config)), name, config)


def _setting(config: Mapping[str, Any]) -> linearisation.WideNetworks:
    octaves = int(np.log2(config["width_max"] / config["width_min"]) + 1e-9)
    return linearisation.WideNetworks(
        activation=config["activation"],
        depth=config["depth"],
        n=config["n"],
        d=config["d"],
        sigma_w2=config["weight_variance"],
        sigma_b2=config["bias_variance"],
        time=config["time"],
        widths=tuple(config["width_min"] * 2**k for k in range(octaves + 1)),
        seed=config["seed"],
    )


def measure(config: Mapping[str, Any], effort: runner.Effort) -> dict[str, Any]:
    """Run theory and simulation of a configuration; the result as the JSON document."""
    setting = _setting(config)
    sweep = linearisation.unpack(setting, runner.simulate(plan(config), effort))
    slopes, numbers = checks.slopes(setting, sweep), checks.checks(setting, sweep)
    judged = [entry["status"] for entry in (*slopes, *numbers)]
    return {
        "schema": 1,
        "command": console.command("sims.ntk", config),
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "step": setting.step,
        "steps": setting.steps,
        "rows": [_row(setting, sweep, i) for i in range(len(setting.widths))],
        "slopes": slopes,
        "checks": numbers,
        "verdict": {
            "status": statuses.worst(judged),
            "false_alarm": checks.FALSE_ALARM * len(judged),
            "family": len(judged),
        },
    }


def _row(setting: linearisation.WideNetworks, sweep: linearisation.Sweep, i: int) -> dict[str, Any]:
    """Root mean squares over the networks of one width, with their standard errors."""
    width = setting.widths[i]
    row: dict[str, Any] = {"width": width, "exact_fluctuation": checks.exact_fluctuation(setting, width)}
    for j, quantity in enumerate(linearisation.QUANTITIES):
        squares = np.exp(2 * sweep.logs[:, i, j])
        row[quantity] = float(np.sqrt(squares.mean()))
        row[f"{quantity}_se"] = float(squares.std(ddof=1) / np.sqrt(len(squares)) / row[quantity] / 2)
    return row


def _failures() -> tuple[type[Exception], ...]:
    from sims.training import DivergenceError
    from theory import ConvergenceError

    return ConvergenceError, DivergenceError


COMMAND = runner.Command(
    parser=parser,
    settings=settings,
    plan=plan,
    measure=measure,
    headline=headline,
    report=report,
    csv=rows_csv,
    draw=partial(drawing.command_figure, "ntk"),
    name="ntk",
    named_by=("activation",),
    failures=_failures,
    fewest=2,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
