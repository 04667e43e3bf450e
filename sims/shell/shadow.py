"""Refuse strangers: a user's own files may well be called `theory` or `figures` too."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path


def require(package: str) -> None:
    """Import the package beside `sims`; ImportError if Python finds another module of that name first.

    >>> require("theory")
    """
    check(package)
    import_module(package)


def check(package: str) -> None:
    """`require` without the import.

    The other module is looked up and not run: it may be a script, or fail with a message of its own.

    >>> check("theory")
    """
    ours = Path(__file__).resolve().parents[2] / package
    spec = find_spec(package)
    if spec is None:
        raise ImportError(f"there is no {ours}; install overparam again")
    # a folder without __init__.py is a namespace package: locations, no file
    locations = [spec.origin] if spec.origin else list(spec.submodule_search_locations or [])
    if [Path(location).resolve() for location in locations] != [ours / "__init__.py"]:
        raise ImportError(
            f"Python finds {package!r} in {', '.join(locations)}, not in {ours}; "
            "rename that file or folder, or run from another folder"
        )
