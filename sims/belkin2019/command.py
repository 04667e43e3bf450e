"""The second descent on real data: the experiments of Belkin, Hsu, Ma and Mandal, and a verdict on each.

python -m sims.belkin2019
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sims.belkin2019.report import headline, report, rows_csv
from sims.shell import console, drawing, runner
from sims.trials import fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sims.experiments.images.growing_models import Measured, Setting

EXAMPLES = """examples:
  python -m sims.belkin2019
  python -m sims.belkin2019 forest --data digits --trials 10
  python -m sims.belkin2019 relu --n 1000 --trials 3 --json > relu.json

exit codes: 0 all statements hold, 1 one does not, 2 usage, 3 a solver did not converge,
4 stopped early and resumable, 5 undecided (too few trials), 130 interrupted
"""
EXPERIMENTS = ("fourier", "relu", "network", "forest", "boosting")
SETS = ("mnist", "digits")
# what an experiment takes where the user does not say otherwise: networks are trained, not solved
USUAL = {"data": "mnist", "n": 400, "points": 24, "trials": 6, "label_noise": 0.0}
NETWORK = {"data": "digits", "n": 100, "points": 8, "trials": 10, "label_noise": 0.2}
QUICK = {"n": 200, "points": 16, "trials": 5}
QUICK_NETWORK = {"n": 50, "points": 6, "trials": 5}


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
    add("--data", choices=SETS, help="mnist, 5000 images of it, or digits (mnist; network digits)")
    add("--n", type=int, help="training samples (400; network 100)")
    add(
        "--n-max",
        type=int,
        help="largest size: features, parameters of a network, leaves of an ensemble (4 times the threshold; "
        "network 5, forest 20 and boosting 10 members)",
    )
    add("--points", type=int, help="sizes of the table (24; network 8)")
    add(
        "--label-noise",
        type=float,
        help="share of training labels drawn anew (0; network 0.2: without it so few images show no peak)",
    )
    add("--coarse", action="store_true", help="features: the sizes of the table only, not every size")
    add("--trials", type=int, help="draws of data and model (6; network 10)")
    add("--seed", type=int, default=0, help="%(default)d")
    add(
        "--quick",
        action="store_true",
        help="smaller: n 200, 16 points, 5 trials unless given (network: 50, 6, 5)",
    )
    console.add_sweep(result)
    console.add_output(result)
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
        config.update(_complete(experiment, config))
    else:
        config["trials"] = _complete("network", config)["trials"]  # of all: it needs the most
    for name, low in (("n", 20), ("points", 5), ("trials", 1), ("seed", 0)):
        if config[name] is not None and config[name] < low:
            raise ValueError(f"--{name} = {config[name]} must be at least {low}")
    for setting in _settings(config):
        _check(setting, config)
    return config


def _complete(experiment: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """What the user gave, and the defaults of the experiment for the rest."""
    usual = NETWORK if experiment == "network" else USUAL
    if config["quick"]:
        usual = {**usual, **(QUICK_NETWORK if experiment == "network" else QUICK)}
    return {name: value if config[name] is None else config[name] for name, value in usual.items()}


def _settings(config: Mapping[str, Any]) -> "tuple[Setting, ...]":
    """One for each model of the experiments."""
    from sims.experiments.images import growing_models as trials

    chosen = EXPERIMENTS if config["experiment"] == "all" else (config["experiment"],)
    found = []
    for experiment in chosen:
        own = _complete(experiment, config)
        found += [
            trials.Setting(
                model,
                own["data"],
                own["n"],
                own["points"],
                config["n_max"],
                own["label_noise"],
                config["coarse"],
            )
            for model in trials.EXPERIMENTS[experiment]
        ]
    return tuple(found)


def _check(setting: "Setting", config: Mapping[str, Any]) -> None:
    from sims.experiments.images import growing_models as trials

    rows = len(trials.loaded(setting.data).X)
    if setting.n > rows - 100:
        raise ValueError(
            f"--n = {setting.n}: {setting.data} has {rows} images, 100 of them for tests; ask for fewer"
        )
    if not 0 <= setting.label_noise <= 1:
        raise ValueError(f"--label-noise = {setting.label_noise:g} must be between 0 and 1")
    if setting.top is not None and setting.top < 2 * trials.turn(setting):
        raise ValueError(
            f"--n-max = {setting.top} must be at least {2 * trials.turn(setting)}, twice the size at which "
            f"the second branch of {setting.model} begins"
        )
    if setting.coarse and not setting.interpolator and config["experiment"] != "all":
        raise ValueError(f"--coarse: {setting.model} has no path of every size; leave it out")


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated."""
    from sims.experiments.images import growing_models as trials

    return runner.Plan(partial(trials.trial, _settings(config)), f"belkin2019/{config['experiment']}", config)


