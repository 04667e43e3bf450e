"""How pages open: one after another, and not too many."""

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_PAGES = 40
"""Open at once: each has a thread, and keeps what it uploaded."""
PATIENCE = 30.0
"""Seconds after which a page that has not opened yet no longer keeps others waiting."""
OPENED = ('"completed-run"', '"reconnected"')
"""What marimo tells a page that has run its cells, or that has come back."""


def in_turn(app: "ASGIApp") -> "ASGIApp":
    """`app`, with no more than `MOST_PAGES` sockets, whose cells are compiled one page at a time.

    Python 3.11 cannot parse in several threads at once (python/cpython#106905), and marimo compiles the cells
    of each page in a thread of its own.
    """
    seats, turn = asyncio.Semaphore(MOST_PAGES), asyncio.Lock()

    async def door(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "websocket":
            await app(scope, receive, send)
        elif seats.locked():
            await send({"type": "websocket.close", "code": 1013})  # try again later
        else:
            async with seats:
                await _open(app, turn, scope, receive, send)

    return door


async def _open(app: "ASGIApp", turn: asyncio.Lock, scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Keep the turn until the page has opened, or has gone, or takes too long."""
    await send({"type": "websocket.accept"})  # at once: browsers do not wait long for that
    await turn.acquire()
    with ExitStack() as kept:
        kept.callback(turn.release)
        late = asyncio.get_running_loop().call_later(PATIENCE, kept.close)
        kept.callback(late.cancel)

        async def told(message: "Message") -> None:
            if message["type"] == "websocket.accept":
                return
            try:
                await send(message)
            except RuntimeError as error:  # uvicorn closed it, as after a message too long
                raise ConnectionResetError("the page was cut off") from error
            if any(word in (message.get("text") or "")[:100] for word in OPENED):
                kept.close()

        await app(scope, receive, told)
