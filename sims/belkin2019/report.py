"""What `python -m sims.belkin2019` shows: headline, terminal plots, tables, verdict, and rows as CSV."""

from collections.abc import Mapping, Sequence
from typing import Any

from sims.shell import console, terminal

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
BRANCH_POINTS = {
    "fourier": "threshold N = n",
    "fourier-real": "threshold 2N = n",
    "relu": "threshold N = n",
    "network": "threshold n K",
    "forest": "second tree",
    "boosting": "second member",
}
LEGEND = """\
ratio: size over the size at the threshold, or over that of one full-grown member. Losses: squared,
summed over classes, and share of wrong classes. ± is half a 95 % interval over trials; * is the
median and [5 %, 95 %] where means say nothing: next to a threshold, below the threshold of ReLU
features, and for networks."""
LABEL_NOISE = """\
label noise: the paper's networks have a peak without it. Ours are trained on so few images that they
need it: without it their squared loss is level up to the threshold, and falls from there."""
STATISTICS = """\
resolution: a mean this far below its limit decides; the surest statement is judged first (Holm).
statistics: paired by trial; log ratios of squared losses (of the peak at least -1) and of norms,
differences of zero-one losses."""


def headline(config: Mapping[str, Any]) -> str:
    """What is fitted to what."""
    given = {name: value for name, value in config.items() if value not in (None, False)}
    fixed = ", ".join(
        f"{name.replace('_', ' ')} = {given[name]}"
        for name in ("data", "n", "n_max", "label_noise")
        if name in given
    )
    return f"{config['experiment']}: least squares on one-hot classes, ever larger models\n{fixed}"


def report(document: Mapping[str, Any], plot: bool) -> None:
    """Print the result for a person."""
    for model in document["models"]:
        rows = [row for row in document["rows"] if row["model"] == model["model"]]
        console.say(f"\n{_title(model)}")
        if plot:
            console.say("\n" + _terminal_plot(model, rows))
        console.say("\n" + _table(model, rows))
    console.say("\n" + LEGEND)
    if any(row["model"] in ("fourier", "fourier-real", "relu") for row in document["rows"]):
        console.say("norm: N |a|^2, which tends to the squared norm of the kernel interpolant.")
    if any(row["model"] == "network" for row in document["rows"]):
        console.say(LABEL_NOISE)
    console.say("\n" + _claims(document))


def _title(model: Mapping[str, Any]) -> str:
    noise = f", label noise {model['label_noise']:g}" if model["label_noise"] else ""
    branch_point = f"{BRANCH_POINTS[model['model']]} at {model['turn']}"
    return f"{TITLES[model['model']]}: {model['data']}, n = {model['n']}{noise}; {branch_point}"


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
    return console.table((SIZES[model["model"]], "ratio", *labels), lines, left=())


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
            console.number(claim["limit"]),
            console.number(claim["resolution"], 2),
            claim["status"],
        ]
        for claim in document["claims"]
    ]
    text = console.table(
        ("model", "statement: the mean is below its limit", "mean ± se", "limit", "resolution", "status"),
        lines,
        left=(0, 1, 5),
    )
    word = console.verdict_word(verdict, "more trials are needed")
    return (
        f"{text}\n\nverdict: {word}. {verdict['family']} statements, chance of a false alarm on all of "
        f"them {verdict['false_alarm']:g}.\n"
        f"{STATISTICS}"
    )


def _terminal_plot(model: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    return terminal.plot(
        f"test loss against {SIZES[model['model']]}",
        [
            terminal.Series(label, [(row["size"], row[name]) for row in rows if row[name] > 0], marker)
            for name, label, marker in (("test", "squared", "o"), ("zero_one", "zero-one", "x"))
        ],
        height=16,
        vertical=model["turn"],
        ticks={size: str(size) for size in (rows[0]["size"], model["turn"], rows[-1]["size"])},
    )


def rows_csv(document: Mapping[str, Any]) -> str:
    """The rows, one a line; trees have no norm, so that its columns are empty for them."""
    return console.csv_text(max(map(list, document["rows"]), key=len), document["rows"])
