"""What tests of the explorer share: the settings of a tab, and the parts of a view."""

from typing import Any

from figures.explorer import _knobs
from figures.explorer._view import View


def default(module: Any, **changed: Any) -> dict[str, Any]:
    """The settings of a tab as it opens, with some of them changed."""
    return {**_knobs.read(module.KNOBS, {}), **changed}


def parts(view: View, kind: type) -> list[Any]:
    """The parts of one kind in all charts of a view."""
    return [part for chart in view.charts for part in chart.parts if isinstance(part, kind)]
