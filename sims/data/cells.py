"""What stands in a cell of a file: a number, a number in disguise, a word for a missing value, or text."""

import re
from collections.abc import Sequence

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
# 1,234 1'234 1 234 1.234.567 12 % $5 (5) -5 with a typographer's minus 1_000 1d5
DISGUISED = re.compile(
    r"[-+\u2212(]?\s*[$\u20ac\u00a3\u00a5]?\s*[-+\u2212]?[.,]?\d(?:[.,'\u2019_\s]?\d)*[.,]?"
    r"(?:[eEdD][-+\u2212]?\d+)?\s*[%\u2030$\u20ac\u00a3\u00a5)]*"
)
# letters and digits of words for missing values, among them those of spreadsheets and of old C libraries
MISSING = frozenset(
    (
        *("na", "nan", "nat", "nanind", "null", "none", "nil", "missing", "notavailable", "nodata", "nana"),
        *("1qnan", "1snan", "1ind", "1nan"),
    )
)
ERRORS = frozenset(
    (
        *(
            "#value!",
            "#ref!",
            "#div/0!",
            "#num!",
            "#name?",
            "#null!",
            "#spill!",
            "#calc!",
            "#field!",
            "#####",
        ),
        *("#getting_data", "#nv", "#wert!", "#bezug!", "#zahl!", "#valeur!"),
    )
)


def is_number(text: str) -> bool:
    """Is this a number as it is written everywhere: digits, a point, an exponent; or infinity?

    >>> [is_number(text) for text in ("-1.5e3", "1,5", "1_000", "-inf", "nan")]
    [True, False, False, True, False]
    """
    return bool(NUMBER.fullmatch(text) or INFINITE.fullmatch(text))


def is_disguised(text: str) -> bool:
    """Is this a number for people that `float` does not read, or reads as another?

    >>> [is_disguised(text) for text in ("1,234", "12 %", "$1'000", "1_000", "1.5", "2 rooms", "2020-01-02")]
    [True, True, True, True, False, False, False]
    """
    return not is_number(text) and bool(DISGUISED.fullmatch(text))


def missing(texts: Sequence[str]) -> list[int]:
    """Places of the entries of a column that are empty or say that they are missing.

    Those are words such as N/A and null, errors of spreadsheets, and signs among words or numbers (? - .); a
    column of signs alone, as + and -, has a meaning of its own.

    >>> missing(["1", "n.a.", "#N/A", "-"]), missing(["+", "-", ""]), missing(["-NaN", "1.#QNAN", "Rome"])
    ([1, 2, 3], [2], [0, 1])
    """
    words = {
        i: "".join(filter(str.isalnum, text.lower()))
        for i, text in enumerate(texts)
        if not NUMBER.fullmatch(text)
    }
    meant = len(words) < len(texts) or any(words.values())
    return [
        i
        for i, word in words.items()
        if texts[i] in ("", "?") or (meant and not word) or word in MISSING or texts[i].lower() in ERRORS
    ]


def decimal_commas(columns: Sequence[Sequence[str]]) -> bool:
    """Do the numbers of a file have decimal commas? ValueError if one of its texts may be read in two ways.

    >>> decimal_commas([["0,5", "1,25"], ["red", "blue"]]), decimal_commas([["0.5"], ["1"]])
    (True, False)
    """
    written = [text for column in columns for text in column if "," in text and is_disguised(text)]
    sure = [text for text in written if DECIMAL_COMMA.fullmatch(text) and not THOUSANDS.fullmatch(text)]
    if not written:
        return False
    if not sure:
        raise ValueError(f"{written[0]!r} has a decimal comma or a mark of thousands; write points")
    pointed = [
        text
        for column in columns
        for text in column
        if "." in text and (NUMBER.fullmatch(text) or is_disguised(text))
    ]
    if pointed:
        raise ValueError(f"numbers with commas ({sure[0]!r}) and with points ({pointed[0]!r}); write points")
    return True
