"""The reference values of tests/oracles, read: functions by name, arguments as the files write them."""

import json
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

import theory
import theory.papers

FOLDER = Path(__file__).parent / "oracles"
CASES = [case for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text())]


def argument(value: Any) -> Any:
    """Arguments as the files write them: "inf", problems by levels or by rule, labels, lists as arrays."""
    if isinstance(value, str):
        return float(value) if value in ("inf", "-inf", "nan") else value
    if isinstance(value, list):
        return [argument(entry) for entry in value]
    if isinstance(value, dict) and "rule" in value:
        index = np.arange(1.0, value["rule"]["size"] + 1)
        return index ** -value["rule"]["alpha"] * np.log(index + 1) ** -value["rule"]["beta"]
    if isinstance(value, dict) and "powerlaw" in value:
        return theory.Problem.power_law(**value["powerlaw"], noise=value.get("noise", 0.0))
    if isinstance(value, dict) and "cross" in value:
        return theory.Labels(**value)
    if isinstance(value, dict):
        return theory.Problem(**value)
    return value


def function(name: str) -> Any:
    papers = theory.papers.modules()
    parts = name.removeprefix("theory.").split(".")
    if parts[0] == "papers":
        return getattr(papers[parts[1]], parts[2])
    return reduce(getattr, parts, theory)
