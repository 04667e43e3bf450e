"""A chart as SVG text, made in a few milliseconds: matplotlib takes a hundred, and a slider cannot wait."""

from html import escape

import numpy as np

from figures.explorer._view import COLOURS, Array, Band, Chart, Line, Marks, Part, Rule, ticks
from sims.shell.streams import visible

WIDTH, HEIGHT = 620, 380
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 16, 46
INNER, OUTER = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
LETTER = 6.5
"""Pixels of a letter on the axes, on average."""
DASH = {"": "", "dashed": ' stroke-dasharray="7 4"', "dotted": ' stroke-dasharray="2 3"'}


def written(words: str) -> str:
    r"""Words for the page: neither tags nor control characters that come from a file take effect.

    >>> written("a < \x1b[2Jb")
    'a &lt; \\x1b[2Jb'
    """
    return escape(visible(words))


def draw(chart: Chart) -> str:
    """The chart, as wide as the page lets it be, with a legend above.

    >>> line = Line("theory", np.array([1.0, 2.0]), np.array([0.0, 1.0]))
    >>> 'class="op-line"' in draw(Chart("", "p", "error", (1, 2), (0, 1), (line,)))
    True
    """
    title = f'<div class="op-title">{written(chart.title)}</div>' if chart.title else ""
    told = f"{chart.y_label} against {chart.x_label}"
    return (
        f'<div class="op-chart">{title}<div class="op-legend">{"".join(map(_key, chart.parts))}</div>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{written(told)}">'
        f"{_axes(chart)}"
        # an inner svg cuts off what leaves it
        f'<svg x="{LEFT}" y="{TOP}" width="{INNER}" height="{OUTER}">'
        f"{''.join(_shape(chart, part) for part in chart.parts)}</svg></svg></div>"
    )


def _place(values: Array, ends: tuple[float, float], log: bool, size: float) -> Array:
    """Pixels from the lower end, not far outside."""
    low, high = ends
    with np.errstate(divide="ignore", invalid="ignore"):
        if log:
            logs = np.log10(np.where(values > 0, values, low / high))  # what is not positive lies below
            share = (logs - np.log10(low)) / (np.log10(high) - np.log10(low))
        else:
            share = (values - low) / (high - low)
    return np.clip(share, -0.5, 1.5) * size


def _across(chart: Chart, x: Array) -> Array:
    return _place(np.asarray(x, dtype=float), chart.x_range, chart.x_log, INNER)


def _down(chart: Chart, y: Array) -> Array:
    return OUTER - _place(np.asarray(y, dtype=float), chart.y_range, chart.y_log, OUTER)


def _axes(chart: Chart) -> str:
    parts = [f'<path class="op-axis" d="M{LEFT} {TOP}V{TOP + OUTER}H{WIDTH - RIGHT}"/>']
    for value, name in _marked(chart):
        x = LEFT + float(_across(chart, np.array(value)))
        parts.append(f'<path class="op-grid" d="M{x:.1f} {TOP}V{TOP + OUTER}"/>')
        parts.append(f'<text class="op-tick" x="{x:.1f}" y="{TOP + OUTER + 18}">{written(name)}</text>')
    for value in ticks(*chart.y_range, chart.y_log):
        y = TOP + float(_down(chart, np.array(value)))
        parts.append(f'<path class="op-grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="op-tick op-end" x="{LEFT - 7}" y="{y + 4:.1f}">{value:g}</text>')
    parts.append(
        f'<text class="op-name" x="{LEFT + INNER / 2}" y="{HEIGHT - 8}">{written(chart.x_label)}</text>'
    )
    middle = TOP + OUTER / 2
    parts.append(
        f'<text class="op-name" transform="translate(15 {middle}) rotate(-90)">'
        f"{written(chart.y_label)}</text>"
    )
    return "".join(parts)


def _marked(chart: Chart) -> list[tuple[float, str]]:
    """The marked places of the x axis with their words; names that do not fit are numbers."""
    room = INNER / (len(chart.x_names) + 1) / LETTER
    if chart.x_names:
        fit = all(len(name) <= room for name in chart.x_names)
        return [(float(i), name if fit else str(i)) for i, name in enumerate(chart.x_names, start=1)]
    return [(value, f"{value:g}") for value in ticks(*chart.x_range, chart.x_log)]


def _shape(chart: Chart, part: Part) -> str:
    if isinstance(part, Rule):
        at = float(_across(chart, np.array(part.x)))
        end = " op-end" if at > 0.8 * INNER else ""
        return (
            f'<path class="op-rule" d="M{at:.1f} 0V{OUTER}"/>'
            f'<text class="op-word{end}" x="{at + (-5 if end else 5):.1f}" y="{OUTER - 7}">'
            f"{written(part.label)}</text>"
        )
    colour = COLOURS[part.colour]
    if isinstance(part, Line):
        path = _path(_across(chart, part.x), _down(chart, part.y))
        return f'<path class="op-line" stroke="{colour}"{DASH[part.dash]} d="{path}"/>'
    if isinstance(part, Band):
        x = _across(chart, part.x)
        back = _path(x[::-1], _down(chart, part.low)[::-1]).replace("M", "L", 1)
        path = _path(x, _down(chart, part.high)) + back + "Z"
        return f'<path class="op-band" fill="{colour}" fill-opacity="{part.opacity:g}" d="{path}"/>'
    return _marks(chart, part, colour)


def _marks(chart: Chart, part: Marks, colour: str) -> str:
    x, *heights = _across(chart, part.x), *(_down(chart, v) for v in (part.y, part.low, part.high))
    bars = "".join(f"M{a:.1f} {b:.1f}V{c:.1f}" for a, b, c in zip(x, *heights[1:], strict=True))
    fill = "white" if part.hollow else colour
    dots = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.4" fill="{fill}" stroke="{colour}"/>'
        for a, b in zip(x, heights[0], strict=True)
    )
    return f'<g class="op-marks"><path stroke="{colour}" d="{bars}"/>{dots}</g>'


def _path(x: Array, y: Array) -> str:
    known = np.isfinite(x) & np.isfinite(y)
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x[known], y[known], strict=True))


def _key(part: Part) -> str:
    """The entry of a part in the legend."""
    if isinstance(part, Rule):
        return ""
    colour = COLOURS[part.colour]
    if isinstance(part, Line):
        sign = f'<path d="M0 6H24" stroke="{colour}" stroke-width="2.4"{DASH[part.dash]}/>'
    elif isinstance(part, Band):
        sign = f'<rect width="24" height="12" fill="{colour}" fill-opacity="{part.opacity:g}"/>'
    else:
        fill = "white" if part.hollow else colour
        sign = f'<circle cx="12" cy="6" r="4" fill="{fill}" stroke="{colour}" stroke-width="1.4"/>'
    picture = f'<svg width="24" height="12" viewBox="0 0 24 12">{sign}</svg>'
    return f"<span>{picture} {written(part.label)}</span>"
