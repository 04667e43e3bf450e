"""The paper: no typed result, nothing missing in it, the same PDF again; numbers as the sources have them."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imsave

from figures import __main__, build, numbers, paper, registry
from sims.claims import registry as claims_registry
from sims.claims.claim import KINDS

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "paper").glob("*.typ"))}
MAIN = "\n".join(text for name, text in TEXTS.items() if name != "style.typ")
KNOWN = json.loads((ROOT / "paper" / "numbers.json").read_text("utf-8"))
KEYS = set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "paper" / "references.bib").read_text("utf-8"), re.M))
PAPERS = claims_registry.keys()
CITATION = re.compile(r"\[([a-z]+\d{4}[a-z]*)\b[^\]]*\]")

# -- nothing typed ---------------------------------------------------------------------------------

WORDS = "five six seven eight nine ten eleven twelve twenty thirty fifty hundred thousand million percent"
COUNTED = re.compile(rf"\b({'|'.join(WORDS.split())})\b(?!\()", re.I)


def names() -> set[str]:
    """What a string in the text may be: a claim, a figure, or what numbers.json has of them."""

    def keys(found: Any) -> Iterator[str]:
        if isinstance(found, dict):
            for key, value in found.items():
                yield key
                yield from keys(value)

    return set(keys(KNOWN)) | set(registry.names())


def typed(text: str) -> list[str]:
    """Numbers of the text that may be results: in words or digits anywhere, in formulas beyond 4."""
    text = re.sub(r"//.*", "", text)
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)  # commands, names of files and claims
    formulas = re.findall(r"\$([^$]*)\$", text)
    found = [number for part in formulas for number in re.findall(r"[\d.]*\d", part) if number not in "01234"]
    text = re.sub(r"\$[^$]*\$", " ", text)
    for string in re.findall(r'"([^"\n]*)"', text):
        if re.search(r"\d", string) and string in names():
            text = text.replace(f'"{string}"', "")
    text = re.sub(r"[@<][a-z]+\d{4}[a-z0-9_]*>?", "", text)  # citations and figures
    text = re.sub(r"\b\d+(\.\d+)?(pt|em|fr|in)\b", "", text)
    return found + re.findall(r"\S*\d\S*", text) + COUNTED.findall(text)


def test_no_result_is_typed() -> None:
    assert typed(MAIN) == []


@pytest.mark.parametrize(
    "text",
    [
        "the error is 0.5",
        "an error of 20 %",
        "nine claims are refuted",
        "a slope of $-0.48$",
        "in $95 %$ of cases",
        '#text("0.3")',
        "#box(12)",
        "since 2019 it is known",
        "$x$ is 7 and $y$",
    ],
)
def test_a_typed_result_is_found(text: str) -> None:
    assert typed(text)


@pytest.mark.parametrize(
    "text",
    [
        '#observed("mei2022.peak") @mei2022, see @hastie2022_snr. #by(<mei2022>)',
        "$1/2 sum_(i=1)^n x_i^2$ // 0.5",
        "#v(1.5em) one of two; `mei2022.peak`",
    ],
)
def test_what_is_no_result_passes(text: str) -> None:
    assert typed(text) == []


# -- nothing missing -------------------------------------------------------------------------------


def test_every_key_in_the_code_has_its_reference() -> None:
    cited = {
        (path.relative_to(ROOT).as_posix(), key)
        for package in ("theory", "sims", "figures")
        for path in (ROOT / package).rglob("*.py")
        for key in CITATION.findall(path.read_text("utf-8"))
    }
    cited |= {(f"sims/claims/{key}.py", key) for key in PAPERS if key != "everyday"}
    cited |= {
        (f"figures/{n}.py", n.partition("_")[0]) for n in registry.names() if n.split("_")[0] != "everyday"
    }
    assert len(cited) > 100
    assert sorted((path, key) for path, key in cited if key not in KEYS) == []


def test_every_citation_has_its_reference() -> None:
    cited = set(re.findall(r"[@<]([a-z]+\d{4}[a-z]*)(?![a-z0-9_])", MAIN))
    assert len(cited) > 30
    assert cited - KEYS == set()


def test_every_reference_is_cited_or_removed() -> None:
    """In the text, or by a formula, a claim or a figure; the list of references has all of them."""
    cited = set(re.findall(r"[@<]([a-z]+\d{4}[a-z]*)(?![a-z0-9_])", MAIN))
    for package in ("theory", "sims", "figures"):
        for path in (ROOT / package).rglob("*.py"):
            cited |= set(CITATION.findall(path.read_text("utf-8")))
    assert KEYS - cited == set()
    assert "full: true" in TEXTS["main.typ"]


BIB = (ROOT / "paper" / "references.bib").read_text("utf-8")
ENTRIES = {
    entry.partition("{")[2].partition(",")[0]: entry
    for entry in re.split(r"^@\w+(?=\{)", BIB, flags=re.M)[1:]
}
WITHOUT_DOI = {
    "bahri2021", "bartlett2002", "cho2009", "holm1979", "langford2001", "oguntayo2023", "patil2021",
    "rahimi2007", "soltanolkotabi2019talk", "vapnik1998",
}  # fmt: skip
"""Talks, a workshop, an article of a magazine, a book, and papers whose publishers gave them none."""


def test_every_reference_is_whole_and_stands_once() -> None:
    """Merges have cut the last brace of an entry, and brought one twice."""
    keys = re.findall(r"^@\w+\{([^,\s]+),", BIB, re.M)
    assert len(keys) == len(set(keys))
    assert [key for key, entry in ENTRIES.items() if entry.count("{") != entry.count("}")] == []


def test_every_reference_has_its_doi() -> None:
    assert {
        key for key, entry in ENTRIES.items() if not re.search(r"doi = \{10\.\d{4,}/\S+\}", entry)
    } == WITHOUT_DOI


def test_a_preprint_has_the_doi_of_its_number() -> None:
    for key, entry in ENTRIES.items():
        number, doi = re.search(r"arXiv:([^\s},;]+)", entry), re.search(r"10\.48550/arXiv\.([^}]+)", entry)
        assert number is None or doi is None or number[1].lower() == doi[1].lower(), key


def test_no_semicolon_is_lost() -> None:
    """Typst takes a semicolon after a call in the text as the end of that call, and does not print it."""
    texts = [text for name, text in TEXTS.items() if name != "style.typ"]
    assert [found for text in texts for found in re.findall(r"#\w+\([^()]*\);", text)] == []


def test_every_figure_is_spoken_of() -> None:
    used = paper.used(ROOT)
    assert len(used) > 20
    assert [name for name in used if not re.search(rf"@{name}(?!\w)", MAIN)] == []


def test_every_refuted_claim_has_its_reason() -> None:
    refuted = [claim for claim in KNOWN["claims"].values() if claim["expected"] == "disagrees"]
    assert len(refuted) == KNOWN["counts"]["refuted"]
    assert all(claim["why"] for claim in refuted)


def disagreeing(text: str) -> list[str]:
    """Claims that are refuted, and of which a paragraph of the text speaks without saying so."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        told = re.findall(r'#(?:observed|theory|resolution)\("([\w.]+)"\)', paragraph)
        wrong = [name for name in told if KNOWN["claims"][name]["status"] != "agrees"]
        found += [name for name in wrong if not re.search(r"\brefuted\b", paragraph)]
    return found


