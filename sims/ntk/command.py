"""Wide networks become kernel machines: how fast, and what stays of the difference.

python -m sims.ntk
"""

import argparse
import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sims.shell import console, drawing, runner
from sims.trials import fingerprint

if TYPE_CHECKING:
    from sims.experiments.linearisation import Setting, Slope, Sweep
    from sims.verdict import Verdict

EXAMPLES = """examples:
  python -m sims.ntk
  python -m sims.ntk --activation tanh --width-max 16384
  python -m sims.ntk --depth 2 --trials 100 --json > ntk.json

exit codes: 0 theory and simulation agree, 1 they disagree, 2 usage, 3 a solver did not converge,
4 stopped early and resumable, 5 undecided (too few trials), 130 interrupted
"""
# units whose slope jumps: some of them change sign in training, and the jumps add up
KINKED = ("relu", "leaky_relu", "abs")
USUAL = {"width_max": 4096, "trials": 400}
QUICK = {"width_max": 1024, "trials": 150}
DRIFT = 2.0  # sqrt(width) times what training at finite width may add to a mean, in standard deviations
LEVEL = 0.99  # of the intervals of slopes
FALSE_ALARM = 1e-3  # of each statement
USEFUL = 0.5  # a number that would not notice a theory 50 % off says nothing
LABELS = {
    "fluctuation": "kernel at the start, from its limit",
    "drift": "kernel after training, from its start",
    "gap": "outputs after training, from the linearised network",
}


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.ntk",
        description="Networks of growing width against their infinitely wide limit: tangent kernel, its "
        "drift in training, the linearised network, mean and variance over random starts.",
        epilog=EXAMPLES,
    )
    add = result.add_argument
    add("--activation", default="relu", help="tanh, erf, ... (%(default)s)")
    add("--depth", type=int, default=1, help="hidden layers (%(default)d)")
    add("--n", type=int, default=6, help="training samples (%(default)d)")
    add("--d", type=int, default=3, help="input dimension (%(default)d)")
    add("--width-min", type=int, default=64, help="smallest width (%(default)d); it doubles from there")
    add("--width-max", type=int, help="largest width (4096)")
    add("--time", type=float, default=8.0, help="training time, step times steps (%(default)g)")
    add("--weight-variance", type=float, default=2.0, help="sigma_w^2 (%(default)g)")
    add("--bias-variance", type=float, default=0.0, help="sigma_b^2 (%(default)g)")
    add("--trials", type=int, help="networks of each width (400)")
    add("--seed", type=int, default=0, help="%(default)d")
    add("--quick", action="store_true", help="smaller: width-max 1024, 150 trials unless given")
    console.add_sweep(result)
    console.add_output(result)
    return result


def settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The complete configuration of a run, defaults filled in, every value checked.

    >>> settings(parser().parse_args(["--quick"]))["width_max"]
    1024
    """
    from theory.activation import function

    sizes = QUICK if arguments.quick else USUAL
    whole = {
        name: getattr(arguments, name) for name in ("depth", "n", "d", "width_min", "width_max", "trials")
    }
    whole = {name: sizes[name] if value is None else value for name, value in whole.items()}
    for name, value in whole.items():
        low = 2 if name in ("n", "trials") else 1
        if value < low:
            raise ValueError(f"--{name.replace('_', '-')} = {value} must be at least {low}")
    function(arguments.activation)
    if arguments.activation == "sign":
        raise ValueError("--activation = sign has no gradient to train by; use erf or tanh")
    if whole["width_max"] < 4 * whole["width_min"]:
        raise ValueError(
            f"--width-max = {whole['width_max']} must be at least 4 times --width-min = "
            f"{whole['width_min']}: a slope needs three widths"
        )
    for name, value in (("time", arguments.time), ("weight-variance", arguments.weight_variance)):
        if not 0 < value < float("inf"):
            raise ValueError(f"--{name} = {value:g} must be finite and positive")
    if not 0 <= arguments.bias_variance < float("inf"):
        raise ValueError(f"--bias-variance = {arguments.bias_variance:g} must be finite and zero or positive")
    if arguments.seed < 0:
        raise ValueError(f"--seed = {arguments.seed} must be zero or positive")
    return {
        "activation": arguments.activation,
        **whole,
        "time": arguments.time,
        "weight_variance": arguments.weight_variance,
        "bias_variance": arguments.bias_variance,
        "seed": arguments.seed,
    }


def plan(config: Mapping[str, Any]) -> runner.Plan:
    """What is simulated."""
    from sims.experiments import linearisation

    name = f"ntk/{config['activation']}/{config['depth']}"
    return runner.Plan(partial(linearisation.trial, _setting(config)), name, config)


def _setting(config: Mapping[str, Any]) -> "Setting":
    import numpy as np

    from sims.experiments import linearisation

    octaves = int(np.log2(config["width_max"] / config["width_min"]) + 1e-9)
    return linearisation.Setting(
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
    import numpy as np

    from sims.experiments import linearisation

    setting = _setting(config)
    sample = runner.simulate(plan(config), effort)
    sweep = linearisation.unpack(setting, sample)
    rows = []
    for i, width in enumerate(setting.widths):
        row: dict[str, Any] = {"width": width, "exact_fluctuation": _exact_fluctuation(setting, width)}
        for j, quantity in enumerate(linearisation.QUANTITIES):
            squares = np.exp(2 * sweep.logs[:, i, j])
            row[quantity] = float(np.sqrt(squares.mean()))
            row[f"{quantity}_se"] = float(squares.std(ddof=1) / np.sqrt(len(squares)) / row[quantity] / 2)
        rows.append(row)
    slopes = []
    for j, quantity in enumerate(linearisation.QUANTITIES):
        found = linearisation.slope(setting.widths, sweep.logs[:, :, j], LEVEL)
        expected, status = _judge_slope(quantity, config["activation"], found)
        slopes.append({"quantity": quantity, **found._asdict(), "expected": expected, "status": status})
    checks = [
        {
            "name": name,
            "status": verdict.status if verdict.status == "disagrees" else _told(verdict.resolution),
            "resolution": verdict.resolution,
            "family": verdict.family,
        }
        for name, verdict in _checks(setting, sweep).items()
    ]
    statuses = [entry["status"] for entry in (*slopes, *checks)]
    order = ("disagrees", "undecided", "agrees")
    return {
        "schema": 1,
        "command": console.command("sims.ntk", config),
        "config": dict(config),
        "seed": config["seed"],
        "versions": fingerprint.versions(),
        "step": setting.step,
        "steps": setting.steps,
        "rows": rows,
        "slopes": slopes,
        "checks": checks,
        "verdict": {
            "status": next(status for status in order if status in statuses),
            "false_alarm": FALSE_ALARM * len(statuses),
            "family": len(statuses),
        },
    }


def _exact_fluctuation(setting: "Setting", width: int) -> float | None:
    """Root mean square of |K - Theta|/|Theta|, where it is known: one hidden layer of relu units."""
    import numpy as np

    from theory import kernel

    if setting.activation != "relu" or setting.depth != 1:
        return None
    variance = kernel.empirical_ntk_variance(setting.data[0], None, setting.sigma_w2, setting.sigma_b2)
    return float(np.sqrt(variance.sum() / width) / np.linalg.norm(setting.ntk))


def _judge_slope(quantity: str, activation: str, found: "Slope") -> tuple[str, str]:
    """What is expected of a slope, and whether it is so up to chance FALSE_ALARM."""
    from scipy.special import ndtri

    margin = -float(ndtri(FALSE_ALARM / 2)) * found.se
    low, high = found.value - margin, found.value + margin
    if margin > 0.25:
        told = "undecided"  # -1/2 and -1 are no further apart
    elif quantity == "fluctuation":  # units are independent: exactly 1/sqrt(width), in mean square
        told = "agrees" if low <= -0.5 <= high else "disagrees"
    elif quantity == "gap":
        told = "disagrees" if low > -0.5 else "agrees"
    elif activation in KINKED:
        told = "agrees" if low > -1 else "disagrees" if high < -1 else "undecided"
    else:
        told = "agrees" if high < -0.5 else "disagrees" if low > -0.5 else "undecided"
    drift = "flatter than -1" if activation in KINKED else "steeper than -1/2"
    return {"fluctuation": "-1/2", "gap": "-1/2 or steeper", "drift": drift}[quantity], told


def _told(resolution: float) -> str:
    return "agrees" if resolution <= USEFUL else "undecided"


def _checks(setting: "Setting", sweep: "Sweep") -> dict[str, "Verdict"]:
    """Numbers of the widest networks against theory."""
    import numpy as np

    from sims.trials.sample import Sample
    from sims.verdict import judge
    from theory import dynamics, kernel

    X, y, fresh = setting.data
    place, width = np.tril_indices(setting.n), setting.widths[-1]
    limit = setting.ntk[place]
    # one layer is a mean of independent units; each further one adds a bias of order 1/width
    size = np.sqrt(np.outer(np.diag(setting.ntk), np.diag(setting.ntk)))[place]
    granted = (setting.depth - 1) * 2 / width * size / np.abs(limit)
    results = {}
    exact = setting.activation == "relu" and setting.depth == 1
    variance = np.zeros(len(limit))
    if exact:
        variance = kernel.empirical_ntk_variance(X, None, setting.sigma_w2, setting.sigma_b2)[place]
    spread = np.sqrt(variance / width)
    results["mean of the kernel"] = judge(sweep.entries, limit, granted, spread=spread)
    if exact:
        squares = (sweep.entries.values - limit) ** 2 / (variance / width)
        results["variance of the kernel"] = judge(Sample(squares.mean(axis=1, keepdims=True)), 1.0)
    time = setting.steps * setting.step
    ensemble = dynamics.linearised_network(X, y, fresh, time, *setting.network, step=setting.step)
    spread = np.sqrt(ensemble.variance)
    # in units of the spread, and shifted by it: a share of the spread is granted, not of a mean near 0
    standard = (sweep.outputs.values - ensemble.mean) / spread
    results["mean of trained networks"] = judge(Sample(1 + standard), 1.0, DRIFT / np.sqrt(width), spread=1.0)
    results["variance of trained networks"] = judge(
        Sample((standard**2).mean(axis=1, keepdims=True)), 1.0, 2 * DRIFT / np.sqrt(width)
    )
    return results


def _failures() -> tuple[type[Exception], ...]:
    from sims.training import DivergenceError
    from theory import ConvergenceError

    return ConvergenceError, DivergenceError


# ---------------------------------------------------------------- what the reader sees


def _headline(config: Mapping[str, Any]) -> str:
    fixed = ", ".join(f"{name.replace('_', ' ')} = {value}" for name, value in config.items())
    return f"f(x) = N^-1/2 sigma_w a.s(W x sigma_w/sqrt d), width N -> infinity\n{fixed}"


def _report(document: Mapping[str, Any], files: Sequence[Path], plot: bool) -> None:
    if plot:
        console.say("\n" + _terminal_plot(document))
    names = ("width", "fluctuation", "exact", "drift", "gap")
    lines = []
    for row in document["rows"]:
        exact = row["exact_fluctuation"]
        cells = [f"{console.number(row[q])} ± {console.number(row[f'{q}_se'], 2)}" for q in LABELS]
        lines.append(
            [str(row["width"]), cells[0], "" if exact is None else console.number(exact), *cells[1:]]
        )
    console.say("\n" + console.table(names, lines))
    console.say(
        "root mean squares of: fluctuation |K - Theta|/|Theta| at the start, drift |K' - K|/|K| in "
        "training,\ngap, the largest distance from the linearised network over the root mean square label"
    )
    lines = [
        [
            LABELS[s["quantity"]],
            f"{s['value']:.3f}",
            f"[{s['low']:.3f}, {s['high']:.3f}]",
            s["expected"],
            s["status"],
        ]
        for s in document["slopes"]
    ]
    console.say(
        "\n" + console.table(("slope in width of", "value", f"{LEVEL:.0%}", "expected", "status"), lines)
    )
    lines = [
        [c["name"], str(c["family"]), f"{100 * c['resolution']:.2g} %", c["status"]]
        for c in document["checks"]
    ]
    console.say(
        "\n" + console.table(("at the largest width", "numbers", "resolution", "status"), lines, left=(0, 3))
    )
    verdict = document["verdict"]
    console.say(
        f"\nverdict: {verdict['status']}. {verdict['family']} statements, chance of a false alarm on all of "
        f"them {verdict['false_alarm']:.2g}."
    )
    if document["config"]["activation"] in KINKED:
        console.say(
            "the kernel of kinked units drifts more slowly than 1/width: some units change sign in training."
        )
    console.closing(document, files)


def _terminal_plot(document: Mapping[str, Any]) -> str:
    import shutil

    import plotext

    rows = document["rows"]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(100, shutil.get_terminal_size((80, 24)).columns), 18)
    widths = [row["width"] for row in rows]
    for quantity, mark in zip(LABELS, ("o", "x", "+"), strict=True):
        plotext.scatter(widths, [row[quantity] for row in rows], marker=mark, label=quantity)
    plotext.xscale("log")
    plotext.yscale("log")
    plotext.xticks(widths, [str(width) for width in widths])
    plotext.title("relative size against width")
    text: str = plotext.uncolorize(plotext.build())
    return "\n".join(part.rstrip() for part in text.splitlines())


def _csv(document: Mapping[str, Any]) -> str:
    page = io.StringIO()
    writer = csv.DictWriter(page, list(document["rows"][0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(document["rows"])
    return page.getvalue()


COMMAND = runner.Command(
    parser=parser,
    settings=settings,
    plan=plan,
    measure=measure,
    headline=_headline,
    report=_report,
    csv=_csv,
    draw=partial(drawing.command_figure, "ntk"),
    stem=lambda config: f"ntk-{config['activation']}",
    failures=_failures,
    fewest=2,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return runner.main(COMMAND, argv)
