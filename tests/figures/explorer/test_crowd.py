"""Many pages, many clicks and odd files at once, with sockets: all are served, within limits."""

import base64
import json
import re
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from figures.explorer import _turns
from tests.figures.explorer.server import PATIENCE, Server, served

pytestmark = [
    pytest.mark.jit,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]

PAGES, CLICKS = 20, 10  # of each page
OPEN, CLICKED = 400, 60  # megabytes that they may take; 215 and 25 were seen


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("crowd")) as one:
        yield one


def _heard(line: Any, words: str) -> str:
    """The first message with these words, unescaped."""
    while True:
        message = line.recv(timeout=PATIENCE)
        if re.search(words, message):
            return str(json.loads(message))


def _widget(message: str, after: str) -> str:
    found = re.search(r"object-id=\\?'([^'\\]*)\\?'", message[message.index(after) :])
    assert found is not None
    return found[1]


def test_twenty_pages_and_two_hundred_clicks_are_served_in_bounded_memory(server: Server) -> None:
    def visit(i: int) -> tuple[str, Any, str]:
        query = f"session_id=s_{i:06d}&tab=descent&model=linear&ridge=0.1&n={40 + 4 * (i % 5)}"
        line = stack.enter_context(server.listen(query))
        widget = _widget(_heard(line, "op-knob-noise"), "op-knob-noise")
        _heard(line, "20 of 20 random designs")
        return f"s_{i:06d}", line, widget

    with ExitStack() as stack, ThreadPoolExecutor(PAGES) as pool:
        before = server.megabytes()
        pages = list(pool.map(visit, range(PAGES)))  # all at once, before anything is imported
        opened = server.megabytes()
        for k in range(CLICKS):
            for session, _, widget in pages:
                told = {"objectIds": [widget], "values": [k]}
                assert server.send(session, "set_ui_element_value", told) == 200
            for _, line, _ in pages:
                _heard(line, "of 20 random designs")
        assert opened < before + OPEN
        assert server.megabytes() < opened + CLICKED


def test_one_page_too_many_waits_for_another_to_close(server: Server) -> None:
    from websockets.exceptions import InvalidStatus

    with ExitStack() as stack:
        for i in range(_turns.MOST_PAGES):
            stack.enter_context(server.listen(f"session_id=s_{i:06d}&tab=claims"))
        with pytest.raises(InvalidStatus), server.listen("session_id=s_toomany"):
            pass
    with server.listen("session_id=s_later1&tab=claims") as line:
        _heard(line, "completed-run")


def test_a_page_that_comes_back_keeps_nobody_waiting(server: Server) -> None:
    with server.listen("session_id=s_back01&tab=claims") as line:
        _heard(line, "completed-run")
    with server.listen("session_id=s_back01&tab=claims") as line:
        _heard(line, "reconnected")
        before = time.monotonic()
        with server.listen("session_id=s_other1&tab=claims") as other:
            _heard(other, "completed-run")
        assert time.monotonic() - before < _turns.PATIENCE / 2


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"a" + b",a" * 900_000 + b"\n1" + b",1" * 900_000, "two columns are called"),
        (b"\n\n" + b",".join(b"c%x" % i for i in range(500_000)) + b"\n1", "1 entries for 500000 columns"),
        (b'"' * 3_900_000, "not a CSV file"),
        (b'a,b\n"' + b'"",""' * 500_000, "not a CSV file"),
        (b"a,b\n" + b"1," * 1_000_000, "1000001 entries for 2 columns"),
        (b"x" * 5_000_000, "5.0 MB"),
        (b"\x00" * 1_000_000, "odd.csv"),
    ],
)
def test_odd_uploads_are_one_line(contents: bytes, words: str, server: Server) -> None:
    session = f"s_{zlib.crc32(contents):010d}"
    with server.listen(f"session_id={session}&tab=data") as line:
        assert _upload(server, session, _file(line), [("odd.csv", contents)]) == 200
        assert words in _heard(line, "op-error")


def _file(line: Any) -> str:
    found = re.search(r"object-id=\\?'([^'\\]*)\\?'[^>]*>\s*<marimo-file", _heard(line, "<marimo-file"))
    assert found is not None
    return found[1]


def _upload(server: Server, session: str, widget: str, files: Sequence[tuple[str, bytes]]) -> int:
    value = [[name, base64.b64encode(contents).decode()] for name, contents in files]
    return server.send(session, "set_ui_element_value", {"objectIds": [widget], "values": [value]})