def test_no_statement_stands_on_a_claim_that_disagrees() -> None:
    assert disagreeing(MAIN) == []


def test_a_statement_on_a_claim_that_disagrees_is_found() -> None:
    sentence = 'The noise is harmless: #observed("bartlett2020.borderline").'
    assert disagreeing(sentence) == ["bartlett2020.borderline"]
    assert disagreeing(f"It is refuted. {sentence}") == []


def test_a_verdict_in_a_table_is_that_of_its_claim() -> None:
    """The article's page names claims that exist; what they came to is read, never typed."""
    named = [
        name for call in re.findall(r"#?judged\(([^)]*)\)", MAIN) for name in re.findall(r'"([^"]+)"', call)
    ]
    assert len(named) > 40
    assert set(named) <= set(KNOWN["claims"])
    assert not re.search(r"\b(disagrees|undecided)\b", TEXTS["article.typ"])


def test_the_abstract_splits_its_counts_by_kind() -> None:
    counts = KNOWN["counts"]
    kinds = [kind for kind in KINDS if f'count("{kind}")' in TEXTS["main.typ"].partition("= What over")[0]]
    assert kinds == list(KINDS)
    assert sum(counts[kind] for kind in kinds) == counts["claims"]


# -- numbers are those of the sources --------------------------------------------------------------


def test_the_claims_are_those_of_today() -> None:
    claims = {name: claim for key in PAPERS for name, claim in claims_registry.claims(key).items()}
    assert set(claims) == set(KNOWN["claims"])
    told = ("statement", "why", "kind", "relation", "expected")
    stale = [
        n for n, c in claims.items() if [KNOWN["claims"][n][t] for t in told] != [getattr(c, t) for t in told]
    ]
    assert stale == [], "run python -m figures refresh"


def test_every_claim_came_out_as_expected() -> None:
    assert [n for n, claim in KNOWN["claims"].items() if claim["status"] != claim["expected"]] == []


def test_the_captions_are_those_of_the_modules() -> None:
    captions = {name: registry.caption(name) for name in registry.names()}
    assert {n: (f["title"], f["caption"]) for n, f in KNOWN["figures"].items()} == captions


def test_both_files_hold_the_same_numbers() -> None:
    assert numbers.as_json(KNOWN) == (ROOT / "paper" / "numbers.json").read_text("utf-8")
    assert numbers.as_tex(KNOWN) == (ROOT / "paper" / "numbers.tex").read_text("utf-8")


def test_macros_have_each_number_once() -> None:
    lines = numbers.as_tex(KNOWN).splitlines()
    found = [line for line in lines if line.startswith(r"\@namedef")]
    assert len(found) == len({line.partition("}{")[0] for line in found}) > 1000
    assert all(re.fullmatch(r"\\@namedef\{overparam@[\w./ -]+\}\{[\w.+\\-]+\}", line) for line in found)


