"""`list` and `show`: the claims, and one of them in full."""

import argparse
from collections.abc import Mapping

from sims.claims import registry, report, run
from sims.claims.claim import Claim
from sims.claims.search import matching
from sims.shell import console
from sims.shell.session import Session
from sims.verdict.statuses import FAILED


def show_list(arguments: argparse.Namespace) -> int:
    """Run `list`; returns its exit code."""
    keys = registry.keys() if arguments.paper is None else [arguments.paper]
    claims = {name: claim for key in keys for name, claim in registry.claims(key).items()}
    if arguments.words:
        words = " ".join(arguments.words)
        claims = matching(words, claims)
        if not claims:
            raise ValueError(
                f"no claim has {words!r} in its text, or its paper in title, authors or topics; "
                "`python -m sims.claims list` shows all claims"
            )
    if arguments.json:
        console.say(console.to_json(documents(claims)))
    else:
        console.say(report.markdown(claims) if arguments.markdown else report.listed(claims))
    return 0


def documents(claims: Mapping[str, Claim]) -> list[dict[str, str]]:
    """The claims for JSON, as list_schema.json describes them."""
    fields = ("kind", "expected", "statement", "source", "checked")
    return [
        {"id": name, "paper": name.partition(".")[0], **{field: getattr(claim, field) for field in fields}}
        for name, claim in claims.items()
    ]


def show_claim(arguments: argparse.Namespace) -> int:
    """Run `show`; returns its exit code."""
    claim = registry.find(arguments.id)
    row = run.check(arguments.id, claim.defaults, run.Options(quick=True), Session())
    console.say(report.shown(arguments.id, row))
    return console.FAILED if row["status"] == FAILED else 0
