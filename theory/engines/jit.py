"""The `njit` of the package: cached on disk, keyed by the sources.

numba's own cache looks at the file of the jitted function alone: edit a function that it calls in
another file and the cache returns the old numbers. Here the folder is named by a digest of every
source of the package, so an edit anywhere means a new folder.
"""

import hashlib
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
import platformdirs


@cache
def _cache_folder(package: str) -> str | None:
    """Folder for the compiled code of `package`, or None where it cannot be written."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256(f"{numba.__version__} {numba.config.BOUNDSCHECK}".encode())
    for name in sorted({"theory", package}):
        for source in sorted((root / name).rglob("*.py")):
            digest.update(source.relative_to(root).as_posix().encode())
            digest.update(source.read_bytes())
    folder = platformdirs.user_cache_path("overparam") / "numba" / digest.hexdigest()[:20]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:  # compile in memory, every time: numba would look for a place among the sources
        return None
    return str(folder)


def njit(function: Callable[..., Any]) -> Any:
    """Compile `function` in nopython mode with the package's cache; a division by zero is inf.

    Other Python threads run meanwhile.
    """
    return _compile(function)


def njit_sums(function: Callable[..., Any]) -> Any:
    """`njit` for sums over a spectrum: the compiler may reorder and so vectorise them.

    Not all of fastmath: inf and nan keep their meaning.
    """
    return _compile(function, fastmath={"reassoc", "contract", "arcp", "nsz", "afn"})


def njit_elementwise(function: Callable[..., Any]) -> Any:
    """`njit` for loops over arrays: a product and a sum may become one fused operation."""
    return _compile(function, fastmath={"contract"})


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    # inlined always: else LLVM decides anew by what else is loaded, and the process that compiles gets other
    # last bits than those that find the code in the cache
    options |= {"error_model": "numpy", "nogil": True, "forceinline": True}
    folder = _cache_folder(function.__module__.partition(".")[0])
    if folder is None:
        return numba.njit(**options)(function)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = folder  # numba reads it now, while it decorates
    try:
        return numba.njit(cache=True, **options)(function)
    finally:
        numba.config.CACHE_DIR = before
