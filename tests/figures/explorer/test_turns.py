"""Pages open one after another, and whatever becomes of one, the next gets its turn."""

import asyncio
from typing import Any

import pytest

from figures.explorer import _turns

SOCKET = {"type": "websocket"}


async def _nothing() -> dict[str, Any]:
    return {}


def _opened_at_once(says: str | None, pages: int, raises: bool = False) -> tuple[int, int]:
    """How many of so many pages were opening at once at most, and how many of them were refused."""
    opening = most = refused = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal opening, most
        opening += 1
        most = max(most, opening)
        await asyncio.sleep(0)
        await send({"type": "websocket.accept"})
        await asyncio.sleep(0)
        opening -= 1
        if raises:
            raise ConnectionError
        if says is not None:
            await send({"type": "websocket.send", "text": f'{{"op": "{says}", "data": {{}}}}'})
            await asyncio.sleep(0.01)  # the page stays open

    async def send(message: Any) -> None:
        nonlocal refused
        refused += message == {"type": "websocket.close", "code": 1013}

    async def crowd() -> None:
        door = _turns.in_turn(app)
        visits = (door(SOCKET, _nothing, send) for _ in range(pages))
        await asyncio.wait_for(asyncio.gather(*visits, return_exceptions=True), 10)

    asyncio.run(crowd())
    return most, refused


@pytest.mark.parametrize("says", ["completed-run", "reconnected", None])
def test_pages_open_one_after_another(says: str | None) -> None:
    assert _opened_at_once(says, 20) == (1, 0)


def test_a_page_that_fails_gives_its_turn_away() -> None:
    assert _opened_at_once(None, 20, raises=True) == (1, 0)


def test_a_page_that_says_nothing_keeps_its_turn_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_turns, "PATIENCE", 0.01)
    assert _opened_at_once("cell-op", 20) == (1, 0)


def test_too_many_pages_are_told_to_come_again() -> None:
    assert _opened_at_once("completed-run", _turns.MOST_PAGES + 7) == (1, 7)


def test_what_is_said_to_a_page_that_was_cut_off_is_lost_as_to_one_that_has_gone() -> None:
    """Starlette knows an OSError for that; uvicorn raises a RuntimeError where it closed by itself."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        with pytest.raises(OSError, match="cut off"):
            await send({"type": "websocket.send", "text": "late"})

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise RuntimeError("Unexpected ASGI message 'websocket.send', after sending 'websocket.close'.")

    asyncio.run(_turns.in_turn(app)(SOCKET, _nothing, send))  # type: ignore[arg-type]
