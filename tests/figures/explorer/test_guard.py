"""The attacker at the explorer's door, with sockets: nobody is let in who does not know the secret."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from figures.explorer import _guard
from tests.figures.explorer.server import Server, served

pytestmark = pytest.mark.jit

EVIL = "http://evil.example"
CLOSED = """
GET api/version|GET api/status|GET api/status/connections|GET api/sessions|GET api/environment|GET api/usage
GET auth/login|GET auth/token|POST auth/login|GET sse|GET ws|GET ws_sync|GET terminal/ws|GET lsp/pylsp
GET api/files/roots|POST api/files/list_files|POST api/files/file_details|GET api/files/download
POST api/files/create|POST api/files/delete|POST api/files/update|POST api/files/open|POST api/files/search
POST api/kernel/instantiate|POST api/kernel/run|POST api/kernel/execute|POST api/kernel/scratchpad/run
POST api/kernel/save|POST api/kernel/rename|POST api/kernel/copy|POST api/kernel/read_code
POST api/kernel/save_app_config|POST api/kernel/save_user_config|POST api/kernel/code_autocomplete
POST api/kernel/interrupt|POST api/kernel/shutdown|POST api/kernel/restart_session|POST api/kernel/takeover
POST api/kernel/stdin|POST api/kernel/pdb/pm|POST api/kernel/install_missing_packages
POST api/document/transaction|POST api/packages/add|POST api/packages/remove|GET api/packages/list
POST api/secrets/keys|POST api/secrets/create|POST api/ai/completion|POST api/ai/chat
POST api/ai/invoke_tool|GET api/ai/mcp/status|POST api/export/html|POST api/export/script
POST api/home/workspace_files|POST api/home/recent_files|POST api/storage/download|POST api/sql/validate
POST api/cache/clear|GET api/lsp/health|POST api/lsp/restart|GET api/documentation/snippets
GET public/app.py|GET public/../app.py|GET app.py|GET openapi.json|GET og/thumbnail|GET assets|GET assets/
GET assets/../../_server/main.py|GET assets/%2e%2e/%2e%2e/_server/main.py|GET @file/|GET CLAUDE.md
PUT |DELETE |PATCH |OPTIONS |TRACE |POST |OPTIONS api/kernel/function_call|GET api/kernel/function_call
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("guard")) as one:
        yield one


def _kept_in(server: Server, method: str, path: str, headers: list[tuple[str, str]], status: int) -> None:
    """A refusal that tells nothing, and that no page of another origin may read or frame."""
    seen, told, body = server.ask(method, path, headers)
    assert seen == status, (method, path, headers)
    assert not [name for name in told if name.lower().startswith("access-control")]
    assert server.path.strip("/") not in body.decode() + str(told)
    assert len(body) < 100


def test_the_page_is_served_to_whoever_knows_its_address(server: Server) -> None:
    secret = server.path.strip("/")
    assert len(secret) >= 32
    for origin in ([], [("Origin", server.origin)]):
        status, headers, body = server.ask("GET", server.path, [("Host", server.host), *origin])
        assert status == 200
        assert b"<marimo-mode" in body or b"marimo" in body
        assert not [name for name in headers if name.lower().startswith("access-control")]
        assert headers.get_all("Referrer-Policy") == ["no-referrer"]
        assert headers.get_all("Content-Security-Policy") == ["frame-ancestors 'none'"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Set-Cookie" not in headers  # other servers on this machine would be sent it
    with server.listen("session_id=s_hello1") as socket:
        assert "kernel-ready" in socket.recv(timeout=60)


def test_each_run_has_a_secret_of_its_own(server: Server, tmp_path: Path) -> None:
    with served(tmp_path) as other:
        assert other.path != server.path
        _kept_in(server, "GET", other.path, [("Host", server.host)], 403)


@pytest.mark.parametrize(
    "origin",
    [EVIL, "null", "", "http://127.0.0.1", "https://{host}", "http://{host}.evil.example", "file://"],
)
def test_another_origin_is_refused_even_with_the_secret(server: Server, origin: str) -> None:
    headers = [("Host", server.host), ("Origin", origin.format(host=server.host))]
    for method, path in (
        ("GET", ""),
        ("GET", "health"),
        ("OPTIONS", ""),
        ("POST", "api/kernel/function_call"),
    ):
        _kept_in(server, method, server.path + path, headers, 403)
    _kept_in(server, "GET", server.path, [*headers[:1], ("Origin", server.origin), *headers[1:]], 403)
    _no_socket(server, origin=headers[1][1])


def test_what_changes_something_must_name_its_origin(server: Server) -> None:
    headers = [("Host", server.host), ("Content-Length", "0")]
    _kept_in(server, "POST", server.path + "api/kernel/set_ui_element_value", headers, 403)
    _no_socket(server, origin=None)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "localhost.evil.example",
     "evil.example#127.0.0.1", "127.0.0.1@evil.example", "evil.example@127.0.0.1",
     "evil.example/127.0.0.1", "10.0.0.1:{port}", "127.0.0.1:{port}:x", "[::1", "", "0x7f.1"],
)  # fmt: skip
def test_another_host_is_refused_even_with_the_secret(server: Server, host: str) -> None:
    host = host.format(port=urlsplit(server.address).port)
    for origin in ([], [("Origin", f"http://{host}")]):
        _kept_in(server, "GET", server.path, [("Host", host), *origin], 400)
    _no_socket(server, origin=f"http://{host}", host=host)


