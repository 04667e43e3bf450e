"""Building figures: what is up to date stays, the rest is drawn anew from its own data."""

import json
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from figures import registry
from sims.shell import console
from sims.trials import fingerprint
from sims.trials.pool import local_pool

FORMATS = ("pdf", "png", "svg", "csv")
SHARED = ("files.py", "marks.py", "plotted.py", "build.py", "style.mplstyle")
"""What every picture depends on, beside its own module and the sources of theory and sims."""


class Settings(NamedTuple):
    """How figures are written."""

    formats: tuple[str, ...] = ("pdf", "png", "csv")
    style: str = "paper"
    column: str = "jmlr"

    @property
    def command(self) -> str:
        """The options that differ from the defaults, as words of a command line."""
        usual = Settings()
        words = "" if self.formats == usual.formats else f" --format {','.join(self.formats)}"
        words += "" if self.style == usual.style else f" --style {self.style}"
        return words + ("" if self.column == usual.column else f" --column {self.column}")


class Built(NamedTuple):
    """What became of one figure."""

    name: str
    status: str
    """built, current or failed."""
    seconds: float
    error: str = ""


def manifest(name: str, folder: Path) -> dict[str, Any]:
    """What is known of a built figure: its key, numbers and verdicts; empty if it was not built."""
    try:
        found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def current(name: str, folder: Path, settings: Settings) -> bool:
    """Is every file of the figure there, and made by these sources with these settings?"""
    known = manifest(name, folder)
    if known.get("key") != key(name, settings):
        return False
    digests = known.get("files", {})
    return set(digests) == {f"{name}.{suffix}" for suffix in settings.formats} and all(
        (folder / file).is_file() and _digest((folder / file).read_bytes()) == digest
        for file, digest in digests.items()
    )


def require_current(folder: Path) -> None:
    """ValueError if a figure is not up to date in the usual formats."""
    late = [name for name in registry.names() if not current(name, folder, Settings())]
    if late:
        raise ValueError(f"{', '.join(late)}: not up to date; run python -m figures first")


def key(name: str, settings: Settings) -> str:
    """Digest of all that the files of a figure depend on."""
    own = b"".join(path.read_bytes() for path in sources(name))
    return _digest(f"{_shared()} {settings._replace(formats=())} {_digest(own)}".encode())


def sources(name: str) -> list[Path]:
    """The module of a figure, and those helpers and other figures that it names, or they.

    >>> "hastie2022_snr.py" in [path.name for path in sources("hastie2022_snr")]
    True
    """
    here = Path(registry.__file__).parent / "plots"
    known = {path.stem for path in here.glob("*_*.py") if not path.stem.startswith("__")}
    found, todo = {name}, [name]
    while todo:
        text = (here / f"{todo.pop()}.py").read_text(encoding="utf-8")
        new = known.intersection(re.findall(r"\w+", text)) - found
        found |= new
        todo += new
    return [here / f"{stem}.py" for stem in sorted(found)]


@cache
def _shared() -> str:
    here = Path(registry.__file__).parent
    text = b"".join((here / name).read_bytes() for name in SHARED)
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
    except Exception as error:  # of whatever kind: the other figures are still built
        told = " ".join(f"{type(error).__name__}: {error}".split())
        return Built(name, "failed", time.perf_counter() - start, told)
    return Built(name, "built", time.perf_counter() - start)


def _write(name: str, folder: Path, settings: Settings) -> None:
    from figures import files, plotted
    from sims.shell import console

    module = registry.module(name)
    data = module.data()
    with files.house_style(settings.style, settings.column):
        figure = module.draw(data)
        pictures = [suffix for suffix in settings.formats if suffix != "csv"]
        origin = f"python -m figures build {name}{settings.command}"
        paths = files.save(figure, folder / name, origin, pictures)
        if "csv" in settings.formats:
            paths.append(folder / f"{name}.csv")
            paths[-1].write_text(plotted.table(figure), encoding="utf-8", newline="")
    told = {
        "name": name,
        "key": key(name, settings),
        "command": origin,
        "versions": fingerprint.versions(),
        "numbers": module.numbers(data) if hasattr(module, "numbers") else {},
        "resolutions": _resolutions(data),
        "files": {path.name: _digest(path.read_bytes()) for path in sorted(paths)},
    }
    # last, so that a build that was cut short is repeated
    (folder / f"{name}.json").write_text(console.to_json(told) + "\n", encoding="utf-8")


def _resolutions(data: dict[str, Any]) -> dict[str, float]:
    """Of the simulated points that were judged, by their names in the data."""
    from figures.marks import Points

    return {
        name: float(found.resolution)
        for name, found in data.items()
        if isinstance(found, Points) and found.resolution == found.resolution
    }


def run(
    names: Iterable[str], folder: Path, settings: Settings, jobs: int = 1, force: bool = False
) -> Iterator[Built]:
    """Build what is out of date, `jobs` at once; each figure as it is done."""
    todo = []
    for name in names:
        if not force and current(name, folder, settings):
            yield Built(name, "current", 0.0)
        else:
            todo.append(name)
    with local_pool(min(jobs, max(len(todo), 1))) as pool:
        if pool is None:
            for name in todo:
                yield build(name, folder, settings)
            return
        running = {pool.submit(build, name, folder, settings) for name in todo}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


def told(built: Built) -> str:
    """One line on a figure.

    >>> told(Built("mei2022_risk", "built", 2.5))
    'mei2022_risk  built in 2.5 s'
    """
    after = {"built": f" in {console.duration(built.seconds)}", "failed": f": {built.error}"}
    return f"{built.name}  {built.status}{after.get(built.status, '')}"
