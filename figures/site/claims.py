"""Claims: each with its verdict, by paper, by theme, the refuted ones, and the exercises."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from figures.site import rest
from figures.site.docstrings import inline, math
from figures.site.formulas import FormulaError
from figures.site.reference import link_in
from sims.claims import registry, report
from sims.claims.claim import Claim
from sims.claims.exercises.answer import asked, in_words
from sims.shell import console
from sims.verdict.statuses import DISAGREES
from theory.papers import DEGREES, modules

LINK = link_in("sims.claims")
LONGEST = 90
"""Letters of a formula that is set as one: longer ones are sentences."""
EVERYDAY = "everyday"
SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}


class Known(NamedTuple):
    """All claims, and the numbers of the last check."""

    claims: dict[str, Claim]
    numbers: Mapping[str, Any]


def known(numbers: Mapping[str, Any]) -> Known:
    """The claims with `numbers`, the document of paper/numbers.json."""
    ids, _ = registry.select([])
    return Known({name: registry.find(name) for name in ids}, numbers["claims"])


def label(identifier: str) -> str:
    """The label of the place where a claim stands.

    >>> label("mei2022.best_ridge")
    'claim-mei2022-best-ridge'
    """
    return f"claim-{identifier.replace('.', '-').replace('_', '-')}"


def pages(every: Known) -> Iterator[tuple[str, str]]:
    """The pages about claims of all papers, by the names of their files."""
    yield "claims/index.rst", _index(every)
    yield "claims/refuted.rst", _refuted(every)
    yield "claims/exercises.rst", _exercises(every)


def _index(every: Known) -> str:
    parts = [
        rest.heading("Claims by theme"),
        "Each claim is a statement of the literature or of everyday talk, the theory that it stands on, and "
        "an experiment that decides. Its name leads to its page, with the numbers of the last check.\n",
        rest.contents(("refuted", "exercises")),
    ]
    for theme, names in themes(every.claims).items():
        parts += [rest.heading(theme, "-"), _rows(every, names)]
    return "\n".join(parts)


def themes(claims: Mapping[str, Claim]) -> dict[str, list[str]]:
    """The claims by theme: ideas that papers share, then the topics of their papers, then everyday talk."""
    shared: dict[str, list[str]] = {}
    topics: dict[str, list[str]] = {}
    rest_of: dict[str, list[str]] = {}
    papers = modules()
    for name, claim in claims.items():
        key = name.partition(".")[0]
        if claim.theme:
            shared.setdefault(claim.theme.replace("-", " "), []).append(name)
        if key in papers:
            for topic in papers[key].PAPER.topics[:1]:
                topics.setdefault(topic, []).append(name)
        if key not in papers or not papers[key].PAPER.topics:
            heading = "everyday talk" if key == EVERYDAY else "other papers"
            rest_of.setdefault(heading, []).append(name)
    return {**dict(sorted(shared.items())), **dict(sorted(topics.items())), **rest_of}


def _rows(every: Known, names: list[str]) -> str:
    rows = [
        (rest.to(label(name), name), status(every, name), inline(every.claims[name].statement, LINK))
        for name in names
    ]
    return rest.table(("claim", "verdict", "statement"), rows, "22 10 68")


def status(every: Known, name: str) -> str:
    """The verdict of the last check; what is expected where there was none since."""
    measured = every.numbers.get(name)
    return measured["status"] if measured else f"{every.claims[name].expected} (expected)"


def _refuted(every: Known) -> str:
    parts = [
        rest.heading("What is refuted"),
        "These statements are believed, taught or published, and simulation contradicts them as they stand. "
        "Each says why, and how far it holds.\n",
    ]
    for name, claim in every.claims.items():
        if claim.expected == DISAGREES:
            parts += [rest.heading(name, "-"), inline(claim.statement, LINK) + "\n"]
            parts += [
                f"**Why not.** {inline(claim.why, LINK)}\n",
                f"Details: {rest.to(label(name), name)}.\n",
            ]
            parts.append(rest.literal(f"python -m sims.claims check {name} --quick", "sh"))
    return "\n".join(parts)


def _exercises(every: Known) -> str:
    parts = [
        rest.heading("Exercises"),
        "An exercise is a claim without its formula. Find it as an expression of the settings; simulation "
        "judges the answer and hints where it errs. In a notebook: ``from sims import exercise``, then "
        '``print(exercise.judge("hastie2022.ridgeless", lambda s: s.noise + s.signal))``.\n',
    ]
    for name, claim in every.claims.items():
        if claim.exercise:
            parts += [f".. _exercise-{label(name)}:\n", rest.heading(name, "-")]
            parts.append(inline(claim.exercise.question, LINK) + "\n")
            parts.append(f":Settings: {rest.escaped(in_words(claim.defaults))}")
            parts.append(f":Asked: {rest.escaped(asked(claim))}")
            parts.append(f":Simulated: {inline(claim.simulated, LINK)}\n")
            parts.append(rest.literal(f'python -m sims.claims exercise {name} "YOUR FORMULA" --quick', "sh"))
    return "\n".join(parts)


def section(name: str, every: Known, line: str = "~") -> str:
    """A claim in full, as a section of its paper's page."""
    claim = every.claims[name]
    parts = [
        f".. _{label(name)}:\n",
        rest.heading(f"{name}: {status(every, name)}", line),
        inline(claim.statement, LINK) + "\n",
        formula(claim.formula) + "\n",
    ]
    if claim.why:
        parts.append(f"**Why it fails, or how far it holds.** {inline(claim.why, LINK)}\n")
    fields = {
        "Verdict": _verdict(every, name),
        "Simulated": inline(claim.simulated, LINK),
        "Settings": rest.escaped(in_words(claim.defaults) or "none"),
        "Source": f"{inline(claim.source, LINK)} (checked against {DEGREES[claim.checked]})",
        "Rejects": inline("; ".join(claim.sabotage), LINK),
    }
    parts += [f":{term}: {words}" for term, words in fields.items() if words]
    parts.append("\n" + rest.literal(_commands(name, claim), "sh"))
    return "\n".join(parts)


def formula(text: str) -> str:
    """The formula of a claim: set as one where it is one, else as written."""
    if len(text) <= LONGEST:
        try:
            return math(iter([text]))
        except FormulaError:
            pass
    return rest.literal(text).rstrip()


def _verdict(every: Known, name: str) -> str:
    told = every.numbers.get(name)
    if told is None:
        return ""
    relation = SIGNS[told["relation"]]
    theory = "" if told["theory"] is None else f"theory {relation} {console.number(told['theory'])}"
    basis = f"resolution {told['basis']}" if told["basis"][:1].isdigit() else told["basis"]
    words = [theory, f"observed {report.observed(told)}", basis, f"{told['trials']} trials"]
    return rest.escaped(f"{told['status']}: {', '.join(filter(None, words))}")


def _commands(name: str, claim: Claim) -> str:
    lines = [f"python -m sims.claims check {name} --quick"]
    number = next((k for k, v in claim.defaults.items() if isinstance(v, int | float) and v), "")
    if number:
        value = claim.defaults[number]
        lines.append(f"python -m sims.claims check {name} --quick --set {number}={2 * value}")
    if claim.exercise:
        lines.append(f'python -m sims.claims exercise {name} "YOUR FORMULA" --quick')
    return "\n".join(lines)
