"""The explorer in the browser: `python -m figures.explorer`. Nothing leaves this machine."""

import argparse
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

from figures.explorer import _guard, _turns
from sims.shell import console, session

EXAMPLES = """examples:
  python -m figures.explorer
  python -m figures.explorer --port 8000 --no-browser
  python -m figures.explorer --view 'tab=time&noise=1' --out pictures

exit codes: 0 done, 2 usage, 3 disk, memory or open files ran out, 130 interrupted
"""
FIRST_PORT = 2718
KEPT = 30
"""Seconds that a page which has gone may come back in; a page that is loaded again is another."""
MOST_SAID = 65_536
"""Bytes of one message on a socket; pages listen there, and say nothing."""


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(prog="python -m figures.explorer", description=__doc__, epilog=EXAMPLES)
    add = result.add_argument
    add(
        "--host",
        default="127.0.0.1",
        help="address to serve on (%(default)s, which only this machine can reach)",
    )
    add("--port", type=int, help=f"port to serve on (the first free one from {FIRST_PORT})")
    add("--no-browser", action="store_true", help="print the address and open no browser")
    add(
        "--store",
        help="file that keeps finished trials, to reuse them (in the user cache; see python -m sims.store)",
    )
    add(
        "--view",
        metavar="LINK",
        help="save one view as PNG and CSV and serve nothing; LINK is what follows ? in a page's address",
    )
    add("--out", default="out", help="folder that --view writes into (%(default)s)")
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(argv)
    try:
        place = session.store_path(arguments.store, quiet=True)
        if arguments.view is not None:
            return _save(arguments, place)
        if find_spec("marimo") is None:
            raise ValueError(
                "the explorer needs marimo; install it by: python -m pip install 'overparam[explore]'"
            )
        port = _port(arguments.host, arguments.port)
    except (ValueError, OSError) as error:
        return console.refuse(error)
    with TemporaryDirectory(prefix="overparam-") as uploads:
        os.environ["OVERPARAM_EXPLORER_STORE"] = "" if place is None else str(place)
        os.environ["OVERPARAM_EXPLORER_UPLOADS"] = uploads
        _serve(arguments.host, port, not arguments.no_browser)
    return 0


def _save(arguments: argparse.Namespace, store: Path | None) -> int:
    from figures.explorer import _files, _tabs, _view

    texts = dict(parse_qsl(arguments.view.rpartition("?")[2]))
    module = _tabs.CURVES.get(texts.get("tab", "descent"))
    if module is None:
        known = ", ".join(_tabs.CURVES)
        raise ValueError(f"--view: tab = {texts['tab']} has no picture of its own; choose one of {known}")
    folder = console.writable(arguments.out)
    *_, view = module.settle(_tabs.values(module, texts), store)
    for suffix, contents in ((".png", _files.png(view)), (".csv", _view.rows(view).encode())):
        path = folder / (view.name + suffix)
        path.write_bytes(contents)
        console.say(f"saved:  {path}")
    return 0


def _port(host: str, asked: int | None) -> int:
    """The port that is asked for, if it is free, or the first that is."""
    if not host.strip():
        raise ValueError(f"--host = {host!r} is no address; name one, or leave the option out")
    for port in range(FIRST_PORT, FIRST_PORT + 100) if asked is None else (asked,):
        if not 0 < port < 65536:
            raise ValueError(f"--port = {port} must be between 1 and 65535")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return port
            except socket.gaierror:
                raise ValueError(f"--host = {host}: no such address on this machine") from None
            except OSError as error:
                reason = error.strerror
    raise ValueError(f"--host {host} --port {port}: {reason}; choose another")


def _serve(host: str, port: int, browse: bool) -> None:
    import marimo
    import uvicorn

    from sims.blas import one_thread

    app = str(Path(__file__).with_name("app.py"))
    secret = secrets.token_urlsafe(24)
    # run mode without the notebook's code; the update check belongs to marimo's own command
    made = marimo.create_asgi_app(quiet=True, include_code=False, session_ttl=KEPT)
    page = _turns.in_turn(made.with_app(path=f"/{secret}", root=app).build())
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/{secret}/"
    console.say(f"explorer: {address} (Ctrl-C ends it; whoever has the address can use it)")
    if browse:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    with one_thread():  # each user has a thread: none may take all cores
        served = _guard.guarded(page, secret, host)
        uvicorn.run(served, host=host, port=port, log_level="warning", ws_max_size=MOST_SAID)


if __name__ == "__main__":
    ended = console.run(main)
    sys.stdout.flush()
    os._exit(ended)  # the threads of pages that were open wait for ever; what is finished is in the store
