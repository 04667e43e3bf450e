"""The written schemas: valid themselves, a description on every field, and shown on demand."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sims.shell.schema import schema

PACKAGES = ("sims.double_descent", "sims.ntk", "sims.belkin2019", "sims.sweet_spot")


def _fields(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a schema, however deep."""
    if isinstance(part, dict):
        for name, field in part.get("properties", {}).items():
            if "const" not in field or name == "schema":  # those of an `if` are no fields
                yield f"{path}.{name}", field
        for name, below in part.items():
            yield from _fields(below, f"{path}.{name}")
    elif isinstance(part, list):
        for below in part:
            yield from _fields(below, path)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_field_is_described(package: str) -> None:
    document = schema(package)
    Draft202012Validator.check_schema(document)
    fields = dict(_fields(document))
    assert len(fields) > 20
    for path, field in fields.items():
        definition = document["$defs"].get(field.get("$ref", "").removeprefix("#/$defs/"), {})
        assert "description" in field or "description" in definition, path


@pytest.mark.parametrize("package", PACKAGES)
def test_it_is_printed_on_demand(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        import_module(f"{package}.command").main(["--json-schema"])
    assert stopped.value.code in (0, None)
    assert json.loads(capsys.readouterr().out) == schema(package)
