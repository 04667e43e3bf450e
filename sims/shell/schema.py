"""The written schema of a command's JSON document: `schema.json` beside its code (JSON Schema 2020-12)."""

import argparse
import json
from importlib.resources import files
from typing import Any

from sims.shell import console


def schema(package: str, name: str = "schema") -> dict[str, Any]:
    """The schema that lies beside a command's code as NAME.json: what its --json document holds."""
    document: dict[str, Any] = json.loads(files(package).joinpath(f"{name}.json").read_text("utf-8"))
    return document


def add_schema(parser: argparse.ArgumentParser, package: str, name: str = "schema") -> None:
    """--json-schema prints the schema of what --json prints, and the command ends there."""
    parser.add_argument(
        "--json-schema", action=_Print, nargs=0, package=package, schema=name,
        help="print the JSON Schema of what --json prints, and stop",
    )  # fmt: skip


class _Print(argparse.Action):
    def __init__(self, *, package: str, schema: str, **rest: Any) -> None:
        super().__init__(default=argparse.SUPPRESS, **rest)
        self._package, self._schema = package, schema

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        console.say(json.dumps(schema(self._package, self._schema), indent=2))
        parser.exit()
