"""Run the benchmarks and write RESULTS.md beside this file: python tests/benchmarks/results.py

What is compared with what, the benchmarks declare themselves, in `benchmark.extra_info`:

    what, size    one comparison
    today, here   the name of the benchmark on its side of it
    factor        how many times its work it stands for
    operations    arithmetic ones
    yardstick     its name as the unit of time of its group
    columns       P, where the group is to be a table of cost against P
    grows, in     an engine, and the size that its time is measured against
    value, power  that size, and the exponent that the leading term of the work has
    first         the name of a first call, in a fresh process with nothing compiled
    command       a whole command or import, as a process of its own
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from itertools import product
from json import loads
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg  # noqa: F401  it loads a BLAS beside NumPy's
from numpy.typing import NDArray
from scipy.stats import linregress, t
from threadpoolctl import threadpool_info

FOLDER = Path(__file__).resolve().parent
LIBRARIES = ("numpy", "scipy", "numba", "scikit-learn")

HEAD = """# Results of the benchmarks

Written by `python tests/benchmarks/results.py`; change nothing by hand.
"""
COMPARED = """## Today's practice beside this package

Each engine is timed in the same run and at the same size as what a user would do without it, and the
benchmarks assert that both give the same numbers wherever both have the same features. The message is the
ratio, today's time over this package's: of the medians, of the minima, and from q1/q3 to q3/q1 of the
quartiles. Fits per p are timed at some p, evenly spaced, and scaled to all of them.
"""
MEASURED = """## Beside one matrix product

The product is of the same run, on the same thread. The rate is of arithmetic operations.
"""
GROWN = """## How the time grows

Time goes as a power of each size alone: the slope of its logarithm over that of the size, from the medians,
with the 95 % interval of the straight line. The leading term of the work has the power beside it; what it
does not outweigh yet at these sizes makes the exponent smaller, and a hidden power would make it larger.
"""
FIRST = """## The first call

CPU seconds of a fresh process with an empty cache, imports included: medians of five, and over those of the
first row, which no compiled code can be below. What is compiled is found in the cache the next time.
"""

WAITED = """## How long one waits

