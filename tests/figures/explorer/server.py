"""A running explorer for tests: a process of its own on a free port, ended by its id."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPMessage
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60  # seconds: a machine may be busy


class Server(NamedTuple):
    """Where the explorer is."""

    address: str
    """With the secret, and a slash at its end."""
    pid: int

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    def ask(
        self, method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b""
    ) -> tuple[int, HTTPMessage, bytes]:
        """Status, headers and body of the answer to a request with these headers alone."""
        connection = HTTPConnection(self.host, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(body or None)
        with closing(connection), connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read()

    def listen(self, query: str = "", path: str | None = None, **options: Any) -> Any:
        """A socket of a page of the explorer's own, or of whom the options say; a context."""
        from websockets.sync.client import connect

        address = f"ws://{self.host}{self.path + 'ws' if path is None else path}?{query}"
        known = {"origin": self.origin, "max_size": None, "max_queue": None, "ping_interval": None}
        return connect(address, **{**known, **options})

    def send(self, session: str, name: str, content: Mapping[str, Any]) -> int:
        """What a page sends when one uses it; returns the status."""
        body = json.dumps(content).encode()
        headers = [("Host", self.host), ("Origin", self.origin), ("Marimo-Session-Id", session)]
        headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        return self.ask("POST", f"{self.path}api/kernel/{name}", headers, body)[0]

    def megabytes(self) -> float:
        """Memory that the server has now."""
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())[1]) / 1024


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Server]:
    """`python -m figures.explorer`, at the address that it prints; no traceback is left in what it says."""
    if find_spec("marimo") is None:
        pytest.skip("no marimo")
    log = folder / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "figures.explorer", "--no-browser", "--port", str(port)]
    command += ["--store", str(folder / "store"), *words]
    with log.open("w") as told:
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told)
    try:
        yield Server(_address(log, process), process.pid)
    finally:
        process.terminate()
        process.wait()
    assert "Traceback" not in log.read_text()


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(10 * PATIENCE):
        if process.poll() is not None:
            break
        try:
            address = next(word for word in log.read_text().split() if word.startswith("http://"))
            urllib.request.urlopen(f"{address}health", timeout=5).read()
            return address
        except (OSError, StopIteration):
            time.sleep(0.1)
    pytest.fail(f"the explorer did not start: {log.read_text()}")
