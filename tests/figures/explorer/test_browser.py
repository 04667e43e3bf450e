"""The explorer in a real Chromium: what a person would see, and what a second person would not."""

import os
import re
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from figures.explorer import _descent
from figures.explorer._data import MOST_WORDS
from sims import data
from tests.figures.explorer.server import served

REQUIRED = "OVERPARAM_REQUIRE_BROWSER"
PATIENCE = 120_000  # milliseconds: a machine may be busy, and the first run compiles
CASES = Path(__file__).parents[2] / "sims" / "data" / "cases"
DROP = "text=Drop a CSV file here"
CURVE = "path.op-line:not([stroke-dasharray])"

ATTACK = """async address => {
    const tried = async (what, seen) => what.then(seen, () => 'refused');
    const post = {method: 'POST', body: '{"objectIds": ["SFPL-55"], "values": [3]}'};
    const socket = new Promise((done, failed) => {
        const line = new WebSocket(address.replace('http', 'ws') + 'ws?session_id=s_evil01');
        line.onopen = done;
        line.onerror = failed;
    });
    const frame = Object.assign(document.createElement('iframe'), {src: address});
    const framed = new Promise(done => { frame.onload = done; });
    document.body.append(frame);
    await framed;
    return {
        read: await tried(fetch(address), answer => answer.text()),
        simple: await tried(fetch(address, {mode: 'no-cors'}), answer => answer.type),
        posted: await tried(fetch(address + 'api/kernel/set_ui_element_value', post), () => 'sent'),
        socket: await tried(socket, () => 'open'),
    };
}"""

pytestmark = [pytest.mark.browser, pytest.mark.jit, pytest.mark.slow]


def _missing() -> str:
    lacking = [name for name in ("marimo", "playwright") if find_spec(name) is None]
    if shutil.which("chromium") is None:
        lacking.append("the command chromium")
    return ", ".join(lacking)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, which complained about nothing."""
    if _missing():
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set, and there is no {_missing()}")
        pytest.skip(f"no {_missing()}")
    with served(tmp_path_factory.mktemp("explorer")) as server:
        yield server.address


@pytest.fixture(scope="module")
def chromium(address: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--host-resolver-rules=MAP *.example 127.0.0.1"],  # whoever owns a name may
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def at_home(chromium: Any) -> Any:
    """A browser that has loaded marimo's own files once."""
    return chromium.new_context(viewport={"width": 1280, "height": 1000})


class Visitor:
    """A person with a page; keeps what the page complains about and asks from others."""

    def __init__(self, context: Any, address: str) -> None:
        self.address, self.complaints, self.strangers = address, [], []  # type: ignore[var-annotated]
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "request", lambda r: None if r.url.startswith((address, "data:", "blob:", "ws:")) else
            self.strangers.append(r.url),
        )  # fmt: skip

    def open(self, query: str = "") -> Any:
        self.page.goto(self.address + query)
        return self.page

    def curve(self) -> str:
        return str(self.page.locator(CURVE).first.get_attribute("d"))

    def curve_after(self, before: str) -> str:
        """The theory curve, once it is another."""
        self.page.wait_for_function(
            "([what, before]) => document.querySelector(what)?.getAttribute('d') !== before",
            arg=[CURVE, before],
        )
        return self.curve()

    def slider(self, name: str) -> Any:
        return self.page.locator(f".op-knob-{name}").get_by_role("slider")


@pytest.fixture
def visitor(at_home: Any, address: str) -> Iterator[Visitor]:
    one = Visitor(at_home, address)
    yield one
    one.page.close()
    assert one.complaints == []
    assert one.strangers == []  # nothing is fetched from, or sent to, another machine


