"""Your own data: a CSV file, its test-error curve predicted before training, and checked on held-out rows."""

import contextlib
import hashlib
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from figures.commands.sweet_spot import error_bars
from figures.explorer._knobs import Choice, Knob
from figures.explorer._view import Band, Chart, Line, Marks, Part, RefusedError, Rule, View, error_line
from sims import data
from sims.shell import runner
from sims.sweet_spot import command
from sims.sweet_spot.report import answers, sentence

OWN = "your file"
BY_ITSELF = "by itself"
SETS = (OWN, "digits", "diabetes", "breast-cancer")
KNOBS: tuple[Knob, ...] = (
    Choice("data", "data", SETS, OWN),
    Choice("features", "features", ("relu", "fourier", "linear"), "relu"),
    Choice("as", "target is read as", (BY_ITSELF, "numbers", "classes"), BY_ITSELF),
)
OF_FILES = ("as",)
"""Knobs that named sets do not have."""
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 4_000_000, 5000, 200
MOST_FILES = 100
"""Files that the server keeps at once."""
MOST_NAME, MOST_WORDS = 255, 400
"""Characters of a file's name, and of what is said of a file."""
POINTS, TRIALS = 8, 2


def keep(name: str, contents: bytes, folder: Path) -> Path:
    """Keep an upload of a size that the explorer reads, under the digest of its contents: users do not meet.

    Raises
    ------
    RefusedError
        One line that says what is wrong with the file, whatever it holds.
    """
    shown = title(name)
    if not shown.lower().endswith(".csv"):
        raise RefusedError(f"{shown} is no CSV file by its name; save it as one")
    if len(contents) > MOST_BYTES:
        raise RefusedError(
            f"{shown} has {len(contents) / 1e6:.1f} MB; the explorer reads up to {MOST_BYTES / 1e6:g} MB"
        )
    lines = contents.count(b"\n") + contents.count(b"\r") - contents.count(b"\r\n")
    if lines > MOST_ROWS + 1:
        raise RefusedError(
            f"{shown} has more than {MOST_ROWS} rows; upload a part of it, or use python -m sims.sweet_spot"
        )
    path = folder / f"{hashlib.sha256(contents).hexdigest()[:32]}.csv"
    if not path.exists() and sum(1 for _ in folder.iterdir()) >= MOST_FILES:
        raise RefusedError(
            f"{shown}: the explorer keeps {MOST_FILES} files already; start it again to make room"
        )
    if not path.exists():  # else somebody may be reading it
        path.write_bytes(contents)
    try:
        with refusals(path, shown):
            if len(data.columns(path)) > MOST_COLUMNS:
                raise RefusedError(f"{shown} has more than {MOST_COLUMNS} columns; leave some out")
    except RefusedError:
        path.unlink()
        raise
    return path


def title(name: str) -> str:
    """The name of a file without its folders, as it is shown.

    >>> title("C:\\\\data\\\\houses.csv")
    'houses.csv'
    """
    return name.replace("\\", "/").rpartition("/")[2][:MOST_NAME] or "the file"


def reading(word: str) -> data.Reading | None:
    """How a target is to be read, by the word of the knob; None leaves it to the reader of files.

    >>> reading("numbers"), reading("by itself")
    ('numbers', None)
    """
    return None if word == BY_ITSELF else cast(data.Reading, word)


def check(path: Path, shown: str, target: str, wanted: data.Reading | None) -> list[str]:
    """How a kept file is read to predict its column `target`, in sentences.

    Raises
    ------
    RefusedError
        One line that says why it cannot be used so.
    """
    with refusals(path, shown):
        return data.told(data.load(str(path), target, wanted))


@contextlib.contextmanager
def refusals(path: Path, shown: str) -> Iterator[None]:
    """Whatever goes wrong with a user's file becomes one line that calls it by its own name."""
    try:
        with np.errstate(all="ignore"):  # numbers that overflow: what comes of them is checked
            yield
    except RefusedError:
        raise
    except Exception as error:
        told, mark, words = error_line(error).partition("python -m sims.sweet_spot ")
        told = f"{told}{mark}{_again(words, str(path), shown)}"
        told = told.replace(str(path), shown).replace("--target ", "target ")
        told = told.replace("as --as ", "as ")
        told = told if shown in told else f"{shown}: {told}"
        raise RefusedError(told if len(told) <= MOST_WORDS else f"{told[:MOST_WORDS]} ...") from None


def targets(path: Path) -> tuple[str, ...]:
    """The names of the columns of a kept file, beginning with the last, which is the usual target."""
    *inputs, last = data.columns(path)
    return (last, *inputs)


def settle(
    source: str,
    shown: str,
    target: str | None,
    wanted: data.Reading | None,
    features: str,
    store: Path | None,
) -> Iterator[View]:
    """Predict the curve of a named set or of a kept file, and check it.

    Column and reading of the target are for files alone; None stands for the last column, and for the reading
    that `data.load` chooses.
    """
    path = Path(source)
    with refusals(path, shown):
        words = [source, "--features", features, "--points", str(POINTS), "--trials", str(TRIALS)]
        words += [] if target is None else [f"--target={target}"]  # a name may begin with a dash
        words += [] if wanted is None else ["--as", wanted]
        asked = command.parser().parse_args([*words, "--quick"])
        config = command.settings(asked)
        document = command.measure(config, runner.Effort(store=store))
        numbers = [row[key] for row in document["rows"] for key in ("predicted", "measured")]
        if not np.isfinite(numbers).all():
            raise RefusedError(f"{shown}: the predicted errors are not finite; rescale its columns")
        yield _view(document, shown, _again(document["command"], source, shown))


def _again(line: str, source: str, shown: str) -> str:
    """The command for a file by its own name, which may need quotes, and may begin with a dash."""
    name = f"./{shown}" if shown.startswith("-") else shown
    return line.replace(shlex.quote(source), shlex.quote(name), 1)


def _view(document: Mapping[str, Any], shown: str, again: str) -> View:
    config, rows = document["config"], document["rows"]
    keys = ("p", "measured", "low", "high", "predicted", "ridgeless")
    p, measured, low, high, tuned, none = (np.array([row[key] for row in rows], dtype=float) for key in keys)
    half = error_bars(document, rows)
    parts: tuple[Part, ...] = (
        Band("95 % interval of the prediction", p, low, high, 0, 0.15),
        Line("predicted, best ridge", p, tuned, 0),
        Line("predicted, ridge 0", p, none, 4),
        Marks("measured, best ridge", p, measured, measured - half, measured + half, 6),
        Rule("p = n", float(config["n"])),
    )
    seen = np.concatenate([measured, tuned])  # however far they are apart
    least = max(float(seen.min()), 1e-12)
    chart = Chart(
        f"{shown}, {config['features']} features, n = {config['n']}",
        "number of features p", "test error", (float(p[0]) / 1.1, float(p[-1]) * 1.1),
        (least / 2, 4 * float(seen.max())), parts, x_log=True, y_log=True,
    )  # fmt: skip
    read = "data: " + " ".join(document["reading"])
    told = [line.strip() for line in answers(document).splitlines()]
    words = (*sentence(document).splitlines()[:1], *told, read)
    return View((chart,), again, "", document["verdict"]["status"], words, name="sweet_spot")
