"""A person with a page in a browser, and how well its texts stand out."""

from pathlib import Path
from typing import Any

PATIENCE = 60_000
DONE = ".status.agrees, .status.disagrees, .status.undecided, .status.heavy-tailed"
LINE = "#chart path.line.test"
CONTRASTS = """() => {
    const light = text => {
        const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = node => {
        for (; node; node = node.parentElement) {
            const { backgroundColor } = getComputedStyle(node);
            if (!/rgba\\(.*, 0\\)/.test(backgroundColor)) return backgroundColor;
        }
        return "rgb(255, 255, 255)";
    };
    const found = [];
    for (const node of document.querySelectorAll("body *")) {
        const own = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!own || !node.checkVisibility() || ["SCRIPT", "STYLE", "OPTION"].includes(node.tagName)) continue;
        const style = getComputedStyle(node);
        const colour = node.closest("svg") ? style.fill : style.color;
        const [a, b] = [light(colour), light(behind(node))].sort((x, y) => y - x);
        found.push([(a + 0.05) / (b + 0.05), node.outerHTML.slice(0, 80)]);
    }
    return found;
}"""


class Visitor:
    """A person with a page; keeps what it complains about and asks for."""

    def __init__(self, browser: Any, file: Path, **context: Any) -> None:
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints, self.asked = [], []  # type: ignore[var-annotated]
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.file = file

    def open(self, link: str = "") -> Any:
        self.page.goto("about:blank")
        self.page.goto(f"{self.file.as_uri()}#{link}")
        return self.page

    def rest(self) -> str:
        """The verdict, once all trials are there."""
        self.page.locator(DONE).wait_for()
        return str(self.page.locator("#status").inner_text())

    def curve(self) -> str:
        return str(self.page.locator(LINE).get_attribute("d"))