def measure(config: Mapping[str, Any], effort: runner.Effort) -> dict[str, Any]:
    """Run the trials of a configuration and judge them; the result as the JSON document."""
    from sims import verdict
    from sims.belkin2019 import statements as claims
    from sims.experiments.images import growing_models as trials

    chosen = _settings(config)
    values = runner.simulate(plan(config), effort).values
    verdict.require_defined("simulation", values)
    models, rows, stated = [], [], []
    for setting, measured in zip(chosen, trials.unpack(chosen, values), strict=True):
        models.append(_model(setting, measured))
        rows += _rows(setting, measured)
        stated += claims.claims(setting, measured)
    judged = claims.judged(stated)
    options = {name: value for name, value in config.items() if name != "experiment"}
    order = ("disagrees", "undecided", "agrees")
    return {
        "schema": 1,
        "command": f"{console.command('sims.belkin2019', options)} {config['experiment']}",
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "models": models,
        "rows": rows,
        "claims": judged,
        "verdict": {
            "status": next(s for s in order if s in [claim["status"] for claim in judged]),
            "false_alarm": claims.FALSE_ALARM,
            "family": len(judged),
            "resolution": max(claim["resolution"] for claim in judged),
            "trials_needed": max(claim["trials_needed"] for claim in judged),
        },
    }


def _model(setting: "Setting", measured: "Measured") -> dict[str, Any]:
    """What is fixed, the kernel limit and the squared loss at every size, median over the trials."""
    import numpy as np

    from sims.experiments.images import growing_models as trials
    from sims.experiments.images.feature_models import Scores

    N = measured.every.shape[2]
    # a plot shows no more; and the peak itself
    shown = np.unique(np.append(np.geomspace(1, max(N, 1), 600).astype(int), trials.turn(setting)))
    shown = shown[shown <= N]
    lines = np.median(measured.every, axis=0)[:, shown - 1]
    limit = dict(zip(Scores._fields, measured.limit.mean(axis=0).tolist(), strict=False))
    return {
        "model": setting.model,
        "data": setting.data,
        "n": setting.n,
        "label_noise": setting.label_noise,
        "turn": trials.turn(setting),
        "has_threshold": setting.has_threshold,
        "limit": limit or None,
        "every": {"size": shown.tolist(), "test": lines[0].tolist(), "norm": lines[1].tolist()},
    }


def _rows(setting: "Setting", measured: "Measured") -> list[dict[str, Any]]:
    """Each size: means with 95 % intervals, or medians with 5-95 % ranges where means say nothing."""
    from sims.experiments.images import growing_models as trials
    from sims.experiments.images.feature_models import Scores
    from sims.verdict import edge

    turn = trials.turn(setting)
    rows = []
    for i, size in enumerate(trials.sizes(setting)):
        heavy = setting.has_threshold and abs(size - turn) <= edge(turn)
        # a ReLU unit that is alive on one training image, and just so, has a coefficient without bounds; a
        # narrow network fits by large weights
        heavy |= setting.model in ("relu", "network") and size < turn
        row: dict[str, Any] = {
            "model": setting.model,
            "size": int(size),
            "ratio": float(size / turn),
            "centre": "median" if heavy else "mean",
            "trials": len(measured.scores),
        }
        for name in setting.fields:
            values = measured.scores[:, i, Scores._fields.index(name)]
            row[name], row[f"{name}_low"], row[f"{name}_high"] = _interval(values, heavy)
        rows.append(row)
    return rows


def _interval(values: "NDArray[np.float64]", heavy: bool) -> tuple[float, float, float]:
    """Centre and ends; one trial has no interval."""
    import numpy as np
    from scipy.special import stdtrit

    if heavy:
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        return float(middle), float(low), float(high)
    mean, count = float(values.mean()), len(values)
    half = float(stdtrit(count - 1, 0.975) * values.std(ddof=1) / np.sqrt(count)) if count > 1 else 0.0
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
    stem=lambda config: f"belkin2019-{config['experiment']}",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
