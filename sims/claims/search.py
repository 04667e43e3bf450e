"""Finding claims by words: of their own text, or of the authors and topics of their paper."""

from collections.abc import Mapping

from sims.claims.claim import Claim
from theory import papers
from theory.index import matcher


def matching(words: str, claims: Mapping[str, Claim]) -> dict[str, Claim]:
    """The claims that have the words, or whose paper has them in its title, authors or topics.

    Several words must stand beside each other; case, accents and hyphens do not count. The search reads id,
    statement, formula, source, theme and the reason why theory fails.

    >>> from sims.claims import registry
    >>> list(matching("RIDGELESS", registry.claims("hastie2022")))[0]
    'hastie2022.ridgeless'
    >>> list(matching("Montanari", registry.claims("hastie2022"))) == list(registry.claims("hastie2022"))
    True
    """
    matches, headlines = matcher(words), _headlines()
    return {
        name: claim
        for name, claim in claims.items()
        if matches(f"{_text(name, claim)} | {headlines.get(name.partition('.')[0], '')}")
    }


def of_theme(theme: str, claims: Mapping[str, Claim]) -> dict[str, Claim]:
    """The claims that share an idea, from whichever papers.

    Raises ValueError, which names the themes, if none of these claims has it.

    >>> of_theme("astrology", {})
    Traceback (most recent call last):
    ValueError: theme = 'astrology' is of no claim; the themes are none
    """
    found = {name: claim for name, claim in claims.items() if claim.theme == theme}
    if not found:
        themes = sorted({claim.theme for claim in claims.values()} - {""})
        raise ValueError(f"theme = {theme!r} is of no claim; the themes are {', '.join(themes) or 'none'}")
    return found


def _text(name: str, claim: Claim) -> str:
    return " | ".join((name, claim.statement, claim.formula, claim.source, claim.why, claim.theme))


def _headlines() -> dict[str, str]:
    """Title, authors and topics of the papers, by key; everyday talk has none."""
    every = {key: module.PAPER for key, module in papers.modules().items()}
    return {
        key: " | ".join((paper.title, " ".join(paper.authors), *paper.topics)) for key, paper in every.items()
    }
