"""The `njit` of the package: compiled at the first call, cached on disk, keyed by the sources.

A decorated function, a `Kernel`, is compiled when Python first calls it, with all kernels that it calls.
Those get no door of their own for Python and no file in the cache, which spares half the time; numba is not
loaded before. `Kernel.plain` is the same function as plain Python, and `Kernel.patient` chooses. Where numba
is not installed, as in a browser's Python, every form is plain Python.

numba's own cache looks at the file of the jitted function alone: edit a function that it calls in
another file and the cache returns the old numbers. Here the folder is named by a digest of every
source of the package, so an edit anywhere means a new folder.
"""

import hashlib
import logging
import tempfile
import threading
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from types import FunctionType
from typing import Any

PATIENCE = 2_000_000  # lines of Python: they run in about the time in which numba is loaded
# inlined always: else LLVM decides anew by what else is loaded, and the process that compiles gets other last
# bits than those that find the code in the cache
_COMMON = {"error_model": "numpy", "nogil": True, "forceinline": True}
_LOCK = threading.Lock()


@cache
def _cache_folder(package: str) -> str | None:
    """Folder for the compiled code of `package`, or None where it cannot be written."""
    import numba
    import platformdirs

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


@cache
def _announce() -> None:
    logging.getLogger("overparam").info(
        "compiling numerical code, which takes some seconds once; a later command finds it"
    )


class Kernel:
    """A function of numbers and arrays that calls other kernels, in any of its forms."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        self.function, self.options = function, options
        self.__doc__, self.__name__ = function.__doc__, function.__name__
        self._waited = 0.0
        self._entries: dict[str, Any] = {}

    def __call__(self, *arguments: Any) -> Any:
        return self.compiled(*arguments)

    def patient(self, lines: float) -> Callable[..., Any]:
        """`strict`, but `plain` as long as that is quicker than a compiler; for a call of so many lines.

        Both have the same bits, so that nothing depends on what was called before.
        """
        self._waited += lines
        if "strict" not in vars(self) and self._waited <= PATIENCE:
            return self.plain
        return self.strict

    @cached_property
    def plain(self) -> Callable[..., Any]:
        """The function as plain Python, down to the last callee."""
        return self._calling("plain")

    @cached_property
    def compiled(self) -> Any:
        """The function for callers in Python, compiled at its first call or found in the cache."""
        return self._entry("_inner", self.options)

    @cached_property
    def strict(self) -> Any:
        """`compiled` without the leave to reorder and to fuse: it has the bits of `plain`."""
        return self._entry("_strict_inner", {})

    @cached_property
    def _inner(self) -> Any:
        """The function for compiled callers alone."""
        return self._callee("_inner", self.options)

    @cached_property
    def _strict_inner(self) -> Any:
        return self._callee("_strict_inner", {})

    def _entry(self, callees: str, options: dict[str, Any]) -> Any:
        """One for all threads, which may call for the first time at the same time."""
        if not _has_numba():
            return self.plain
        with _LOCK:
            if callees not in self._entries:
                self._entries[callees] = self._decorated(callees, options)
            return self._entries[callees]

    def _decorated(self, callees: str, options: dict[str, Any]) -> Any:
        import numba

        folder = _cache_folder(self.function.__module__.partition(".")[0])
        function = self._calling(callees)
        if folder is None:
            return numba.njit(**_COMMON, **options)(function)
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = folder  # numba reads it now, while it decorates
        try:
            entry = numba.njit(cache=True, **_COMMON, **options)(function)
        finally:
            numba.config.CACHE_DIR = before
        if compiles() and not any(Path(entry.stats.cache_path).glob(f"*.{function.__qualname__}-*.nbi")):
            _announce()
        return entry

    def _callee(self, callees: str, options: dict[str, Any]) -> Any:
        import numba

        doors = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        return numba.njit(**_COMMON, **doors, **options)(self._calling(callees))

    def _calling(self, form: str) -> Callable[..., Any]:
        """The function with every kernel that it calls in that form."""
        known = self.function.__globals__
        callees = {name: known[name] for name in self.function.__code__.co_names if name in known}
        forms = {name: getattr(k, form) for name, k in callees.items() if isinstance(k, Kernel)}
        linked = FunctionType(self.function.__code__, known | forms, self.__name__)
        linked.__module__, linked.__doc__ = self.function.__module__, self.__doc__
        linked.__qualname__ = self.__name__ + form  # the cache tells functions apart by this and their code
        return linked


@cache
def _has_numba() -> bool:
    try:
        import numba  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True


def compiles() -> bool:
    """Whether there is a compiler: with NUMBA_DISABLE_JIT=1 every form of a kernel is plain Python."""
    if not _has_numba():
        return False
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
