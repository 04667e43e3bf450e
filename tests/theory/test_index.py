"""`python -m theory`: every public formula once, each with a call that runs; theory itself prints nothing."""

import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import theory
from theory import __main__, index, papers

ENTRIES = index.entries()
NAMES = [entry.name for entry in ENTRIES]


def test_every_public_function_is_listed_once() -> None:
    """Those of the lists of public names, and of each module without such a list."""
    functions = set()
    packages = [theory, theory.complexity, *(import_module(f"theory.{name}") for name in theory.__all__
                                             if inspect.ismodule(getattr(theory, name)))]  # fmt: skip
    for package in packages:
        for name in getattr(package, "__all__", vars(package)):
            value = getattr(package, name)
            if (
                inspect.isfunction(value)
                and value.__module__.startswith("theory.")
                and not value.__module__.startswith(index.NO_FORMULAS)
                and name[0] != "_"
            ):
                functions.add(value)
    for key, module in import_module("theory.papers").modules().items():
        for name in module.PAPER.statements:
            assert f"theory.papers.{key}.{name}" in NAMES
    listed = [value for _, value in index.public()]
    of_papers = {value for value in listed if value.__module__.startswith("theory.papers.")}
    assert functions == set(filter(inspect.isfunction, listed)) - of_papers
    assert len(set(listed)) == len(listed) == len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_an_entry_is_complete_and_its_call_runs(entry: index.Entry) -> None:
    assert entry.summary.endswith((".", "?"))
    assert entry.source.startswith(("[", "own", "direct", "moments")) or "[" in entry.source
    assert "\n" not in "".join(entry)
    assert f"{entry.name.rpartition('.')[2]}(" in entry.call
    assert not entry.call.startswith(">>>")
    *_, name = entry.name.split(".")
    owner: object = theory
    for part in entry.name.split(".")[1:]:  # the name leads to it
        owner = getattr(owner, part)
    assert getattr(owner, "__name__", "") == name
    exec(entry.call, {})


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_page_has_that_width(width: int) -> None:
    text = __main__.page(ENTRIES, width)
    words = {word for entry in ENTRIES for word in " ".join(entry).split() if len(word) > width - 8}
    assert all(len(line) <= width or line.strip() in words for line in text.splitlines())
    assert text.endswith(f"\n{len(ENTRIES)} formulas\n")
    for entry in ENTRIES:
        assert f"\n{entry.name}\n" in f"\n{text}"
    if width == 200:
        assert ENTRIES[0].call in text


def test_concepts_come_first_and_then_papers() -> None:
    """Every entry stands under its heading; the headings are listed in that order with their counts."""
    grouped = index.concepts(ENTRIES)
    assert sum(map(len, grouped.values())) == len(ENTRIES)
    papers = [concept.paper for concept in grouped]
    assert papers == sorted(papers)
    assert [concept.name for concept in grouped if not concept.paper] == list(index.TOPICS)
    assert {concept.name for concept in grouped if concept.paper} == set(
        import_module("theory.papers").modules()
    )
    text = __main__.page(ENTRIES, 120)
    contents, *rest = text.split("\n\n")
    assert contents.splitlines()[0] == "Concepts"
    for concept, members in grouped.items():
        assert f"\n  {concept.name} " in text
        heading = next(i for i, block in enumerate(rest) if block.startswith(f"{concept.name}: "))
        assert rest[heading + 1].startswith(members[0].name)


