"""A view as HTML: charts that fill the page, a verdict, words, a table, and the command line."""

from collections.abc import Iterable, Sequence
from html import escape

from figures.explorer import _svg
from figures.explorer._view import View

VERDICTS = {
    "agrees": "theory and simulation agree",
    "disagrees": "theory and simulation disagree",
    "undecided": "undecided: more trials are needed",
    "heavy-tailed": "every point is too near the threshold to count",
    "not predictable": "not predictable from these rows",
}
STYLE = """<style>
.op-head h1 { font-size: 1.5rem; margin: 0 0 .2rem; font-weight: 700; }
.op-head p, .op-about { margin: 0; color: #444; max-width: 62rem; }
.op-knobs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr));
  gap: .7rem 1.6rem; align-items: start; }
.op-knob { min-width: 0; }
.op-knob > .op-label { display: block; font-size: .84rem; color: #333; }
.op-charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem;
  max-width: 62rem; }
.op-charts.op-one { max-width: 46rem; }
.op-chart svg[viewBox] { width: 100%; height: auto; display: block; }
.op-chart .op-legend svg { width: 24px; height: 12px; display: inline-block; vertical-align: -1px; }
.op-legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .84rem; color: #222; }
.op-title { font-weight: 600; font-size: .95rem; }
.op-line { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
.op-band { stroke: none; }
.op-axis { fill: none; stroke: #333; stroke-width: 1; }
.op-grid { fill: none; stroke: #e6e6e6; stroke-width: 1; }
.op-rule { fill: none; stroke: #777; stroke-width: 1; }
.op-marks path { fill: none; stroke-width: 1.4; }
.op-marks circle { stroke-width: 1.4; }
.op-tick { font-size: 13px; fill: #333; text-anchor: middle; }
.op-name { font-size: 14px; fill: #111; text-anchor: middle; }
.op-word { font-size: 12px; fill: #555; }
.op-tick.op-end, .op-word.op-end { text-anchor: end; }
.op-said { margin: .5rem 0 0; max-width: 62rem; font-size: .92rem; line-height: 1.45; overflow-wrap: anywhere; }
.op-said p { margin: .15rem 0; }
.op-verdict { display: inline-block; padding: .1rem .6rem; border-radius: .4rem; font-weight: 600;
  background: #eee; color: #333; }
.op-agrees { background: #d8efe5; color: #00543b; }
.op-disagrees { background: #fbe0d0; color: #7a3200; }
.op-progress { color: #666; margin-left: .6rem; }
.op-error { border-left: 4px solid #D55E00; background: #fdf1ea; padding: .4rem .7rem; color: #7a3200;
  max-width: 62rem; overflow-wrap: anywhere; }
.op-scroll { overflow-x: auto; }
.op-table { border-collapse: collapse; font-size: .9rem; margin: .5rem 0; }
.op-table th, .op-table td { padding: .15rem .8rem .15rem 0; text-align: left; border-bottom: 1px solid #e6e6e6; }
.op-reading { display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr; gap: .25rem 1rem; margin: 0;
  max-width: 62rem; font-size: .95rem; }
.op-reading dt { color: #666; }
.op-reading dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.op-command code { display: block; overflow-wrap: anywhere; white-space: pre-wrap; background: #f5f5f5;
  padding: .4rem .6rem; border-radius: .3rem; font-size: .82rem; color: #222; }
.op-command { font-size: .88rem; color: #444; max-width: 62rem; }
@media (max-width: 600px) { .op-reading { grid-template-columns: 1fr; gap: 0; } .op-reading dd { margin-bottom: .4rem; } }
</style>"""


def page(view: View) -> str:
    """All of a view but its command line."""
    one = " op-one" if len(view.charts) == 1 else ""
    parts = []
    if view.charts:
        parts.append(f'<div class="op-charts{one}">{"".join(map(_svg.draw, view.charts))}</div>')
    status = ""
    if view.status:
        told = VERDICTS.get(view.status, view.status)
        status = f'<span class="op-verdict op-{view.status.replace(" ", "-")}">{escape(told)}</span>'
    progress = f'<span class="op-progress">{escape(view.progress)}</span>' if view.progress else ""
    words = "".join(f"<p>{escape(line)}</p>" for line in view.words)
    parts.append(f'<div class="op-said">{status}{progress}{words}</div>')
    if view.table:
        parts.append(table(view.table))
    return "".join(parts)


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head.

    >>> table([("n",), ("1",)])[:60]
    '<div class="op-scroll"><table class="op-table"><tr><th>n</th'
    """
    head, *body = ("".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) for tag, row in _tagged(rows))
    lines = "".join(f"<tr>{cells}</tr>" for cells in (head, *body))
    return f'<div class="op-scroll"><table class="op-table">{lines}</table></div>'


def _tagged(rows: Sequence[Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return [("th" if i == 0 else "td", row) for i, row in enumerate(rows)]


def error(message: str) -> str:
    """One line that says what was wrong.

    >>> error("n < 2")
    '<div class="op-error" role="alert">n &lt; 2</div>'
    """
    return f'<div class="op-error" role="alert">{escape(message)}</div>'


def reading(lines: Iterable[tuple[str, str]]) -> str:
    """Names and words, one below the other."""
    cells = (f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in lines)
    return f'<dl class="op-reading">{"".join(cells)}</dl>'


def command(line: str) -> str:
    """A command line to copy."""
    return f'<div class="op-command">The same from a terminal:<code>{escape(line)}</code></div>'
