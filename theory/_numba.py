"""The `njit` of the package: cached on disk, keyed by the sources.

numba's own cache looks at the file of the jitted function alone: edit a function that it calls in
another file and the cache returns the old numbers. Here the folder is named by a digest of every
source of the package, so an edit anywhere means a new folder.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
import platformdirs


@cache
def _cache_folder(package: str) -> str:
    """Folder for the compiled code of `package`."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(f"{numba.__version__} {numba.config.BOUNDSCHECK}".encode())
    for name in sorted({"theory", package}):
        for source in sorted((root / name).rglob("*.py")):
            digest.update(source.relative_to(root).as_posix().encode())
            digest.update(source.read_bytes())
    return str(platformdirs.user_cache_path("overparam") / "numba" / digest.hexdigest()[:20])


def njit(function: Callable[..., Any]) -> Any:
    """Compile `function` in nopython mode with the package's cache; a division by zero is inf."""
    return _compile(function)


def njit_sums(function: Callable[..., Any]) -> Any:
    """`njit` for sums over a spectrum: the compiler may reorder and so vectorise them.

    Not all of fastmath: inf and nan keep their meaning.
    """
    return _compile(function, fastmath={"reassoc", "contract", "arcp", "nsz", "afn"})


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    before = numba.config.CACHE_DIR
    # numba reads it now, while it decorates
    numba.config.CACHE_DIR = _cache_folder(function.__module__.partition(".")[0])
    try:
        return numba.njit(cache=True, error_model="numpy", **options)(function)
    except RuntimeError:  # nowhere to write: compile in memory, every time
        return numba.njit(error_model="numpy", **options)(function)
    finally:
        numba.config.CACHE_DIR = before
