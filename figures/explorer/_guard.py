"""Who is let in: those who know the server's secret, from its own pages, by a name that it has itself.

Any page that is open in the browser can send requests to this machine, and with a name that points here (DNS
rebinding) it can even read what comes back. So each request and each socket must name in its path a secret
that no other page knows, come from no page but the explorer's, and ask for a host that nobody else can have.
"""

import re
from collections.abc import Mapping
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = re.compile(r"(?P<name>\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?", re.ASCII)
MOST_BYTES = 8_000_000
"""Of one request: an upload of the largest size is a third longer on its way."""
READ = re.compile(
    r"(assets/.+|@file/.+|health|public-files-sw\.js|manifest\.json|[\w-]+\.(ico|png))?", re.ASCII
)
"""What pages fetch: themselves, their files, and what is saved from them."""
SENT = frozenset(
    f"api/kernel/{name}" for name in ("set_ui_element_value", "set_model_value", "function_call")
)
"""What pages send: a widget that moves, and a button that saves. Nothing that edits, runs or reads code."""
HEADERS = {
    "referrer-policy": "no-referrer",  # the secret is in the address
    "content-security-policy": "frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Refusal(NamedTuple):
    """An HTTP status, and what to do."""

    status: int
    words: str


def guarded(app: "ASGIApp", secret: str, host: str) -> "ASGIApp":
    """`app`, which serves below /`secret`/ at the address `host`, with a guard before it."""
    from starlette.responses import PlainTextResponse

    async def door(scope: "Scope", receive: "Receive", send: "Send") -> None:
        refused = None if scope["type"] == "lifespan" else refusal(scope, secret, host)
        if scope["type"] == "http":
            send = _hardened(send)
        if refused is None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: HTTP status 403
        else:
            answer = PlainTextResponse(refused.words + "\n", refused.status, {"connection": "close"})
            await answer(scope, receive, send)

    return door


def refusal(scope: "Scope", secret: str, host: str) -> Refusal | None:
    """Why a request or a socket is refused; None if it is let in."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    asked = [value for name, value in headers if name == "host"]
    if len(asked) != 1 or not _ours(asked[0], host):
        return Refusal(400, "This server has another name.")
    origins = [value for name, value in headers if name == "origin"]
    reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    if any(origin != f"http://{asked[0]}" for origin in origins) or not (origins or reads):
        return Refusal(403, "Only the explorer's own pages may ask this server.")
    first, _, rest = scope["path"].removeprefix("/").partition("/")
    if not compare_digest(first.encode(), secret.encode()):
        return Refusal(403, "Open the whole address that python -m figures.explorer has printed.")
    if scope["type"] == "websocket":
        return None if rest == "ws" else Refusal(404, "No such socket.")
    if not (READ.fullmatch(rest) if reads else scope["method"] == "POST" and rest in SENT):
        return Refusal(404, "No such page.")
    return None if reads else _too_long(dict(headers))


def _ours(asked: str, host: str) -> bool:
    """Whether a Host header names this machine: no stranger's name is localhost, or a number."""
    parts = HOST.fullmatch(asked.lower())
    if parts is None:
        return False
    name = parts["name"].strip("[]")
    try:
        return name in ("localhost", host.lower()) or ip_address(name).is_loopback or _is_any(host)
    except ValueError:
        return False


def _is_any(host: str) -> bool:
    """Whether a server at `host` answers at each address of its machine."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _too_long(headers: Mapping[str, str]) -> Refusal | None:
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
        return Refusal(411, "Say how long the request is.")
    if len(length) > 12 or int(length) > MOST_BYTES:
        return Refusal(413, f"The explorer reads up to {MOST_BYTES / 1e6:g} MB at once.")
    return None


def _hardened(send: "Send") -> "Send":
    """Responses that no other page may read, frame, or learn the address of."""

    async def sent(message: "Message") -> None:
        if message["type"] == "http.response.start":
            kept = [
                (name, value)
                for name, value in message["headers"]
                if name.decode("latin-1").lower() not in HEADERS
                and not name.lower().startswith(b"access-control-")
            ]
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": kept + ours}
        await send(message)

    return sent
