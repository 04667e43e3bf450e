"""The `njit` of the package: compiled at the first call, cached on disk, keyed by the sources.

A decorated function, a `Kernel`, is compiled when Python first calls it, with all kernels that it calls.
Those get no door of their own for Python and no file in the cache, which spares half the time; numba is not
loaded before. `Kernel.plain` is the same function as plain Python, and `Kernel.sized` chooses.

numba's own cache looks at the file of the jitted function alone: edit a function that it calls in
another file and the cache returns the old numbers. Here the folder is named by a digest of every
source of the package, so an edit anywhere means a new folder.
"""

import hashlib
import tempfile
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from types import FunctionType
from typing import Any

import platformdirs

SHORT = 100_000  # lines of Python: they run in some 10 ms; numba is loaded in 300 and compiles in 1000


@cache
def _cache_folder(package: str) -> str | None:
    """Folder for the compiled code of `package`, or None where it cannot be written."""
    import numba

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


class Kernel:
    """A function of numbers and arrays that calls other kernels, in any of its forms."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        self.function, self.options = function, options
        self.__doc__, self.__name__ = function.__doc__, function.__name__

    def __call__(self, *arguments: Any) -> Any:
        return self.compiled(*arguments)

    def sized(self, lines: float) -> Callable[..., Any]:
        """The form for a call of that many lines of Python: plain where they end before numba is loaded.

        Both forms do the same operations; compiled code adds in another order, so last digits differ. The
        choice is of the call alone: the same call has the same bits, whatever was called before.
        """
        return self.plain if lines <= SHORT else self.compiled

    @cached_property
    def plain(self) -> Callable[..., Any]:
        """The function as plain Python, down to the last callee."""
        return self._calling("plain")

    @cached_property
    def compiled(self) -> Any:
        """The function for callers in Python, compiled at its first call or found in the cache."""
        import numba

        folder = _cache_folder(self.function.__module__.partition(".")[0])
        function = self._calling("_inner")
        if folder is None:
            return numba.njit(**self._all_options)(function)
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = folder  # numba reads it now, while it decorates
        try:
            return numba.njit(cache=True, **self._all_options)(function)
        finally:
            numba.config.CACHE_DIR = before

    @cached_property
    def _inner(self) -> Any:
        """The function for compiled callers alone."""
        import numba

        options = self._all_options | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        return numba.njit(**options)(self._calling("_inner"))

    @property
    def _all_options(self) -> dict[str, Any]:
        # inlined always: else LLVM decides anew by what else is loaded, and the process that compiles gets
        # other last bits than those that find the code in the cache
        return self.options | {"error_model": "numpy", "nogil": True, "forceinline": True}

    def _calling(self, form: str) -> Callable[..., Any]:
        """The function with every kernel that it calls in that form."""
        known = self.function.__globals__
        callees = {name: known[name] for name in self.function.__code__.co_names if name in known}
        forms = {name: getattr(k, form) for name, k in callees.items() if isinstance(k, Kernel)}
        linked = FunctionType(self.function.__code__, known | forms, self.__name__)
        linked.__module__, linked.__doc__ = self.function.__module__, self.__doc__
        return linked


def compiles() -> bool:
    """Whether there is a compiler: with NUMBA_DISABLE_JIT=1 every form of a kernel is plain Python."""
    import numba

    return not numba.config.DISABLE_JIT


def njit(function: Callable[..., Any]) -> Kernel:
    """Compile `function` in nopython mode with the package's cache; a division by zero is inf.

    Other Python threads run meanwhile.
    """
    return Kernel(function)


def njit_sums(function: Callable[..., Any]) -> Kernel:
    """`njit` for sums over a spectrum: the compiler may reorder and so vectorise them.

    Not all of fastmath: inf and nan keep their meaning.
    """
    return Kernel(function, fastmath={"reassoc", "contract", "arcp", "nsz", "afn"})


def njit_elementwise(function: Callable[..., Any]) -> Kernel:
    """`njit` for loops over arrays: a product and a sum may become one fused operation."""
    return Kernel(function, fastmath={"contract"})
