"""The examples that people copy load, and the schema that their editors use is the models'."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from bootstrap.load.inventory import load_inventory
from bootstrap.load.schema import inventory_schema, schema_text
from bootstrap.load.source import read_source
from bootstrap.load.yaml_text import parse
from bootstrap.model import inventory as model
from bootstrap.model import mirrors
from bootstrap.model.field import DEFAULT, UNIT
from bootstrap.model.frozen import Frozen
from bootstrap.model.inventory import Inventory

FOLDER = Path(__file__).parents[3] / "inventory"
EXAMPLES = sorted(FOLDER.glob("*.yaml"))
PARTS = [
    part for part in {**vars(model), **vars(mirrors)}.values() if isinstance(part, type) and issubclass(part, Frozen)
]


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples name, and a home with a key."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "bundle.yaml").touch()
    for name in (".ssh/id_ed25519", "sudo-password"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("secret\n")
    return tmp_path


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_loads(example: Path, beside: Path) -> None:
    copy = beside / example.name
    copy.write_text(example.read_text())
    assert load_inventory(copy).first_control_plane


@pytest.mark.parametrize("name", ["minimal", "single-node", "lab-of-three", "bastion", "two-nics", "mirrors"])
def test_an_example_is_in_order_on_any_machine(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_inventory(FOLDER / f"{name}.yaml").hosts, "it names no file that only its reader has"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_valid_by_the_schema(example: Path) -> None:
    jsonschema.validate(parse(read_source(example)).value, json.loads((FOLDER / "schema.json").read_text()))


def test_the_examples_are_those_that_the_readme_names() -> None:
    named = {"minimal", "single-node", "lab-of-three", "air-gapped", "mirrors", "every-field"}
    assert {path.stem for path in EXAMPLES} >= named


def test_the_smallest_inventory_has_ten_lines_at_most() -> None:
    assert len((FOLDER / "minimal.yaml").read_text().splitlines()) <= 10


def test_the_schema_in_the_repository_is_the_models() -> None:
    assert (FOLDER / "schema.json").read_text() == schema_text(), (
        "run: python3 -m bootstrap.load.schema > inventory/schema.json"
    )


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(inventory_schema())


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_says_its_meaning_unit_default_and_example(part: type[BaseModel]) -> None:
    for name, field in part.model_fields.items():
        said = field.json_schema_extra
        assert isinstance(said, dict), f"{part.__name__}.{name}: json_schema_extra=unit(...)"
        assert field.description, name
        assert field.examples, name
        assert said[UNIT], name
        assert field.is_required() or field.default is not None or said.get(DEFAULT), f"{name}: unit(..., default=...)"


def test_the_example_of_every_field_has_every_field() -> None:
    written = set(_fields(parse(read_source(FOLDER / "every-field.yaml")).value, Inventory))
    assert written == {(part.__name__, name) for part in PARTS for name in part.model_fields}


def test_every_example_in_a_fields_schema_is_valid() -> None:
    for part in PARTS:
        for name, field in part.model_fields.items():
            for example in field.examples or ():
                _validate_field(part, name, example)


def _validate_field(part: type[BaseModel], name: str, example: object) -> None:
    host = {"name": "a", "address": "10.0.0.1"}
    known: dict[str, Any] = {**host, "key": "a", "effect": "NoExecute", "api_version": "kboot/v1", "hosts": [host]}
    required = {field: known[field] for field, info in part.model_fields.items() if info.is_required()}
    assert part.model_validate({**required, name: example})


def _fields(value: object, part: object) -> Iterator[tuple[str, str]]:
    """(part, field) for every field that the value has."""
    if isinstance(value, list):
        for one in value:
            yield from _fields(one, part)
    if isinstance(value, dict) and isinstance(part, type) and issubclass(part, Frozen):
        for name, field in part.model_fields.items():
            if (key := field.alias or name) in value:
                yield part.__name__, name
                kinds = {"hosts": model.Host, "taints": model.Taint}
                yield from _fields(value[key], kinds.get(name, field.annotation))
