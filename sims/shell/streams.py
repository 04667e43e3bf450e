"""Where a command's words go, whatever stands at the other end: old terminals, closed pipes, full disks.

Every line that people read passes `say`, `note` or `fail`, which let no control character through: a column
name or an argument cannot steer a terminal.
"""

import codecs
import errno
import gc
import logging
import os
import re
import signal
import sys
import threading
import traceback
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import NoReturn, TextIO

AGREES, DISAGREES, USAGE, FAILED, STOPPED, UNDECIDED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Signals that ask a process to end."""
SPENT = {
    errno.ENOSPC: "no space left on the disk; free some, or choose another folder",
    errno.EDQUOT: "the disk quota is used up; free some space, or choose another folder",
    errno.EMFILE: "too many open files; raise the limit (ulimit -n) above {limit}, or ask for fewer --jobs",
    errno.ENFILE: "too many open files on this machine; close some programs",
    errno.ENOMEM: "out of memory; ask for less at a time, or for fewer --jobs",
}
"""What a machine runs out of, and what to do."""
PLAIN = {
    "±": "+-",
    "—": "-",
    "–": "-",
    "−": "-",
    "→": "->",
    "≤": "<=",
    "≥": ">=",
    "×": "x",
    "·": "*",
    "∞": "inf",
}
"""What stands for a character that an encoding lacks; others lose their accents, or become a "?"."""
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and new line: they move a cursor, colour, ring, or turn text around."""


def start(module: str) -> NoReturn:
    """Run the `main` of a command's module as this process, and end with its exit code.

    The module is imported only now: a signal that comes while it is read is an interruption like any other.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # before `run` and after it there is nothing to save
    code = run(lambda: int(import_module(module).main()))
    sys.exit(code)


def run(main: Callable[[], int]) -> int:
    """Exit code of a command, also where it is cut short.

    A crash must not look like exit code 1, which says that theory and simulation disagree.

    >>> run(lambda: 0)
    0
    """
    gc.set_threshold(100_000)  # imports make many objects and no garbage: a tenth of a quick run
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed from the start, as by `>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  to the end
        _degrade(getattr(sys, name))
    try:
        with _interruptible(), _news():
            return main()
    except BrokenPipeError:
        return _reader_has_gone()
    except KeyboardInterrupt as stop:
        consequence = str(stop) or "nothing was saved, the same command starts again"
        return fail(f"interrupted; {consequence}", INTERRUPTED)
    except Exception as error:
        if told := spent(error):
            return fail(told, FAILED)
        traceback.print_exc()
        return FAILED
    finally:  # also after --help: what is left in the buffer meets the closed pipe here, not at shutdown
        _flush()


def say(*words: str) -> None:
    """Print a line of the result at once: a reader on a pipe waits for it.

    If the reader has gone, or nothing can be written, as on a full disk, the command ends with one line on
    stderr, past every `except OSError`.
    """
    _degrade(sys.stdout)
    try:
        print(*map(visible, words), flush=True)
    except BrokenPipeError:
        raise SystemExit(_reader_has_gone()) from None
    except OSError as error:
        raise SystemExit(_nothing_can_be_written(error)) from None


def note(line: str) -> None:
    """One line on stderr that is no error."""
    _degrade(sys.stderr)
    with suppress(OSError):  # nobody is there to be told
        print(visible(" ".join(line.splitlines())), file=sys.stderr, flush=True)


def fail(message: str, code: int) -> int:
    """One line on stderr; returns the exit code."""
    note(f"error: {message}")
    return code


def refuse(error: Exception) -> int:
    """One line for an error of options or files; the exit code: usage, unless the machine ran out.

    >>> refuse(OSError(errno.ENOSPC, "No space left on device"))
    3
    """
    told = spent(error)
    return fail(told, FAILED) if told else fail(str(error), USAGE)


def spent(error: BaseException) -> str | None:
    """What this machine ran out of and what was needed, in one line; None for any other error.

    >>> spent(MemoryError("Unable to allocate 7 GiB"))
    'out of memory (Unable to allocate 7 GiB); ask for less at a time, or for fewer --jobs'
    """
    if isinstance(error, MemoryError):
        needed = " ".join(str(error).split())
        return f"out of memory{f' ({needed})' * bool(needed)}; ask for less at a time, or for fewer --jobs"
    if isinstance(error, FileNotFoundError) and "No usable temporary directory" in str(error):
        # tempfile does not say why: no file could be opened or written
        return "no temporary file can be made: too many open files (ulimit -n), or no space left on the disk"
    number = error.errno if isinstance(error, OSError) else None
    if number not in SPENT:
        return None
    name = getattr(error, "filename", None)
    told = SPENT[number].format(limit=_open_files())
    return f"{name}: {told}" if name else told


def hush() -> None:
    """No news for the rest of the command."""
    logging.getLogger("overparam").setLevel(logging.WARNING)


def visible(text: str) -> str:
    r"""The text with control characters spelled out, so that they cannot steer a terminal.

    >>> visible("\x1b[2Jprice"), visible("two\n lines")
    ('\\x1b[2Jprice', 'two\n lines')
    """
    return STEERING.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C, and what else asks a process to end, raise KeyboardInterrupt, so that work is saved.

    A signal that somebody ignores, as nohup does, stays ignored; where there is a handler it stays.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Notes(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        note(record.getMessage())


@contextmanager
def _news() -> Iterator[None]:
    """What the theory has to tell, say that it compiles, becomes notes; `hush` ends that."""
    log, notes = logging.getLogger("overparam"), _Notes()
    log.addHandler(notes)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(notes)


def _open_files() -> str:
    """How many files this process may open at once."""
    try:
        import resource  # not on Windows
    except ImportError:
        return "its value"
    return str(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _degrade(stream: TextIO) -> None:
    """Let a stream write what it can of characters that its encoding lacks, in place of a UnicodeError."""
    if hasattr(stream, "reconfigure") and stream.errors != HANDLER:
        stream.reconfigure(errors=HANDLER)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """The handler of characters that cannot be encoded: their like in ASCII."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_like, error.object[error.start : error.end])), error.end


def _like(character: str) -> str:
    if character in PLAIN:
        return PLAIN[character]
    if 0x2800 <= ord(character) <= 0x28FF:  # the dots of braille, of which lines in plots are made
        return "." if ord(character) > 0x2800 else " "
    if 0x2500 <= ord(character) <= 0x257F:  # frames
        return "|" if character in "│┃║┆┊" else "-" if character in "─━═┄┈" else "+"
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    if bare:
        return bare
    surrogate = 0xD800 <= ord(character) <= 0xDFFF  # a byte of a file's name that is no text
    return character.encode("unicode_escape", "surrogatepass").decode() if surrogate else "?"


HANDLER = "overparam.plain"
codecs.register_error(HANDLER, _plain)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _reader_has_gone()
    except OSError as error:
        raise SystemExit(_nothing_can_be_written(error)) from None


def _reader_has_gone() -> int:
    """As in `| head`: one line, and what is still printed goes nowhere; returns the exit code."""
    _to_nowhere()
    return fail("standard output was closed by its reader; what follows is lost", INTERRUPTED)


def _nothing_can_be_written(error: OSError) -> int:
    """As to a full disk: one line, and what is still printed goes nowhere; returns the exit code."""
    _to_nowhere()
    return fail(f"standard output: {spent(error) or error.strerror}", FAILED)


def _to_nowhere() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
