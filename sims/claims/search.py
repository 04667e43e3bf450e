"""Finding claims by words: of their own text, or of the authors and topics of their paper."""

from collections.abc import Mapping

from sims.claims.claim import Claim

DASHES = str.maketrans(dict.fromkeys("-‐‑–—", " "))


def matching(words: str, claims: Mapping[str, Claim]) -> dict[str, Claim]:
    """The claims that have the words together, in any case, in id, statement, formula or source, or whose
    paper has them in its title, authors or topics. A dash is as good as a space.

    >>> from sims.claims import registry
    >>> list(matching("Ridge has no peak", registry.claims("hastie2022")))
    []
    >>> list(matching("RIDGELESS", registry.claims("hastie2022")))[0]
    'hastie2022.ridgeless'
    """
    sought = _plain(words)
    headlines = _headlines()
    return {
        name: claim
        for name, claim in claims.items()
        if sought in _plain(f"{_text(name, claim)}\n{headlines.get(name.partition('.')[0], '')}")
    }


def _text(name: str, claim: Claim) -> str:
    return "\n".join((name, claim.statement, claim.formula, claim.source, claim.why))


def _headlines() -> dict[str, str]:
    """Title, authors and topics of the papers, by key; everyday talk has none."""
    from theory import papers

    headlines = {}
    for key, module in papers.modules().items():
        paper = module.PAPER
        words = (paper.title, *getattr(paper, "authors", ()), *getattr(paper, "topics", ()))
        headlines[key] = "\n".join(words)
    return headlines


def _plain(text: str) -> str:
    """The lines of a text in lower case, dashes as spaces, one space between words."""
    return "\n".join(" ".join(line.split()) for line in text.translate(DASHES).casefold().splitlines())
