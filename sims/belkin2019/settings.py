"""The command line of `python -m sims.belkin2019`, and the checked configuration that it asks for."""

import argparse
from collections.abc import Mapping
from typing import Any

from sims.experiments.images import growing_models
from sims.experiments.images.growing_models import EXPERIMENTS, GrowingModel, branch_point
from sims.shell import console, options
from sims.shell.schema import add_schema

_CODES = console.exit_codes("all statements hold", "one does not")
EXAMPLES = f"""examples:
  python -m sims.belkin2019
  python -m sims.belkin2019 forest --data digits --trials 10
  python -m sims.belkin2019 relu --n 1000 --trials 3 --json > relu.json

{_CODES}
"""
SETS = ("mnist", "digits")
# what an experiment takes where the user does not say otherwise: networks are trained, not solved
USUAL = {"data": "mnist", "n": 400, "points": 24, "trials": 24, "label_noise": 0.0}
NETWORK = {"data": "digits", "n": 100, "points": 8, "trials": 24, "label_noise": 0.2}
QUICK = {"n": 200, "points": 16, "trials": 20}
QUICK_NETWORK = {"n": 50, "points": 6, "trials": 20}
LOWEST = {"n": 20, "points": 5, "trials": 1, "seed": 0}
HELD_OUT = 100  # images at least, for tests


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.belkin2019",
        description="Test error of growing models on real images: descent, peak at the interpolation "
        "threshold, second descent.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add(
        "experiment", nargs="?", choices=(*EXPERIMENTS, "all"), default="fourier", help="default: %(default)s"
    )
    add("--data", choices=SETS, help="5000 images of mnist, or digits (default: mnist; network digits)")
    add("--n", type=int, help="number of training samples (default: 400; network 100)")
    add(
        "--n-max",
        type=int,
        help="largest size: features, parameters of a network, leaves of an ensemble (default: 4 times the "
        "interpolation threshold; network 5 times; 20 members of a forest, 10 of boosting)",
    )
    add("--points", type=int, help="number of sizes in the table (default: 24; network 8)")
    add(
        "--label-noise",
        type=float,
        help="share of the training labels that are drawn anew (default: 0; network 0.2, because without "
        "noise so few images show no peak)",
    )
    add(
        "--coarse",
        action="store_true",
        help="measure feature models at the sizes of the table only, not at every size",
    )
    add("--trials", type=int, help="number of draws of data and model (default: 24)")
    add("--seed", type=int, default=0, help="seed of all random numbers (default: %(default)d)")
    add(
        "--quick",
        action="store_true",
        help="a smaller run: n 200, 16 points and 20 trials where they are not given (network: 50, 6 and 20)",
    )
    console.add_sweep(result)
    console.add_output(result)
    add_schema(result, "sims.belkin2019")
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, every value checked; None is each experiment's own default.

    >>> config = settings(parser().parse_args(["relu", "--quick"]))
    >>> config["n"], config["data"]
    (200, 'mnist')
    """
    experiment = arguments.experiment
    names = ("data", "n", "n_max", "points", "label_noise", "coarse", "trials", "seed", "quick")
    config = {"experiment": experiment, **{name: getattr(arguments, name) for name in names}}
    if experiment != "all":
        config.update(_completed(experiment, config))
    else:
        config["trials"] = _completed("network", config)["trials"]  # of all: it needs the most
    options.at_least(config, LOWEST)
    for model in models(config):
        _check(model, config)
    return config


def _completed(experiment: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """What the user gave, and the defaults of the experiment for the rest."""
    usual = NETWORK if experiment == "network" else USUAL
    if config["quick"]:
        usual = {**usual, **(QUICK_NETWORK if experiment == "network" else QUICK)}
    return {name: value if config[name] is None else config[name] for name, value in usual.items()}


def models(config: Mapping[str, Any]) -> tuple[GrowingModel, ...]:
    """The models of the experiments that a configuration asks for."""
    chosen = EXPERIMENTS if config["experiment"] == "all" else (config["experiment"],)
    return tuple(
        GrowingModel(
            name,
            own["data"],
            own["n"],
            own["points"],
            config["n_max"],
            own["label_noise"],
            config["coarse"],
        )
        for experiment in chosen
        for own in [_completed(experiment, config)]
        for name in EXPERIMENTS[experiment]
    )


def _check(model: GrowingModel, config: Mapping[str, Any]) -> None:
    images = len(growing_models.loaded(model.data).X)
    if model.n > images - HELD_OUT:
        raise ValueError(
            f"--n = {model.n} must be at most {images - HELD_OUT}: {model.data} has {images} images, and "
            f"{HELD_OUT} of them are for tests"
        )
    if not 0 <= model.label_noise <= 1:
        raise ValueError(f"--label-noise = {model.label_noise:g} must be between 0 and 1")
    twice = 2 * branch_point(model)
    if model.top is not None and model.top < twice:
        raise ValueError(
            f"--n-max = {model.top} must be at least {twice}, twice the size at which the second branch of "
            f"{model.name} begins"
        )
    if model.coarse and not model.interpolator and config["experiment"] != "all":
        raise ValueError(f"--coarse: {model.name} is measured at the sizes of the table anyway; leave it out")