def test_every_tab_loads_without_a_complaint(visitor: Visitor) -> None:
    page = visitor.open()
    page.locator(CURVE).wait_for()
    for name, key in (
        ("Training time", "time"),
        ("Kernels", "networks"),
        ("Claims", "claims"),
        ("data", "data"),
    ):
        page.get_by_role("tab", name=name).click()
        page.wait_for_url(f"**/?tab={key}*")
        page.locator({"claims": ".op-reading", "data": DROP}.get(key, CURVE)).first.wait_for()
        page.locator(".op-knob").first.wait_for()
        assert page.locator(".op-error").count() == 0
        for width in (420, 1280):
            page.set_viewport_size({"width": width, "height": 1000})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_slider_moves_the_curve_and_simulation_settles_on_it(visitor: Visitor) -> None:
    page = visitor.open("?model=linear&n=40&ridge=0.1")
    page.locator(CURVE).wait_for()
    before = visitor.curve()
    visitor.slider("noise").focus()
    page.keyboard.press("ArrowRight")
    assert visitor.curve_after(before) != before
    page.get_by_text("20 of 20 random designs").wait_for()
    assert page.locator(".op-verdict").inner_text() == "theory and simulation agree"
    assert page.locator(".op-marks circle").count() == _descent.POINTS
    assert "noise=0.5" in page.url


def test_a_link_brings_a_view_back(visitor: Visitor) -> None:
    page = visitor.open("?model=linear&n=40&ridge=0.1")
    page.locator(CURVE).wait_for()
    before = visitor.curve()
    visitor.slider("noise").focus()
    page.keyboard.press("ArrowRight")
    moved = visitor.curve_after(before)
    page.wait_for_url("**noise=0.5*")
    link = page.url.rpartition("/")[2]
    visitor.open(link).locator(CURVE).wait_for()
    assert visitor.curve() == moved


def test_points_and_picture_are_saved(visitor: Visitor) -> None:
    page = visitor.open("?model=linear&n=40&ridge=0.1")
    page.get_by_text("20 of 20 random designs").wait_for()
    contents = {}
    for label in ("points as CSV", "picture as PNG"):
        with page.expect_download() as download:
            page.get_by_text(label).click()
        contents[download.value.suggested_filename] = Path(download.value.path()).read_bytes()
    assert contents["double_descent.png"].startswith(b"\x89PNG")
    lines = contents["double_descent.csv"].decode().splitlines()
    assert lines[0] == "chart,series,x,y,low,high"
    assert sum("simulation" in line or "median" in line for line in lines) == _descent.POINTS
    command = page.locator(".op-command code").inner_text()
    assert command.startswith("python -m sims.double_descent --model linear --n 40")


def test_a_bad_link_says_what_was_changed(visitor: Visitor) -> None:
    page = visitor.open("?model=linear&n=1e9&colour=red&ridge=0.1")
    page.locator(CURVE).wait_for()
    told = page.locator(".op-note").all_inner_texts()
    assert told == [
        "The link asked for n = 1e9; shown is n = 300.",
        "The link has a key that is no setting: colour.",
    ]


