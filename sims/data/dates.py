"""Dates as days, where they can be read in one way only."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1)
YEAR_FIRST = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}.*)?)?")
DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}( \d{1,2}:\d{2}(:\d{2})?)?")
FORMATS = {
    "year/month/day": "%Y/%m/%d",
    "year.month.day": "%Y.%m.%d",
    "day.month.year": "%d.%m.%Y",
    "day/month/year": "%d/%m/%Y",
    "month/day/year": "%m/%d/%Y",
    "day-month-year": "%d-%m-%Y",
    "month-day-year": "%m-%d-%Y",
}


def are_dates(texts: Sequence[str]) -> bool:
    """Are these texts written as dates of a four-digit year, whether or not there are such days?

    >>> are_dates(["2020-02-01", "2020-02-30 10:00"]), are_dates(["1.2.2020"]), are_dates(["1.2.20"])
    (True, True, False)
    """
    return bool(texts) and all(
        YEAR_FIRST.fullmatch(text) or (DATE.fullmatch(text) and re.search(r"\d{4}", text)) for text in texts
    )


def days(texts: Sequence[str]) -> tuple[list[float], str]:
    """Days since 1970-01-01, and the order of day, month and year that was read.

    Raises
    ------
    ValueError
        If the texts can be read in no way, or in two that differ.

    >>> days(["1970-01-02", "1970-01-02T12:00"]), days(["13.01.1970"])
    (([1.0, 1.5], 'year-month-day'), ([12.0], 'day.month.year'))
    """
    found: dict[str, list[float]] = {}
    for name in ("year-month-day", *FORMATS):
        try:
            found[name] = [_days(text, FORMATS.get(name)) for text in texts]
        except ValueError:
            continue
    if not found:
        raise ValueError("dates that no one order of day, month and year reads")
    (name, first), *others = found.items()
    for other, values in others:
        if values != first:
            raise ValueError(f"dates that may be {name} or {other}")
    return first, name


def _days(text: str, form: str | None) -> float:
    if form is None:
        time = datetime.fromisoformat(f"{text}-01" if len(text) == len("2020-01") else text)
    else:
        time = datetime.strptime(text, form + " %H:%M:%S"[: 3 * text.count(":") + 3 * (":" in text)])
    if time.tzinfo is not None:
        time = time.astimezone(UTC).replace(tzinfo=None)
    return (time - EPOCH) / timedelta(days=1)
