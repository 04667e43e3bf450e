"""The written schemas of what commands print: valid, explained, each with a name of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = {
    path.relative_to(ROOT).as_posix(): json.loads(path.read_text("utf-8"))
    for package in ("theory", "sims", "figures")
    for path in sorted((ROOT / package).rglob("*schema.json"))
}


def fields(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a schema, however deep; those of an `if` are conditions, not fields."""
    if isinstance(part, dict):
        for name, field in part.get("properties", {}).items():
            yield f"{path}.{name}", field
        for name, below in part.items():
            if name not in ("if", "then", "else"):
                yield from fields(below, f"{path}.{name}")
    elif isinstance(part, list):
        for below in part:
            yield from fields(below, path)


def undescribed(document: dict[str, Any]) -> list[str]:
    """Properties with a description neither of their own nor in the definition that they name."""
    definitions = document.get("$defs", {})
    return [
        path
        for path, field in fields(document)
        if "description" not in field
        and "description" not in definitions.get(field.get("$ref", "").removeprefix("#/$defs/"), {})
    ]


@pytest.mark.parametrize("document", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_is_valid_and_explained(document: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert document["title"]
    assert document["description"]
    assert list(fields(document))
    assert undescribed(document) == []


def test_every_schema_has_a_name_of_its_own() -> None:
    names = [document["$id"].rsplit("/", 1) for document in SCHEMAS.values()]
    assert len({name for name, _ in names}) == len(SCHEMAS) >= 11
    assert all(name.startswith("overparam/") and version.isdecimal() for name, version in names)


@pytest.mark.parametrize("document", SCHEMAS.values(), ids=SCHEMAS)
def test_the_name_has_the_version_of_the_document(document: dict[str, Any]) -> None:
    constants = [field.get("const") for path, field in fields(document) if path.endswith(".schema")]
    versions = {str(constant) for constant in constants if constant is not None}
    assert versions <= {document["$id"].rpartition("/")[2]}


def test_a_field_without_words_is_found() -> None:
    inner = {"properties": {"a": {"type": "string"}, "b": {"$ref": "#/$defs/told"}}}
    document = {"items": [inner], "$defs": {"told": {"description": "Words."}}}
    assert undescribed(document) == [".items.a"]
