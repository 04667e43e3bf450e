"""Building figures: those that are up to date stay, the others are drawn anew from their own data."""

import json
import shlex
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from figures import registry, sources
from figures.parameters import Value
from sims.data import MissingExtraError
from sims.messages import one_line
from sims.shell import console
from sims.trials import fingerprint
from sims.trials.pool import local_pool

FORMATS = ("pdf", "png", "svg", "pgf", "csv")


class Settings(NamedTuple):
    """How figures are written."""

    formats: tuple[str, ...] = ("pdf", "png", "csv")
    style: str = "paper"
    column: str = "icml"
    sets: tuple[str, ...] = ()
    """Changes of parameters of the figure, as words name=value."""
    published: bool = False
    """Take the values of the published figure."""

    @property
    def command(self) -> str:
        """The options of drawing that differ from the defaults, as words of a command line."""
        usual = Settings()
        words = "" if self.formats == usual.formats else f" --format {','.join(self.formats)}"
        words += "" if self.style == usual.style else f" --style {self.style}"
        return words + ("" if self.column == usual.column else f" --column {self.column}")


class Built(NamedTuple):
    """What became of one figure."""

    name: str
    status: str
    """"built" by this run, "current" (it was up to date), "missing" (it needs an extra), or "failed"."""
    seconds: float
    error: str = ""
    """Kind and message of the error, in one line."""


def changes(name: str, settings: Settings) -> dict[str, Value]:
    """The parameters of the figure that differ from their defaults.

    >>> changes("hastie2022_snr", Settings(sets=("trials=8", "n=60")))
    {'trials': 8}
    """
    if not settings.sets and not settings.published:
        return {}  # without a look into its module
    return registry.figure(name).changed(settings.sets, settings.published, name)


def stem(name: str, settings: Settings) -> str:
    """The name of the figure's files without suffix: it carries the parameters that differ.

    >>> stem("hastie2022_snr", Settings()), stem("hastie2022_snr", Settings(sets=("n=40", "trials=8")))
    ('hastie2022_snr', 'hastie2022_snr--n=40--trials=8')
    """
    return "--".join([name, *_words(changes(name, settings))])


def command(name: str, settings: Settings) -> str:
    """The command that draws the figure."""
    words = _words(changes(name, settings))
    setting = f" --set {shlex.join(words)}" if words else ""
    return f"python -m figures build {name}{settings.command}{setting}"


def _words(changed: Mapping[str, Value]) -> list[str]:
    return [f"{name}={value}" for name, value in changed.items()]


def manifest(stem: str, folder: Path) -> dict[str, Any]:
    """What the last build of these files recorded: key, numbers, resolutions, digests; or nothing."""
    try:
        record = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def current(name: str, folder: Path, settings: Settings) -> bool:
    """Is every file of the figure there, and made by these sources with these settings?"""
    files = stem(name, settings)
    record = manifest(files, folder)
    if record.get("key") != key(name, settings):
        return False
    digests = record.get("files", {})
    return set(digests) == {f"{files}.{suffix}" for suffix in settings.formats} and all(
        (folder / file).is_file() and _digest((folder / file).read_bytes()) == digest
        for file, digest in digests.items()
    )


def require_current(folder: Path) -> None:
    """ValueError if a figure is not up to date in the usual formats."""
    late = [name for name in registry.names() if not current(name, folder, Settings())]
    if late:
        few = ", ".join([*late[:3], *(["..."] if len(late) > 3 else [])])
        raise ValueError(
            f"{len(late)} of {len(registry.names())} figures are not up to date in {folder} ({few}); "
            "run python -m figures first"
        )


def key(name: str, settings: Settings) -> str:
    """Digest of all that the files of a figure depend on."""
    own = b"".join(path.read_bytes() for path in sources.needed([f"figures.plots.{name}"]))
    drawn = settings.style, settings.column, changes(name, settings)
    return _digest(f"{_shared()} {drawn} {_digest(own)}".encode())


