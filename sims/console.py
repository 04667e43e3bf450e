"""What every command shares: where words go, numbers as text, what is needed to run it again."""

import argparse
import gc
import json
import math
import os
import platform
import shlex
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn

AGREES, DISAGREES, USAGE, FAILED, UNDECIDED, INTERRUPTED = 0, 1, 2, 3, 5, 130


class Parser(argparse.ArgumentParser):
    """Command lines: options by their whole names, help as written, errors in one line and exit code 2.

    >>> Parser(prog="python -m sims.example").prog
    'python -m sims.example'
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise SystemExit(fail(f"{message}; --help says what is possible", USAGE))


def run(main: Callable[[], int]) -> int:
    """Exit code of a command, also where it is cut short.

    A crash must not look like exit code 1, which says that theory and simulation disagree.

    >>> run(lambda: 0)
    0
    """
    gc.set_threshold(100_000)  # imports make many objects and no garbage: a tenth of a quick run
    try:
        return main()
    except BrokenPipeError:  # the reader has gone, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    except KeyboardInterrupt:
        return fail("interrupted; nothing was saved, the same command starts again", INTERRUPTED)
    except Exception:
        traceback.print_exc()
        return FAILED


def versions() -> dict[str, str]:
    """Versions that a result depends on.

    >>> "numpy" in versions()
    True
    """
    found = {"python": platform.python_version()}
    for name in ("overparam", "numpy", "scipy", "numba"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a checkout that is not installed
            found[name] = "not installed"
    return found


def command(module: str, options: Mapping[str, Any]) -> str:
    """The command line that repeats a run: options that are True stand alone, None and False vanish.

    >>> command("sims.double_descent", {"n": 200, "quick": True, "out": None})
    'python -m sims.double_descent --n 200 --quick'
    """
    words = ["python", "-m", module]
    for name, value in options.items():
        if value is None or value is False:
            continue
        words.append("--" + name.replace("_", "-"))
        if value is not True:
            words.append(
                f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)
            )
    return shlex.join(words)


def to_json(document: Any) -> str:
    """JSON with infinity as the string "inf"; nan is refused.

    >>> to_json({"a": [1.0, float("inf")]})
    '{"a": [1.0, "inf"]}'
    """

    def finite(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: finite(entry) for key, entry in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [finite(entry) for entry in value]
        if isinstance(value, float) and math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return value

    return json.dumps(finite(document), allow_nan=False)


def number(value: float, digits: int = 4) -> str:
    """A number for a table.

    >>> number(0.123456), number(float("inf")), number(12345.678)
    ('0.1235', 'inf', '1.235e+04')
    """
    return f"{value:.{digits}g}"


def say(*words: str) -> None:
    """A line of the result, at once: a reader on a pipe waits for it."""
    print(*words, flush=True)


def fail(message: str, code: int) -> int:
    """One line on stderr; returns the exit code."""
    print(f"error: {message}", file=sys.stderr, flush=True)
    return code
