"""Every claim is well formed, from a paper of the bibliography, and counted in the README."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sims.claims import registry, report
from sims.claims.claim import FALSE_ALARM
from theory import papers
from theory.papers import DEGREES

ROOT = Path(__file__).resolve().parents[3]
KEYS = registry.keys()
IDS, _ = registry.select([])


def test_there_are_as_many_as_promised() -> None:
    assert len(IDS) >= 190
    assert len(set(KEYS) - {"everyday"}) >= 48


def test_the_family_of_all_claims_has_few_false_alarms() -> None:
    assert len(IDS) * FALSE_ALARM < 1e-3


def test_the_readme_has_as_many_claims_and_exercises_as_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    papers = len([key for key in KEYS if key != "everyday"])
    assert f"shows {len(IDS)} claims of {papers} papers" in readme
    exercises = sum(registry.find(name).exercise is not None for name in IDS)
    assert f"the {exercises} that have one" in readme


def test_the_list_counts_the_degrees_of_its_claims() -> None:
    claims = {name: registry.find(name) for name in IDS}
    by_degree = {degree: [c for c in claims.values() if c.checked == degree] for degree in DEGREES}
    assert sum(map(len, by_degree.values())) == len(IDS)
    text, code, derivation = map(len, by_degree.values())
    assert min(text, code, derivation) > 0
    assert f"text for {text} claims, the authors' code for {code}, and neither for {derivation}" in (
        report.markdown(claims)
    )
    assert (
        report.markdown({"one.claim": by_degree["code"][0]})
        .splitlines()[-1]
        .endswith("| the authors' code |")
    )


def test_a_claim_of_the_authors_code_is_of_a_paper_whose_code_is_in_the_tests() -> None:
    ours = {name.partition(".")[0] for name in papers.degrees()["code"]}
    assert {name.partition(".")[0] for name in IDS if registry.find(name).checked == "code"} <= ours


def test_the_table_of_claims_is_current() -> None:
    claims = {name: registry.find(name) for name in IDS}
    text = (ROOT / "sims" / "claims" / "README.md").read_text(encoding="utf-8")
    assert text == report.markdown(claims) + "\n", "run python -m figures refresh --text"


@pytest.mark.parametrize("key", KEYS)
def test_papers_are_in_the_bibliography(key: str) -> None:
    entries = (ROOT / "paper" / "references.bib").read_text()
    assert key == "everyday" or f"{{{key}," in entries
    assert registry.claims(key)


@pytest.mark.parametrize("name", IDS)
def test_a_claim_is_well_formed(name: str) -> None:
    claim = registry.find(name)
    key, own = name.split(".")
    assert re.fullmatch(r"[a-z][a-z0-9_]*", own)
    assert re.search(r"[.?!]\)?$", claim.statement)
    assert len(claim.statement) < 320
    assert len(claim.formula) < 320
    cited = re.findall(r"\[([a-z]+\d{4}[a-z]*)", claim.source)
    entries = (ROOT / "paper" / "references.bib").read_text()
    assert all(f"{{{other}," in entries for other in cited)
    assert key == "everyday" or key in cited
    assert "unverified" not in claim.source
    assert all(type(value) in (int, float, str) for value in claim.defaults.values())
    if callable(claim.allowance) and claim.grows:
        small, large = (
            np.max(claim.allowance(SimpleNamespace(**claim.sized(claim.defaults, size)))) for size in (1, 4)
        )
        assert large <= 0.51 * small  # at least like 1/sqrt(size)
    if claim.kind == "asymptotic":
        assert callable(claim.allowance)
    if claim.kind == "exact":
        assert 0.0 <= claim.allowance <= 1e-4  # where an iteration or an integration ends


@pytest.mark.parametrize("name", IDS[::20])
def test_the_code_of_a_claim_is_where_it_is_said_to_be(name: str) -> None:
    place, code = registry.code(name)
    file, first, last = re.fullmatch(r"(.*), lines (\d+)-(\d+)", place).groups()  # type: ignore[union-attr]
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    own = "\n".join(lines[int(first) - 1 : int(last)])
    assert own.startswith(f"{name.partition('.')[2]} = ")
    assert own in code


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("nobody1900", "nobody1900: no such paper"),
        ("fake2000.nothing", "`python -m sims.claims list --paper fake2000` names them"),
        ("fake2000.sonud", "did you mean fake2000.sound?"),
        ("fake200", "did you mean fake2000?"),
        ("", "'': no such paper; `python -m sims.claims list` names them"),
    ],
)
def test_a_word_that_names_nothing_is_answered_by_the_nearest(word: str, told: str) -> None:
    ids, (line,) = registry.select([word, "fake2000.sound"])
    assert ids == ["fake2000.sound"]
    assert told in line


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("n", "--set n: write name=value"),
        ("n=", "--set n=: write name=value"),
        ("n=many", "--set n=many: n of fake2000.sound must be a whole number, not negative, such as 4"),
        ("n=-1", "--set n=-1: n of fake2000.sound must be a whole number, not negative, such as 4"),
        ("mean=nan", "--set mean=nan: mean of fake2000.sound must be a finite number, such as 1.0"),
        ("d=3", "--set d=3: fake2000.sound has no d; its settings are n, law, mean"),
    ],
)
def test_a_malformed_setting_gets_one_line(word: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        registry.overridden("fake2000.sound", [word])


@pytest.mark.usefixtures("fake")
def test_a_setting_is_read_as_its_default_s_type() -> None:
    values = registry.overridden("fake2000.sound", ["n=9", "mean=2", "law=cauchy"])
    assert values == {"n": 9, "law": "cauchy", "mean": 2.0}
    assert type(values["mean"]) is float
