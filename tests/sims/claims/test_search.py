"""Claims are found by words of their own and by the headline words of their paper."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sims.claims import registry, search
from theory import papers

IDS, _ = registry.select([])
CLAIMS = {name: registry.find(name) for name in IDS}


def test_words_of_the_claim_are_found_together_in_any_case() -> None:
    assert "mei2022.peak" in search.matching("MEI2022.Peak", CLAIMS)
    claim = CLAIMS["mei2022.peak"]
    for text in (claim.statement, claim.formula, claim.source):
        assert "mei2022.peak" in search.matching(text.upper(), CLAIMS)
    assert search.matching("wholly unheard of", CLAIMS) == {}


def test_authors_and_topics_of_the_paper_are_found_and_a_dash_is_a_space(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = SimpleNamespace(
        title="On peaks", authors=("Testmann", "Du"), topics=("Marchenko–Pastur law", "lazy training")
    )
    monkeypatch.setattr(papers, "modules", lambda: {"mei2022": SimpleNamespace(PAPER=paper)})
    for words in (
        "testmann",
        "Testmann Du",
        "marchenko-pastur",
        "Marchenko Pastur",
        "LAZY training",
        "on peaks",
    ):
        assert {"mei2022.peak"} <= set(search.matching(words, CLAIMS))
    assert set(search.matching("testmann", CLAIMS)) == set(registry.claims("mei2022"))


@pytest.mark.parametrize(
    "words",
    ["double descent", "Marchenko-Pastur", "interpolation threshold", "benign overfitting", "lazy training",
     "implicit bias", "montanari", "BELKIN"],
)  # fmt: skip
def test_headline_words_of_the_field_find_claims(words: str) -> None:
    assert search.matching(words, CLAIMS)


def test_the_command_lists_what_is_found(claims: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = claims("list", "ridgeless", "--paper", "hastie2022")
    assert (code, "hastie2022.ridgeless" in out) == (0, True)
    code, out, err = claims("list", "wholly", "unheard", "of")
    assert (code, out) == (2, "")
    assert "'wholly unheard of'" in err