@pytest.mark.parametrize("word", ["hastie2022", "HASTIE2022", "gradient flow", "theory.ridge"])
def test_a_word_chooses(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main([word, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 0 < len(found) < len(ENTRIES)
    texts = [f"{row['name']} {row['summary']} {row['source']}" for row in found]
    assert all(word.lower() in text.lower() for text in texts)
    assert __main__.main([word]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"{len(found)} formula")


def test_words_need_no_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    pages = []
    for spelling in (["double descent"], ["double", "descent"]):
        assert __main__.main([*spelling, "--json"]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1]
    assert 0 < len(json.loads(pages[0])) < len(ENTRIES)


def test_the_json_is_what_its_schema_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["--json-schema"]) == 0
    described = Draft202012Validator(json.loads(capsys.readouterr().out))
    assert __main__.main(["--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    described.validate(found)
    assert not described.is_valid([{**found[0], "more": ""}])
    assert not described.is_valid([{**found[0], "name": "sims.fit"}])


@pytest.mark.parametrize(
    ("word", "some"),
    [
        ("double descent", {"equivalent", "exact", "mei2022", "hastie2022", "belkin2019", "nakkiran2019"}),
        ("Marchenko-Pastur", {"equivalent", "hastie2022", "dobriban2018", "advani2020"}),
        ("interpolation threshold", {"equivalent", "belkin2019", "mei2022"}),
        ("benign overfitting", {"bartlett2020", "mallinar2022", "muthukumar2020"}),
        ("lazy training", {"chizat2019", "kernel", "dynamics", "jacot2018"}),
        ("implicit bias", {"woodworth2020", "classification", "montanari2019"}),
        ("Mei", {"mei2022", "ghorbani2021"}),
        ("montanari", {"mei2022", "hastie2022", "montanari2019", "ghorbani2021"}),
        ("HASTIE", {"hastie2022"}),
        ("Zdeborova", {"loureiro2021"}),
    ],
)
def test_headline_words_and_authors(word: str, some: set[str]) -> None:
    assert some <= {entry.concept for entry in index.entries(word)}
    assert len(index.entries(word)) < len(ENTRIES) / 2


def test_case_accents_and_hyphens_do_not_count() -> None:
    assert index.entries("marchenko pastur") == index.entries("Marchenko–Pastur") != []
    assert index.entries("MÉZARD") == index.entries("mezard") != []


def test_a_short_name_is_no_part_of_a_word() -> None:
    """Du is an author; dual kernels are not by him."""
    found = index.entries("Du")
    assert {"du2019", "arora2019"} <= {entry.concept for entry in found}
    assert "theory.activation.dual" not in {entry.name for entry in found}


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("hasty2022", "did you mean hastie2022?"),
        ("qqq", f"`python -m theory` lists all {len(ENTRIES)} formulas"),
    ],
)
def test_a_word_that_nothing_has(word: str, advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main([word]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith(f"error: no formula has {word!r} in its name")
    assert seen.err.endswith(f"{advice}\n")
    assert seen.err.count("\n") == 1


def test_a_wrong_option_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        __main__.main(["--jsno"])
    assert stop.value.code == 2
    assert capsys.readouterr().err == "error: unrecognized arguments: --jsno; see --help\n"


def test_theory_prints_nothing_when_imported_and_its_index_when_run() -> None:
    root = Path(theory.__file__).parents[1]
    for words, printed in (
        (["-c", "import theory, theory.index"], False),
        (["-m", "theory", "ridge"], True),
    ):
        ran = subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True, check=True)
        assert (bool(ran.stdout), ran.stderr) == (printed, "")


def test_a_reader_who_leaves_sees_no_traceback() -> None:
    command = f"{sys.executable} -m theory | head -1"
    root = Path(theory.__file__).parents[1]
    ran = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout == "Concepts\n"
    # nothing is said where all was written before the reader left
    assert ran.stderr in ("", "error: standard output was closed by its reader; what follows is lost\n")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_sources_are_counted_by_degree(width: int) -> None:
    text = __main__.sources(width)
    assert all(len(line) <= width or " " not in line.strip() for line in text.splitlines()[1:])
    blocks = text.split("\n\n")
    for (degree, names), block in zip(papers.degrees().items(), blocks[1:4], strict=True):
        head, *lines = block.splitlines()
        assert head == f"{papers.DEGREES[degree]}: {len(names)}"
        assert " ".join(" ".join(lines).split()).split(", ") == names
    total = sum(len(names) for names in papers.degrees().values())
    assert blocks[4] == f"{total} formulas of {len(papers.modules())} papers"
    assert papers.MARK in blocks[5]


def test_the_option_prints_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["--sources"]) == 0
    out = capsys.readouterr().out
    assert " ".join(out.split()) == " ".join(__main__.sources(80).split())


def test_the_mark_is_explained_where_it_is_shown() -> None:
    marked = [entry for entry in ENTRIES if papers.MARK in entry.source]
    plain = [entry for entry in ENTRIES if papers.MARK not in entry.source]
    assert "† number not seen in the paper" in __main__.page(marked[:1], 200)
    assert "not seen in the paper" not in __main__.page(plain[:1], 200)


def test_no_source_says_unverified() -> None:
    assert not [entry.name for entry in ENTRIES if "unverified" in entry.source]
