"""Words for messages that every part of the package may use."""


def one_line(text: object) -> str:
    """What `text` or an error says, on one line.

    >>> one_line(ValueError("first\\n  second"))
    'first second'
    """
    return " ".join(str(text).split())
