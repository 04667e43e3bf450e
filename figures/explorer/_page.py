"""A view as HTML: charts that fill the page, a verdict, words, a table, and the command line."""

from collections.abc import Iterable, Sequence

from figures.explorer import _svg
from figures.explorer._mathematics import rendered
from figures.explorer._view import View

VERDICTS = {
    "agrees": "theory and simulation agree",
    "disagrees": "theory and simulation disagree",
    "undecided": "undecided: too few trials or rows",
    "heavy-tailed": "every point is too near the threshold to count",
    "not predictable": "not predictable from these rows",
}


def page(view: View) -> str:
    """A whole view but its command line."""
    status = ""
    if view.status:
        told = VERDICTS.get(view.status, view.status)
        status = f'<span class="op-verdict op-{view.status.replace(" ", "-")}">{_svg.written(told)}</span>'
    progress = f'<span class="op-progress">{_svg.written(view.progress)}</span>' if view.progress else ""
    words = "".join(f"<p>{_svg.written(line)}</p>" for line in view.words)
    if view.formula:
        words += f'<p class="op-formula">{rendered(view.formula)}</p>'
    said = f'<div class="op-said">{status}{progress}{words}</div>'
    if view.table:
        said += table(view.table)
    beside = "op-beside" if len(view.charts) == 1 else "op-below"
    charts = "".join(map(_svg.draw, view.charts))
    return f'<div class="op-view {beside}"><div class="op-charts">{charts}</div><div>{said}</div></div>'


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head.

    >>> table([("n",), ("1",)])[:60]
    '<div class="op-scroll"><table class="op-table"><tr><th>n</th'
    """
    head, *body = (
        "".join(f"<{tag}>{_svg.written(cell)}</{tag}>" for cell in row) for tag, row in _tagged(rows)
    )
    lines = "".join(f"<tr>{cells}</tr>" for cells in (head, *body))
    return f'<div class="op-scroll"><table class="op-table">{lines}</table></div>'


def _tagged(rows: Sequence[Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return [("th" if i == 0 else "td", row) for i, row in enumerate(rows)]


def error(message: str) -> str:
    """An error message as one line.

    >>> error("n < 2")
    '<div class="op-error" role="alert">n &lt; 2</div>'
    """
    return f'<div class="op-error" role="alert">{_svg.written(message)}</div>'


def reading(lines: Iterable[tuple[str, str]]) -> str:
    """Pairs of a heading and a text, one below the other."""
    cells = (
        f"<dt>{_svg.written(name)}</dt><dd>{(rendered if name == 'formula' else _svg.written)(words)}</dd>"
        for name, words in lines
    )
    return f'<dl class="op-reading">{"".join(cells)}</dl>'


def hidden(names: Iterable[str]) -> str:
    """Knobs that do nothing with the settings of the others are out of sight.

    >>> hidden(["log_y"])
    '<style>.op-knob-log_y { display: none; }</style>'
    """
    rules = "".join(f".op-knob-{name} {{ display: none; }}" for name in names)
    return f"<style>{rules}</style>" if rules else ""


def notes(lines: Iterable[str]) -> str:
    """What a reader should know before the rest, such as what became of a link."""
    return "".join(f'<p class="op-note" role="status">{_svg.written(line)}</p>' for line in lines)


def command(line: str) -> str:
    """The command line of a view, to be copied."""
    return f'<div class="op-command">The same from a terminal:<code>{_svg.written(line)}</code></div>'