ROW = {
    "id": "mei2022.peak", "status": "agrees", "theory": 0.0, "observed": 4.26987, "se": 0.3123,
    "resolution": float("inf"), "hidden": float("inf"), "exceptions": None, "trials": 16, "kind": "shape",
    "sizes": [{"points": [{"status": "agrees", "z": -13.0}], "trials": 16}],
}  # fmt: skip


def test_a_row_is_rounded_by_its_error(tmp_path: Path) -> None:
    found = json.loads(numbers.as_json(numbers.collected([ROW], tmp_path)))
    claim = found["claims"]["mei2022.peak"]
    assert (claim["observed"], claim["se"], claim["resolution"]) == (4.27, 0.31, "inf")
    assert claim["statement"] == claims_registry.find("mei2022.peak").statement
    assert (found["counts"]["claims"], found["counts"]["papers"], found["counts"]["disagrees"]) == (1, 1, 0)


def test_a_figure_gives_the_numbers_of_its_manifest(tmp_path: Path) -> None:
    told = {
        "numbers": {"peak": 1.23456},
        "resolutions": {"few": "inf", "many": 0.0123},
        "hidden": {"few": "inf", "many": 0.456},
    }
    (tmp_path / "hastie2022_snr.json").write_text(json.dumps(told))
    figure = numbers.collected([ROW], tmp_path)["figures"]["hastie2022_snr"]
    assert figure["numbers"] == {"peak": 1.235}
    assert figure["resolution"] == {"sharpest": 0.012, "bluntest": float("inf"), "hidden": float("inf")}


# -- the PDF ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the paper, and a small grey picture for each of its figures."""
    place = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "paper", place / "paper", ignore=shutil.ignore_patterns("*.pdf"))
    (place / "figures" / "gallery").mkdir(parents=True)
    for name in paper.used(place):
        imsave(place / "figures" / "gallery" / f"{name}.png", [[0.3, 0.6], [0.6, 0.3]], cmap="gray")
    return place


@pytest.mark.parametrize("command", ["numbers", "gallery"])
def test_numbers_and_gallery_need_their_figures(
    command: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(home)
    before = sorted(path for path in home.rglob("*") if path.is_file())
    assert __main__.main([command]) == 2
    assert "figures are not up to date in" in capsys.readouterr().err
    assert sorted(path for path in home.rglob("*") if path.is_file()) == before


def test_the_paper_builds_without_a_warning_and_twice_the_same(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = [home / "new" / "a.pdf", home / "b.pdf"]
    assert [paper.main(path, home) for path in out] == [0, 0]
    assert out[0].read_bytes() == out[1].read_bytes()
    assert out[0].read_bytes().startswith(b"%PDF-")
    told = capsys.readouterr()
    assert "warning" not in told.err
    assert told.err.count("small pictures stand in") == 2
    assert told.out.splitlines()[0].startswith(f"{out[0]}: ")


def test_a_drawing_goes_before_a_small_picture(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "current", lambda name, folder, settings: "pdf" in settings.formats)
    folder = home / "figures" / "out"
    folder.mkdir(exist_ok=True)
    (folder / "hastie2022_snr.json").write_text(json.dumps({"files": {"hastie2022_snr.pdf": ""}}))
    first, other = "hastie2022_snr", next(name for name in paper.used(home) if name != "hastie2022_snr")
    found = paper.pictures([first, other], home)
    assert found.paths == {first: f"/figures/out/{first}.pdf", other: f"/figures/gallery/{other}.png"}
    assert found.small == [other]


def test_a_figure_without_a_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^hastie2022_snr: no picture; run python -m figures build has"):
        paper.pictures(["hastie2022_snr"], tmp_path)


def test_a_figure_without_numbers_is_named(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "paper", tmp_path / "paper")
    (tmp_path / "paper" / "main.typ").write_text('#show-figure("nobody1900_curve")')
    with pytest.raises(ValueError, match=r"nobody1900_curve: not in paper/numbers\.json"):
        paper.used(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [("#nothing", "unknown variable: nothing"), ("@nobody1900", "label `<nobody1900>` does not exist")],
)
def test_an_error_of_typst_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "main.typ").write_text(text)
    with pytest.raises(ValueError, match=told) as caught:
        paper.compiled(tmp_path, {})
    assert "\n" not in str(caught.value)


def test_a_warning_is_told(tmp_path: Path) -> None:
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "main.typ").write_text('#set text(font: "No Such Font"); a')
    assert "no such font" in paper.compiled(tmp_path, {})[1][0]


def test_elsewhere_and_without_typst_it_says_what_to_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert __main__.main(["paper"]) == 2
    assert "at the root of a checkout" in capsys.readouterr().err
    monkeypatch.chdir(home)
    monkeypatch.setitem(sys.modules, "typst", None)
    assert __main__.main(["paper", "--out", str(tmp_path / "a.pdf")]) == 2
    assert "overparam[paper]" in capsys.readouterr().err
