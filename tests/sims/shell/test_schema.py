"""The schemas of commands are shown on demand, and describe what --dry-run prints."""

import json
from importlib import import_module

import pytest
from jsonschema import Draft202012Validator

from sims.shell.schema import schema

PACKAGES = ("sims.double_descent", "sims.ntk", "sims.belkin2019", "sims.sweet_spot")


@pytest.mark.parametrize("package", PACKAGES)
def test_it_is_printed_on_demand(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        import_module(f"{package}.command").main(["--json-schema"])
    assert stopped.value.code in (0, None)
    assert json.loads(capsys.readouterr().out) == schema(package)


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("sims.double_descent", ["--quick", "--n", "40", "--d", "20", "--p-max", "160", "--points", "6"]),
        ("sims.ntk", ["--quick", "--width-max", "256"]),
    ],
)
def test_a_dry_run_prints_what_its_schema_says(
    package: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_module(f"{package}.command").main([*words, "--jobs", "1", "--dry-run", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    described = Draft202012Validator(schema("sims.shell", "dry_run_schema"))
    described.validate(document)
    assert not described.is_valid(document | {"to_do": -1})
    assert not described.is_valid(document | {"more": 0})
