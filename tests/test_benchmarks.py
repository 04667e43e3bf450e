"""The document of the benchmarks, from a made-up report."""

from typing import Any

import numpy as np
import pytest

from tests.benchmarks.results import render


def benchmark(median: float, group: str | None = None, **extra: Any) -> dict[str, Any]:
    stats = {"median": median, "min": 0.5 * median, "q1": 0.8 * median, "q3": 1.6 * median}
    return {"group": group, "stats": stats, "extra_info": extra}


def report(*benchmarks: dict[str, Any]) -> dict[str, Any]:
    cpu = {"brand_raw": "Abacus 3", "count": 2}
    machine = {"node": "secret", "machine": "beads", "system": "Wood", "python_version": "3.11.1", "cpu": cpu}
    return {"machine_info": machine, "datetime": "2026-01-02T03:04:05", "benchmarks": list(benchmarks)}


PAIR = {"what": "a sum", "size": "n = 3"}
SLOW = benchmark(2.0, **PAIR, today="by hand", factor=50)
FAST = benchmark(0.25, "g", **PAIR, here="by machine", operations=30)
PRODUCT = benchmark(0.1, "g", yardstick="A B", operations=24)


def cells(text: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]


def rows_of(text: str, title: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    (told,) = [part for part in text.split("## ") if part.startswith(title)]
    return cells(told)[2:]


def test_a_pair_is_a_row_of_ratios() -> None:
    row = ["a sum", "n = 3", "by hand", "by machine", "100", "0.25", "**400**", "400", "200 to 800"]
    assert row in cells(render(report(SLOW, benchmark(1.0), FAST)))


def test_each_of_two_engines_is_compared() -> None:
    other = benchmark(0.05, **PAIR, here="by another")
    rows = [row[3:] for row in cells(render(report(SLOW, FAST, other))) if row[0] == "a sum"]
    assert [(row[0], row[3]) for row in rows] == [("by machine", "**400**"), ("by another", "**2000**")]


@pytest.mark.parametrize("alone", [SLOW, FAST])
def test_one_side_alone_is_refused(alone: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a sum, n = 3: one side alone"):
        render(report(alone))


def test_time_and_rate_are_relative_to_the_product_of_the_group() -> None:
    stranger = benchmark(0.1, "h", yardstick="C D", operations=24)
    text = render(report(PRODUCT, stranger, SLOW, FAST))
    rows = [row for row in cells(text) if {"A B", "C D"} & set(row)]
    assert rows == [["a sum", "n = 3", "by machine", "A B", "2.5", "2.5", "50 %"]]


def test_cost_is_told_per_column() -> None:
    text = render(report(benchmark(0.5, "path", columns=100), benchmark(1.2, "path", columns=200)))
    assert rows_of(text, "Cost against P: path") == [["100", "0.5", "1", "1"], ["200", "1.2", "1.2", "1.2"]]


def test_a_whole_command_is_told_in_seconds() -> None:
    text = render(report(benchmark(2.0, command="import abacus")))
    assert rows_of(text, "How long one waits") == [["import abacus", "2", "1.6", "3.2", "1"]]


def test_the_machine_is_told_without_its_name() -> None:
    text = render(report())
    assert ["processor", "Abacus 3, 2 cores"] in cells(text)
    assert ["date", "2026-01-02"] in cells(text)
    assert "secret" not in text


def test_first_calls_are_told_beside_the_first_of_them() -> None:
    text = render(report(benchmark(0.5, first="a loop"), benchmark(1.5, first="a curve")))
    assert rows_of(text, "The first call") == [["a loop", "0.5", "1", "1"], ["a curve", "1.5", "3", "3"]]


def test_growth_is_the_slope_over_the_sizes() -> None:
    """Times 3 n^2, but that the second and third of four are 10 % off, to either side."""
    medians = [3.0, 3.0 * 16 * 1.1, 3.0 * 256 / 1.1, 3.0 * 4096]
    grown = [
        benchmark(median, grows="an abacus", value=4**k, power=2, **{"in": "n"})
        for k, median in enumerate(medians)
    ]
    (row,) = rows_of(render(report(*grown)), "How the time grows")
    # by hand: slope 2 - log 1.1/(5 log 4), residual sum of squares over 2 degrees of freedom, t = 4.303
    x, y = np.log(4.0) * np.arange(4), np.log(medians)
    slope, at_0 = np.polyfit(x, y, 1)
    spread = np.sqrt(np.sum((y - slope * x - at_0) ** 2) / 2 / np.sum((x - x.mean()) ** 2))
    low, high = slope - 4.303 * spread, slope + 4.303 * spread
    assert slope == pytest.approx(2 - np.log(1.1) / (5 * np.log(4.0)))
    assert row == ["an abacus", "n", "1 to 64", f"**{slope:.2f}**", f"{low:.2f} to {high:.2f}", "2"]