@cache
def _shared() -> str:
    """What every figure depends on: theory and sims, the modules that build, the style, matplotlib."""
    files = [*sources.needed([__name__]), sources.HOME / "style.mplstyle"]
    text = b"".join(path.read_bytes() for path in files)
    return f"{fingerprint.code()} {_digest(text)} {_matplotlib()}"


def _matplotlib() -> str:
    from importlib.metadata import version

    return version("matplotlib")


def _digest(text: bytes) -> str:
    return sha256(text).hexdigest()


def build(name: str, folder: Path, settings: Settings) -> Built:
    """Draw one figure and write its files and manifest; a failure is told, not raised."""
    from sims.blas import one_thread

    start = time.perf_counter()
    try:
        with one_thread():  # the same bits on any number of cores
            _write(name, folder, settings)
    except MissingExtraError as error:
        return Built(name, "missing", time.perf_counter() - start, one_line(error))
    except Exception as error:  # of whatever kind: the other figures are still built
        message = one_line(f"{type(error).__name__}: {error}")
        return Built(name, "failed", time.perf_counter() - start, message)
    return Built(name, "built", time.perf_counter() - start)


def _write(name: str, folder: Path, settings: Settings) -> None:
    from figures import files, plotted
    from sims.shell import console

    declared = registry.figure(name)
    changed = changes(name, settings)
    data = declared.data(**changed)
    with files.house_style(settings.style, settings.column):
        figure = declared.draw(data)
        if settings.style == "latex":
            files.spell(figure)
        pictures = [suffix for suffix in settings.formats if suffix != "csv"]
        origin, own = command(name, settings), stem(name, settings)
        paths = files.save(figure, folder / own, origin, pictures)
        if "csv" in settings.formats:
            paths.append(folder / f"{own}.csv")
            paths[-1].write_text(plotted.table(figure), encoding="utf-8", newline="")
    record = {
        "name": name,
        "key": key(name, settings),
        "command": origin,
        "parameters": {one.name: changed.get(one.name, one.default) for one in declared.parameters},
        "versions": fingerprint.versions(),
        "numbers": {} if declared.numbers is None else declared.numbers(data),
        "resolutions": _judged(data, "resolution"),
        "hidden": _judged(data, "hidden"),
        "files": {path.name: _digest(path.read_bytes()) for path in sorted(paths)},
    }
    # last, so that a build that was cut short is repeated
    (folder / f"{own}.json").write_text(console.to_json(record) + "\n", encoding="utf-8")


def _judged(data: dict[str, Any], field: str) -> dict[str, float]:
    """A field of the simulated points that were judged, by their names in the data."""
    from figures.marks import Points

    return {
        name: float(getattr(entry, field))
        for name, entry in data.items()
        if isinstance(entry, Points) and entry.resolution == entry.resolution
    }


def run(
    names: Iterable[str], folder: Path, settings: Settings, jobs: int = 1, force: bool = False
) -> Iterator[Built]:
    """Build the figures that are out of date, `jobs` at once, and yield each one as it is done."""
    late = []
    for name in names:
        if not force and current(name, folder, settings):
            yield Built(name, "current", 0.0)
        else:
            late.append(name)
    with local_pool(min(jobs, max(len(late), 1))) as pool:
        if pool is None:
            for name in late:
                yield build(name, folder, settings)
            return
        running = {pool.submit(build, name, folder, settings) for name in late}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


def line(built: Built) -> str:
    """What became of a figure, in one line for the terminal.

    >>> line(Built("mei2022_risk", "built", 2.5))
    'mei2022_risk  built in 2.5 s'
    """
    after = {"built": f" in {console.duration(built.seconds)}", "failed": f": {built.error}",
             "missing": f": {built.error}"}  # fmt: skip
    return f"{built.name}  {built.status}{after.get(built.status, '')}"