def test_knobs_that_do_nothing_are_out_of_sight_and_files_above_the_fold(chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    visitor = Visitor(context, address)
    page = visitor.open("?model=linear&n=40&ridge=0.1&parts=1")
    page.locator("path.op-band").first.wait_for()
    knobs = {name: page.locator(f".op-knob-{name}") for name in ("d", "activation", "log_y", "noise")}
    assert [name for name, knob in knobs.items() if knob.is_visible()] == ["noise"]
    for label in ("points as CSV", "picture as PNG"):
        box = page.get_by_text(label).bounding_box()
        assert box["y"] + box["height"] < 768
    assert page.locator(".op-formula sup, .op-formula sub").count() > 0
    visitor.slider("noise").focus()
    before = visitor.curve()
    page.keyboard.press("ArrowRight")
    visitor.curve_after(before)
    assert visitor.slider("noise").evaluate("node => node.matches(':focus')")  # it can be moved on
    context.close()


def test_an_activation_is_chosen_from_a_menu(visitor: Visitor) -> None:
    page = visitor.open("?tab=claims&claim=mei2022.peak&activation=tanh")
    menu = page.locator(".op-knob-activation select")
    menu.wait_for()
    assert menu.evaluate("node => node.selectedOptions[0].textContent") == "tanh"
    assert menu.locator("option").count() >= 10


def test_a_claim_runs_to_a_verdict(visitor: Visitor) -> None:
    page = visitor.open("?tab=claims&claim=everyday.capacity")
    page.get_by_role("button", name="Run the experiment").click()
    page.locator(".op-verdict").wait_for()
    assert page.locator(".op-verdict").inner_text() == "theory and simulation agree"
    assert page.locator(".op-table tr").count() >= 2


def test_a_bad_csv_shows_its_message(visitor: Visitor) -> None:
    page = visitor.open("?tab=data")
    for contents, message in (
        (b"a,b\n1,2\n", "mine.csv: 1 rows; at least 20 are needed to predict anything"),
        (b"a,b\n" + b"1,\n" * 30, "mine.csv: column 'b': 30 missing values"),
        (bytes(range(256)), "mine.csv: not a CSV file"),
    ):
        page.locator(DROP).first.wait_for()
        page.locator("input[type=file]").set_input_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": contents}
        )
        page.locator(".op-error", has_text=message).wait_for()
        assert "\n" not in page.locator(".op-error").inner_text().strip()
        assert page.get_by_text("Traceback").count() == 0


def test_a_good_csv_is_predicted_and_checked(visitor: Visitor) -> None:
    page = visitor.open("?tab=data&features=linear")
    page.locator(DROP).first.wait_for()
    rows = "\n".join(f"{i % 7},{i % 5},{(i % 7) - 2 * (i % 5) + 0.1 * (i % 3)}" for i in range(60))
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": f"a,b,y\n{rows}".encode()}
    )
    page.get_by_role("button", name="Predict and check").click()
    page.locator(".op-verdict").wait_for()
    assert page.locator(CURVE).count() >= 1
    assert re.match(r"python -m sims.sweet_spot mine.csv", page.locator(".op-command code").inner_text())


def test_a_target_is_chosen_before_the_file_is_judged(visitor: Visitor) -> None:
    page = visitor.open("?tab=data&features=linear")
    page.locator(DROP).first.wait_for()
    rows = "\r".join(f"{'red' if i % 3 else 'blue'},{i % 7},{i % 5}" for i in range(60))  # old ends of lines
    page.locator("input[type=file]").set_input_files(
        {"name": "kinds of; things.csv", "mimeType": "text/csv", "buffer": f"\rkind,a,b\r{rows}".encode()}
    )
    page.locator(".op-reading", has_text="Column 'kind': 2 categories (blue, red)").wait_for()
    page.locator("select").last.select_option(label="kind")
    page.locator(".op-reading", has_text="Target 'kind': 2 classes (blue, red).").wait_for()
    page.get_by_role("button", name="Predict and check").click()
    page.locator(".op-verdict").wait_for()
    command = page.locator(".op-command code").inner_text()
    assert command.startswith("python -m sims.sweet_spot 'kinds of; things.csv' --target kind")


def test_every_case_is_read_in_sight_or_refused_in_one_line(visitor: Visitor) -> None:
    for path in sorted(CASES.iterdir()):
        page = visitor.open("?tab=data")
        page.locator(DROP).first.wait_for()
        page.locator("input[type=file]").set_input_files(path)
        told = page.locator(".op-reading dd, .op-error")
        told.first.wait_for()
        try:
            read = [" ".join(data.told(data.load(str(path))))]
        except ValueError as error:
            words = str(error).replace(str(path), path.name).replace("as --as", "as")
            read = [words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]} ..."]
        assert told.all_inner_texts() == read
        assert "Traceback" not in page.locator("body").inner_text()


