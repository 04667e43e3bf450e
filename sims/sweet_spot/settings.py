"""The command line of `python -m sims.sweet_spot`, and the checked configuration that it asks for."""

import argparse
from typing import Any

from sims.data import KINDS, NAMED, Wanted
from sims.data.named import require
from sims.shell import console, options
from sims.shell.schema import add_schema
from sims.sweet_spot import pipeline
from sims.sweet_spot.prediction import NEAR, WIDTHS
from sims.sweet_spot.split import loaded

_CODES = console.exit_codes("measured and predicted errors agree", undecided="not predictable or undecided")
EXAMPLES = f"""examples:
  python -m sims.sweet_spot digits
  python -m sims.sweet_spot houses.csv --target price --features fourier --budget 1e10
  python -m sims.sweet_spot mnist --n 1000 --error 0.3 --json > sweet.json

{_CODES}
"""
FEWEST = 16  # rows to estimate from
MOST, QUICK_MOST = 500, 200  # rows to estimate from, by default


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.sweet_spot",
        description="Predict the test error against the number of random features p from the training rows "
        "alone, with its interval; name the best width and ridge, what more rows give, and whether another "
        "kind of model is better; and check all of it on rows that were held out.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add(
        "data",
        metavar="DATA",
        help=f"{', '.join(NAMED)}, or a file {KINDS}",
    )
    add("--target", help='column of the file to predict, or "first" (default: the last one; in a .npz y)')
    add("--drop", action="append", metavar="COLUMN", help="column of the file to leave out; may be repeated")
    add(
        "--as",
        choices=("numbers", "classes"),
        help="how the target is read (default: text, and up to ten different whole numbers, are classes)",
    )
    add("--log-target", action="store_true", help="predict the logarithm of the target")
    add("--features", choices=pipeline.NAMES, default="relu", help="default: %(default)s")
    add(
        "--n",
        type=int,
        help=f"number of training rows (default: all but a fifth, up to {MOST}); the others are held out",
    )
    add("--p-max", type=int, help="largest number of features (default: 4 n)")
    add("--points", type=int, help=f"number of values of p (default: {WIDTHS}; quick 10)")
    add(
        "--trials",
        type=int,
        help="draws of the features that check the prediction, at least 2 (default: 4; quick 2)",
    )
    add("--budget", type=float, help="name the width that so much arithmetic, in flops, pays for in one fit")
    add("--error", type=float, help="name the rows, or features, that it takes to reach this squared error")
    add("--seed", type=int, default=0, help="seed of the split and the features (default: %(default)d)")
    add(
        "--quick",
        action="store_true",
        help=f"a smaller run: up to {QUICK_MOST} rows, 10 points and 2 trials where they are not given",
    )
    console.add_sweep(result)
    console.add_output(result)
    add_schema(result, "sims.sweet_spot")
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, defaults filled in, every value checked.

    >>> settings(parser().parse_args(["digits", "--quick"]))["n"]
    200
    """
    reading, drop = getattr(arguments, "as"), tuple(arguments.drop or ())
    data = loaded(arguments.data, Wanted(arguments.target, reading, drop, arguments.log_target))
    require("sklearn")
    quick, rows = arguments.quick, len(data.X)
    n = arguments.n
    if n is None:
        n = min(rows - max(rows // 5, 4), QUICK_MOST if quick else MOST)
    if not FEWEST <= n <= rows - 4:
        raise ValueError(f"--n = {n} must be between {FEWEST} and {rows - 4}: {data.name} has {rows} rows")
    usual = {"p_max": NEAR * n, "points": 10 if quick else WIDTHS, "trials": 2 if quick else 4}
    config = {
        "data": arguments.data,
        "target": arguments.target,
        "as": reading,
        "drop": list(drop) or None,
        "log_target": arguments.log_target,
        "features": arguments.features,
        "n": n,
        **{name: size if (own := getattr(arguments, name)) is None else own for name, size in usual.items()},
        "budget": arguments.budget,
        "error": arguments.error,
        "seed": arguments.seed,
    }
    options.at_least(config, {"p_max": 2, "points": 2, "trials": 2, "seed": 0})
    options.finite(config, ("budget", "error"))
    return config