Whole processes, from the start of Python to its end, with everything compiled before.
"""

Floats = NDArray[np.float64]
Entry = dict[str, Any]  # the extra_info of a benchmark, its group and its stats


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        run = (sys.executable, "-m", "pytest", "-q", "--benchmark-only", f"--benchmark-json={report}", FOLDER)
        status = subprocess.run(run, cwd=FOLDER.parents[1], check=False).returncode
        if status:
            sys.exit(f"pytest ended with exit code {status}; RESULTS.md is left as it was")
        text = render(loads(report.read_text("utf-8")))
    (FOLDER / "RESULTS.md").write_text(text, "utf-8")


def render(report: dict[str, Any]) -> str:
    """The document for a report of pytest-benchmark; its host and commit are left out."""
    entries = [{**b["extra_info"], "group": b["group"], "stats": b["stats"]} for b in report["benchmarks"]]
    parts = [HEAD, setting(report), COMPARED, comparisons(entries), MEASURED, yardsticks(entries)]
    parts += [GROWN, growths(entries), FIRST, firsts(entries)]
    tabled = grouped([e for e in entries if "columns" in e], "group")
    parts += [f"## Cost against P: {title}\n\n{costs(group)}" for (title,), group in tabled]
    parts += [WAITED, waits(entries)]
    return "\n".join(parts)


def setting(report: dict[str, Any]) -> str:
    info = report["machine_info"]
    cpu = info["cpu"]
    versions = [f"Python {info['python_version']}", *(f"{name} {version(name)}" for name in LIBRARIES)]
    blas = [
        f"{pool['internal_api']} {pool['version']}, kernel {pool.get('architecture', 'unknown')}"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    ]
    rows = [
        ["date", report["datetime"][:10]],
        ["processor", f"{cpu.get('brand_raw', info['machine'])}, {cpu['count']} cores"],
        ["system", f"{info['system']}, {info['machine']}"],
        ["versions", ", ".join(versions)],
        ["BLAS", "; ".join(dict.fromkeys(blas))],
        ["threads", "1, of BLAS too, where the size does not name them"],
    ]
    return table(["", ""], rows)


def comparisons(entries: list[Entry]) -> str:
    rows = []
    measured = {e["group"] for e in entries if "yardstick" in e}
    for (what, size), group in grouped(entries, "what", "size"):
        today, here = ([e for e in group if side in e] for side in ("today", "here"))
        if here and not today and all(e["group"] in measured for e in here):
            continue  # beside a product alone
        if not (today and here):
            raise ValueError(f"{what}, {size}: one side alone is declared; declare both `today` and `here`")
        for slow, fast in product(today, here):
            ratio, minima = (number(seconds(slow, of) / seconds(fast, of)) for of in ("median", "min"))
            low = seconds(slow, "q1") / seconds(fast, "q3")
            high = seconds(slow, "q3") / seconds(fast, "q1")
            times = [number(seconds(slow)), number(seconds(fast))]
            spread = f"{number(low)} to {number(high)}"
            rows.append([what, size, slow["today"], fast["here"], *times, f"**{ratio}**", minima, spread])
    names = [
        "what",
        "size",
        "today",
        "this package",
        "s, today",
        "s, here",
        "ratio",
        "of minima",
        "quartiles",
    ]
    return table(names, rows)


def yardsticks(entries: list[Entry]) -> str:
    rows = []
    for unit in (e for e in entries if "yardstick" in e):
        for e in entries:
            if e["group"] != unit["group"] or "here" not in e:
                continue
            ratio, minima = (seconds(e, of) / seconds(unit, of) for of in ("median", "min"))
            rate = ""
            if "operations" in e:
                rate = f"{100 * e['operations'] / unit['operations'] / ratio:.0f} %"
            names = [e["what"], e["size"], e["here"], unit["yardstick"]]
            rows.append([*names, number(ratio), number(minima), rate])
    return table(["what", "size", "this package", "product", "time over its time", "of minima", "rate"], rows)


def firsts(entries: list[Entry]) -> str:
    calls = [e for e in entries if "first" in e]
    rows = []
    for e in calls:
        ratio, minima = (number(seconds(e, of) / seconds(calls[0], of)) for of in ("median", "min"))
        rows.append([e["first"], number(seconds(e)), ratio, minima])
    return table(["first call", "s", "times the first row", "of minima"], rows)


def costs(group: list[Entry]) -> str:
    def relative(e: Entry, of: str) -> str:
        return number(seconds(e, of) / e["columns"] / (seconds(group[0], of) / group[0]["columns"]))

    rows = [[str(e["columns"]), number(seconds(e)), relative(e, "median"), relative(e, "min")] for e in group]
    return table(["P", "s", "time over P, relative to the first", "of minima"], rows)


def growths(entries: list[Entry]) -> str:
    rows = []
    for (engine, size, power), group in grouped(entries, "grows", "in", "power"):
        values = np.array([e["value"] for e in group])
        slope, half = exponent(values, np.array([seconds(e) for e in group]))
        interval = f"{slope - half:.2f} to {slope + half:.2f}"
        span = f"{values.min()} to {values.max()}"
        rows.append([engine, size, span, f"**{slope:.2f}**", interval, f"{power:g}"])
    return table(["engine", "size", "from", "exponent of time", "95 % interval", "leading term"], rows)


def exponent(sizes: Floats, times: Floats) -> tuple[float, float]:
    """The slope of log time over log size, and half the width of its 95 % interval."""
    line = linregress(np.log(sizes), np.log(times))
    return line.slope, line.stderr * t.ppf(0.975, len(sizes) - 2)


def waits(entries: list[Entry]) -> str:
    rows = [
        [e["command"], *(number(seconds(e, of)) for of in ("median", "q1", "q3", "min"))]
        for e in entries
        if "command" in e
    ]
    return table(["command", "s, median", "s, lower quartile", "s, upper quartile", "s, minimum"], rows)


def grouped(entries: list[Entry], *names: str) -> Iterable[tuple[tuple[Any, ...], list[Entry]]]:
    """Those that have all the names, by their values, in the order of the first of each group."""
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for e in entries:
        if all(name in e for name in names):
            groups.setdefault(tuple(e[name] for name in names), []).append(e)
    return groups.items()


def seconds(entry: Entry, of: str = "median") -> float:
    """For all the work the benchmark stands for."""
    return entry["stats"][of] * entry.get("factor", 1)


def number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def table(names: list[str], rows: list[list[str]]) -> str:
    lines = ("| " + " | ".join(row) + " |" for row in [names, ["---"] * len(names), *rows])
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
