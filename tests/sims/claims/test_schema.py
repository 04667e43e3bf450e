"""What --json prints is what the schemas describe."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from sims.shell.schema import schema

pytestmark = pytest.mark.usefixtures("fake")

Claims = Callable[..., tuple[int, str, str]]


def _require_valid(text: str, package: str = "sims.claims", name: str = "schema") -> None:
    jsonschema.Draft202012Validator(schema(package, name)).validate(json.loads(text))


@pytest.mark.parametrize(
    ("package", "name"),
    [("sims.claims", "schema"), ("sims.claims", "list_schema"), ("sims.claims.exercises", "schema")],
)
def test_a_schema_is_one_and_describes_every_field(package: str, name: str) -> None:
    document = schema(package, name)
    jsonschema.Draft202012Validator.check_schema(document)
    parts = [part for part in (document.get("items"), *document.get("$defs", {}).values()) if part]
    for part in parts:
        for field in part.get("properties", {}).values():
            assert field["description"]


def test_rows_of_every_status_are_valid(claims: Claims, tmp_path: Path) -> None:
    words = ["--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    for more in ([], ["--trials", "1"], ["--quick", "--dry-run"]):  # one trial has an infinite error
        _require_valid(claims("check", "fake2000", *words, *more)[1])
    _require_valid(claims("sabotage", "fake2000", *words)[1])
    claims("check", "fake2000", *words, "--out", str(tmp_path / "out"))
    saved = (tmp_path / "out" / "claims-fake2000.json").read_text()
    _require_valid(saved)
    with pytest.raises(jsonschema.ValidationError):
        _require_valid(saved.replace('"seed"', '"sead"'))


def test_an_asymptotic_claim_at_three_sizes_is_valid(claims: Claims) -> None:
    _, out, _ = claims("check", "advani2020.training", "--trials", "8", "--json", "--jobs", "1")
    assert len(json.loads(out)[0]["sizes"]) == 3
    _require_valid(out)


def test_the_list_is_valid(claims: Claims) -> None:
    _require_valid(claims("list", "--json")[1], name="list_schema")


@pytest.mark.parametrize("subcommand", ["list", "check", "sabotage", "exercise"])
def test_the_command_prints_its_schema(
    subcommand: str, claims: Claims, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        claims(subcommand, "--json-schema")
    assert stop.value.code in (None, 0)
    assert json.loads(capsys.readouterr().out)["title"].startswith("python -m sims.claims")