def test_a_target_is_read_as_one_chooses(visitor: Visitor) -> None:
    page = visitor.open("?tab=data")
    page.locator(DROP).first.wait_for()
    page.locator("input[type=file]").set_input_files(CASES / "rating.csv")
    page.locator(".op-reading", has_text="Target 'y': 7 classes (3, 4, 5, 6, 7, 8, 9).").wait_for()
    page.locator(".op-knob-as select").select_option(label="numbers")
    page.locator(".op-reading", has_text="Target 'y': numbers, from 3 to 9.").wait_for()
    page.get_by_role("button", name="Predict and check").click()
    page.locator(".op-said", has_text="data: Target 'y': numbers, from 3 to 9.").wait_for()
    assert " --target y --as numbers " in page.locator(".op-command code").inner_text()
    page.locator(".op-knob-data select").select_option(label="digits")
    page.locator(".op-knob-as").wait_for(state="detached")  # a named set has a target of its own


def test_a_file_of_two_gigabytes_is_not_sent(visitor: Visitor, tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(2**31)
    page = visitor.open("?tab=data")
    page.locator(DROP).first.wait_for()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("input[type=file]").set_input_files(tmp_path / "huge.csv")
    page.get_by_text("huge.csv").first.wait_for()
    assert "POST" not in sent


@pytest.fixture(scope="module")
def strange() -> Iterator[int]:
    """The port of another server on this machine, with a page of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Strange) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Strange(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"evil")

    def log_message(self, *words: Any) -> None:
        pass


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1", "localhost"])
def test_a_page_of_another_origin_reads_and_drives_nothing(
    name: str, chromium: Any, address: str, strange: int
) -> None:
    """The attacker even knows the secret, and sits in the browser that has the explorer open."""
    context = chromium.new_context()
    user = Visitor(context, address)
    user.open("?model=linear&n=40&ridge=0.1").locator(CURVE).wait_for()
    attacker = context.new_page()
    attacker.goto(f"http://{name}:{strange}/")
    assert attacker.evaluate(ATTACK, address) == dict.fromkeys(
        ("read", "simple", "posted", "socket"), "refused"
    )
    assert [frame.url for frame in attacker.frames[1:]] == ["chrome-error://chromewebdata/"]
    context.close()


def test_a_name_that_is_made_to_point_here_is_refused(chromium: Any, address: str) -> None:
    page = chromium.new_context().new_page()
    assert page.goto(address.replace("127.0.0.1", "evil.example")).status == 400
    assert page.goto(address.replace("127.0.0.1", "localhost")).status == 200
    page.context.close()


def test_the_address_does_not_leave_with_a_link(chromium: Any, address: str) -> None:
    context = chromium.new_context()
    seen: list[dict[str, str]] = []
    page = context.new_page()
    page.route(
        "http://elsewhere.example/**",
        lambda route: (seen.append(route.request.all_headers()), route.fulfill(body="there")),
    )
    page.goto(address)
    page.evaluate("""() => {
        const link = Object.assign(document.createElement('a'), {href: 'http://elsewhere.example/'});
        document.body.append(link);
        link.click();
    }""")
    page.wait_for_url("http://elsewhere.example/")
    assert [headers.get("referer") for headers in seen] == [None]
    assert page.evaluate("document.referrer") == ""
    context.close()


def test_two_users_at_once_do_not_meet(visitor: Visitor, chromium: Any, address: str) -> None:
    elsewhere = chromium.new_context()
    other = Visitor(elsewhere, address)
    for one, n in ((visitor, 40), (other, 80)):
        one.open(f"?model=linear&ridge=0.1&n={n}").locator(CURVE).wait_for()
    mine, theirs = visitor.curve(), other.curve()
    assert mine != theirs
    visitor.slider("noise").focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.curve_after(mine)
    for one in (visitor, other):
        one.page.get_by_text("20 of 20 random designs").wait_for()
    assert other.curve() == theirs
    assert "n=40" in visitor.page.url
    assert "n=80" in other.page.url
    assert "noise" not in other.page.url
    elsewhere.close()
