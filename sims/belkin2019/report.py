"""What `python -m sims.belkin2019` shows: headline, terminal plots, tables, verdict, and rows as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sims.shell import console

TITLES = {
    "fourier": "random Fourier features exp(i v.x)",
    "fourier-real": "random Fourier features cos v.x, sin v.x",
    "relu": "random ReLU features",
    "network": "network with one hidden layer",
    "forest": "random forest",
    "boosting": "boosted trees",
}
SIZES = {
    "fourier": "frequencies N",
    "fourier-real": "frequencies N",
    "relu": "features N",
    "network": "parameters",
    "forest": "leaves",
    "boosting": "leaves",
}
TURNS = {
    "fourier": "threshold N = n",
    "fourier-real": "threshold 2N = n",
    "relu": "threshold N = n",
    "network": "threshold n K",
    "forest": "second tree",
    "boosting": "second member",
}


def headline(config: Mapping[str, Any]) -> str:
    """What is fitted to what."""
    given = {name: value for name, value in config.items() if value not in (None, False)}
    fixed = ", ".join(
        f"{name.replace('_', ' ')} = {given[name]}"
        for name in ("data", "n", "n_max", "label_noise")
        if name in given
    )
    return f"{config['experiment']}: least squares on one-hot classes, ever larger models\n{fixed}"


def report(document: Mapping[str, Any], files: Sequence[Path], plot: bool) -> None:
    """The result for a person, on stdout."""
    for model in document["models"]:
        rows = [row for row in document["rows"] if row["model"] == model["model"]]
        console.say(f"\n{_title(model)}")
        if plot:
            console.say("\n" + _terminal_plot(model, rows))
        console.say("\n" + _table(model, rows))
    console.say(
        "\nlosses: squared, summed over classes, and share of wrong classes; ± is half a 95 % interval over"
        "\ntrials, * the median and [5 %, 95 %] where means say nothing: next to a threshold, and below it"
        "\nof ReLU features and networks."
    )
    if any(row["model"] in ("fourier", "fourier-real", "relu") for row in document["rows"]):
        console.say("norm: N |a|^2, which tends to the squared norm of the kernel interpolant.")
    if any(row["model"] == "network" for row in document["rows"]):
        console.say(
            "label noise: the paper's networks have a peak without it. Ours, on so few images, have it with\n"
            "noise; without it their squared loss is level up to the threshold, and falls from there."
        )
    console.say("\n" + _claims(document))
    console.closing(document, files)


def _title(model: Mapping[str, Any]) -> str:
    noise = f", label noise {model['label_noise']:g}" if model["label_noise"] else ""
    place = f"{TURNS[model['model']]} at {model['turn']}"
    return f"{TITLES[model['model']]}: {model['data']}, n = {model['n']}{noise}; {place}"


def _table(model: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    names = [name for name in ("test", "train", "zero_one", "zero_one_train", "norm") if name in rows[0]]
    lines = []
    for row in rows:
        cells = [
            _cell(row, name) if name in ("test", "zero_one") else console.number(row[name], 3)
            for name in names
        ]
        lines.append([f"{row['size']}", f"{row['ratio']:.3g}", *cells])
    if model["limit"] is not None:
        cells = [console.number(model["limit"][name], 3) for name in names]
        lines.append(["kernel", "inf", *cells])
    labels = ("test", "train", "0-1 test", "0-1 train", "norm")[: len(names)]
    return console.table((SIZES[model["model"]], "/turn", *labels), lines, left=())


def _cell(row: Mapping[str, Any], name: str) -> str:
    if row["trials"] == 1:  # nothing is known of its spread
        return console.number(row[name], 3)
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if row["centre"] == "median":
        return f"* {console.number(row[name], 3)} [{console.number(low, 2)}, {console.number(high, 2)}]"
    return f"{console.number(row[name], 3)} ± {console.number((high - low) / 2, 2)}"


def _claims(document: Mapping[str, Any]) -> str:
    verdict = document["verdict"]
    lines = [
        [
            claim["model"],
            claim["statement"],
            f"{console.number(claim['mean'], 3)} ± {console.number(claim['se'], 2)}",
            console.number(claim["resolution"], 2),
            claim["status"],
        ]
        for claim in document["claims"]
    ]
    text = console.table(
        ("model", "statement: a mean below 0", "mean ± se", "resolution", "status"), lines, left=(0, 1, 4)
    )
    status = verdict["status"]
    if status == "undecided":
        needed = verdict["trials_needed"]
        status += (
            f" (needs about {needed:.0f} trials)" if needed < float("inf") else " (more trials are needed)"
        )
    return (
        f"{text}\n\nverdict: {status}. {verdict['family']} statements, chance of a false alarm on all of "
        f"them {verdict['false_alarm']:g}.\n"
        "resolution: a mean so far from 0 decides, the surest statement first (Holm). Statistics are paired\n"
        "by trial: log ratios of squared losses (of the peak at least -1) and of norms, differences of\n"
        "zero-one losses."
    )


def _terminal_plot(model: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    import shutil

    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(100, shutil.get_terminal_size((80, 24)).columns), 16)
    size = [row["size"] for row in rows]
    for name, mark, label in (("test", "o", "squared"), ("zero_one", "x", "zero-one")):
        seen = [(s, row[name]) for s, row in zip(size, rows, strict=True) if row[name] > 0]
        plotext.scatter(*map(list, zip(*seen, strict=True)), marker=mark, label=label)
    plotext.vline(model["turn"])
    plotext.xscale("log")
    plotext.yscale("log")
    ticks = [size[0], model["turn"], size[-1]]
    plotext.xticks(ticks, [str(tick) for tick in ticks])
    plotext.title(f"test loss against {SIZES[model['model']]}")
    text: str = plotext.uncolorize(plotext.build())
    return "\n".join(part.rstrip() for part in text.splitlines())


def rows_csv(document: Mapping[str, Any]) -> str:
    """The rows, one a line."""
    page = io.StringIO()
    columns = max((list(row) for row in document["rows"]), key=len)  # trees have no norm
    writer = csv.DictWriter(page, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(document["rows"])
    return page.getvalue()
