"""The command line of `python -m sims.double_descent`, and the checked configuration that it asks for."""

import argparse
from typing import Any

from sims.experiments import descent_models
from sims.shell import console, options
from sims.shell.schema import add_schema

EXAMPLES = f"""examples:
  python -m sims.double_descent
  python -m sims.double_descent --model linear --noise 1 --n 100
  python -m sims.double_descent --activation tanh --ridge 1e-3 --json > curve.json

{console.exit_codes()}
"""
# what --quick changes, where the user does not say otherwise
USUAL: dict[str, int] = {"n": 200, "p_max": 2000, "trials": 20, "points": 40}
QUICK: dict[str, int] = {"n": 100, "p_max": 600, "trials": 16, "points": 20}
# a network is trained, not solved; of width up to 1024, or 256
NETWORK: dict[str, int] = {"n": 100, "p_max": 11264, "trials": 32, "points": 10}
QUICK_NETWORK: dict[str, int] = {"n": 50, "p_max": 5632, "trials": 32, "points": 6}
LOWEST = {"n": 2, "p_max": 1, "trials": 1, "points": 1, "seed": 0}
ACTIVATED = ("random-features", "network")
PARTIAL = ("weak-features", "fourier")
"""Models that use p of d coordinates."""


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.double_descent",
        description="Test error against the number of parameters p: theory, simulation, and a verdict.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add(
        "--model",
        choices=tuple(descent_models.MODELS),
        default="random-features",
        help="default: %(default)s",
    )
    add(
        "--activation",
        help="activation of random features and networks: relu, tanh, erf, ... (default: relu)",
    )
    add("--n", type=int, help="number of training samples (default: 200; network 100)")
    add(
        "--d",
        type=int,
        help="input dimension of random features (default: 100) and of a network (10), number of all "
        "coordinates of weak-features and fourier (p-max)",
    )
    add("--p-max", type=int, help="largest number of parameters p (default: 2000; network 11264, width 1024)")
    add(
        "--ridge",
        type=float,
        help="penalty on |a|^2 beside the mean squared error (default: 0, the minimum norm); of a network on "
        "the squared distance from its start (0.01)",
    )
    add("--noise", type=float, help="variance of the label noise (default: 0.25; fourier 0)")
    add("--signal", type=float, default=1.0, help="power of the target (default: %(default)g)")
    add("--trials", type=int, help="number of random designs, each used at every p (default: 20; network 32)")
    add("--seed", type=int, default=0, help="seed of all random numbers (default: %(default)d)")
    add("--points", type=int, help="number of values of p (default: 40; network 10)")
    add(
        "--quick",
        action="store_true",
        help="a smaller run: n 100, p-max 600, 16 trials and 20 points where they are not given (network: "
        "50, 5632, 32 and 6)",
    )
    console.add_sweep(result)
    console.add_output(result)
    add_schema(result, "sims.double_descent")
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, defaults filled in, every value checked.

    >>> settings(parser().parse_args(["--quick"]))["n"]
    100
    """
    _refuse_options_of_other_models(arguments)
    config = _completed(arguments)
    options.at_least(config, LOWEST)
    if config["activation"] is not None:
        _check_activated(config)
    if config["model"] == "network":
        _check_network(config)
    if config["model"] in PARTIAL:
        _check_partial(config)
    _check_powers(config)
    return config


def _refuse_options_of_other_models(arguments: argparse.Namespace) -> None:
    model = arguments.model
    if arguments.activation is not None and model not in ACTIVATED:
        raise ValueError(
            f"--activation = {arguments.activation}: {model} has no activation; leave the option out"
        )
    if arguments.d is not None and model == "linear":
        raise ValueError(
            f"--d = {arguments.d}: linear has as many coordinates as parameters, p; leave the option out"
        )


def _completed(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the user gave, and the model's defaults for the rest; None where the model has no such thing."""
    model = arguments.model
    network = model == "network"
    usual, quick = (NETWORK, QUICK_NETWORK) if network else (USUAL, QUICK)
    sizes = {**(quick if arguments.quick else usual), **_given(arguments, *usual)}
    others = {
        "activation": "relu" if model in ACTIVATED else None,
        "d": None if model == "linear" else sizes["p_max"] if model in PARTIAL else 10 if network else 100,
        "ridge": 0.01 if network else 0.0,
        "noise": 0.0 if model == "fourier" else 0.25,
        **_given(arguments, "activation", "d", "ridge", "noise"),
    }
    return {
        "model": model,
        "activation": others.pop("activation"),
        **sizes,
        **others,
        "signal": arguments.signal,
        "seed": arguments.seed,
    }


def _given(arguments: argparse.Namespace, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(arguments, name)) is not None}


def _check_activated(config: dict[str, Any]) -> None:
    from theory.activation import moments

    moments(config["activation"])  # refuses an unknown name
    options.at_least(config, {"d": 2})


def _check_network(config: dict[str, Any]) -> None:
    if config["activation"] == "sign":
        raise ValueError("--activation = sign has no gradient to train by; use erf or tanh")
    two_units = 2 * (config["d"] + 1)
    if config["p_max"] < two_units:
        raise ValueError(
            f"--p-max = {config['p_max']} must be at least {two_units}, the weights of two units"
        )
    if not config["ridge"] >= 1e-4:
        raise ValueError(
            f"--ridge = {config['ridge']:g} must be at least 1e-4 for a network: training takes a time of "
            "order 1/sqrt(ridge)"
        )


def _check_partial(config: dict[str, Any]) -> None:
    n, d, noise = config["n"], config["d"], config["noise"]
    if d < config["p_max"]:
        raise ValueError(
            f"--d = {d} must be at least --p-max = {config['p_max']}: {config['model']} uses p of d "
            "coordinates"
        )
    if config["model"] == "fourier":
        if n > d:
            raise ValueError(f"--n = {n} must not exceed --d = {d}, the rows of the transform")
        if noise > 0:
            raise ValueError(f"--noise = {noise:g}: the Fourier model is noiseless; use --noise 0")


def _check_powers(config: dict[str, Any]) -> None:
    options.finite(config, ("ridge", "noise", "signal"), positive=False)
    for name in ("ridge", "noise", "signal"):
        value = config[name]
        # squares must neither overflow nor vanish; a ridge may vanish
        if value > 1e100 or (0 < value < 1e-100 and name != "ridge"):
            raise ValueError(f"--{name} = {value:g} must be zero, or between 1e-100 and 1e100; rescale y")