def test_a_tunnel_and_other_names_of_this_machine_are_served(server: Server) -> None:
    for host in ("localhost", "localhost:8888", "127.0.0.1:80", "[::1]:9000"):
        headers = [("Host", host), ("Origin", f"http://{host}")]
        assert server.ask("GET", server.path + "health", headers)[0] == 200


def test_no_host_and_two_hosts_are_refused(server: Server) -> None:
    for hosts in ([], [("Host", server.host), ("Host", "evil.example")]):
        assert server.ask("GET", server.path, hosts)[0] == 400


def test_without_the_secret_nothing_is_served(server: Server) -> None:
    secret = server.path.strip("/")
    for wrong in (
        "",
        "x",
        secret[:-1],
        secret[1:],
        secret + "x",
        secret.swapcase(),
        "%00",
        "é",
        "..",
        "/" + secret,
    ):
        for rest in (
            "",
            "health",
            "assets/index.js",
            "ws",
            "api/kernel/function_call",
            "favicon.ico",
            "auth/token",
        ):
            path = f"/{wrong}/{rest}".encode().decode("latin-1") if wrong == "é" else f"/{wrong}/{rest}"
            with suppress(UnicodeEncodeError):
                _kept_in(server, "GET", path, [("Host", server.host)], 403)
                headers = [("Host", server.host), ("Origin", server.origin), ("Content-Length", "0")]
                _kept_in(server, "POST", path, headers, 403)
    for path in ("/ws", "/x/ws", f"/{secret[:-1]}/ws"):
        _no_socket(server, path=path)


def test_nothing_that_edits_or_runs_code_is_served_even_with_the_secret(server: Server) -> None:
    headers = [("Host", server.host), ("Origin", server.origin), ("Content-Length", "0")]
    for line in CLOSED.replace("\n", "|").strip("|").split("|"):
        method, _, path = line.partition(" ")
        status, told, body = server.ask(method, server.path + path, headers)
        assert status in (404, 405), line
        assert b"import" not in body
        assert not [name for name in told if name.lower().startswith("access-control")]
    for path in ("terminal/ws", "ws_sync", "lsp/pylsp", "lsp/copilot", "sse", "", "ws/", "x/ws"):
        _no_socket(server, path=server.path + path)


@pytest.mark.parametrize(
    ("length", "status"),
    [("2147483648", 413), ("9" * 19, 413), (str(_guard.MOST_BYTES + 1), 413), (None, 411), ("chunked", 411)],
)
def test_what_is_too_long_is_refused_before_it_is_read(
    server: Server, length: str | None, status: int
) -> None:
    headers = [("Host", server.host), ("Origin", server.origin), ("Marimo-Session-Id", "s_hello1")]
    if length == "chunked":
        headers.append(("Transfer-Encoding", "chunked"))
    elif length is not None:
        headers.append(("Content-Length", length))
    assert server.ask("POST", server.path + "api/kernel/set_ui_element_value", headers)[0] == status


def test_two_gigabytes_are_not_taken_in(server: Server) -> None:
    before, sent = server.megabytes(), 0
    host, _, port = server.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        words = [f"POST {server.path}api/kernel/set_ui_element_value HTTP/1.1", f"Host: {server.host}"]
        words += [f"Origin: {server.origin}", f"Content-Length: {2**31}", "", ""]
        line.sendall("\r\n".join(words).encode())
        with suppress(OSError):  # the server hangs up, or no longer reads
            line.settimeout(2)
            while sent < 2**31:
                line.sendall(b"x" * 2**20)
                sent += 2**20
    assert sent < 2**28
    assert server.megabytes() < before + 30


def test_a_page_that_talks_on_its_socket_is_cut_off(server: Server) -> None:
    from websockets.exceptions import ConnectionClosed

    with server.listen("session_id=s_talks1") as line:
        line.recv(timeout=60)
        with pytest.raises(ConnectionClosed):
            _shout(line)
    assert server.ask("GET", server.path + "health", [("Host", server.host)])[0] == 200


def _shout(line: Any) -> None:
    line.send("x" * 10_000_000)
    for _ in range(1000):
        line.recv(timeout=60)


def _no_socket(server: Server, host: str | None = None, **options: Any) -> None:
    """The handshake is refused: nothing was accepted."""
    from websockets.exceptions import InvalidStatus

    headers = {} if host is None else {"Host": host}
    with (
        pytest.raises(InvalidStatus) as refused,
        server.listen("session_id=s_evil01", additional_headers=headers, **options),
    ):
        pass
    assert refused.value.response.status_code in (400, 403)
