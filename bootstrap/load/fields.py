"""What pydantic finds wrong in a field, in words for the person who wrote it, at its place in the file."""

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bootstrap.load.error import InputError, InvalidInput, did_you_mean
from bootstrap.load.mends import declared, example_at, words
from bootstrap.load.misplaced import belongs, fields_at
from bootstrap.load.spelling import respelled
from bootstrap.load.yaml_text import Document, Path
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory

M = TypeVar("M", bound=BaseModel)


def field_errors(
    document: Document, model: type[BaseModel], error: ValidationError
) -> Iterable[tuple[Path, InputError]]:
    """Each mistake with the path that is unusable because of it. `model` is what the document should be."""
    for found in error.errors(include_url=False):
        path = _path(document, found)
        if found["type"] == "too_short" and found["input"]:
            continue  # pydantic counts the well-formed items only; the others have their own errors
        yield path, _input_error(document, model, path, found)


def validated(document: Document, model: type[M]) -> M:
    """The document as this model; raises InvalidInput with every mistake in its fields."""
    document = respelled(document, model)
    try:
        value = model.model_validate(document.value, by_alias=True, by_name=False)
    except ValidationError as error:
        errors = [mistake for _, mistake in field_errors(document, model, error)]
        raise InvalidInput(*document.mistakes(errors)) from None
    if mistakes := document.mistakes():
        raise InvalidInput(*mistakes)
    return value


def _input_error(document: Document, model: type[BaseModel], path: Path, found: ErrorDetails) -> InputError:
    name = _shown(path)
    match found["type"]:
        case "missing":
            return document.error(path[:-1], Code.FIELD_MISSING, f'"{name}" is missing', _missing_hint(model, path))
        case "extra_forbidden":
            known, ours = fields_at(model, path[:-1]), model is Inventory
            all_keys = "`kboot inventory reference` has them all" if ours else ""
            hint = (belongs(path) if ours else "") or did_you_mean(name, known, all_keys)
            return document.error(path, Code.FIELD_UNKNOWN, f'unknown key "{name}"', hint, key=True)
        case _:
            rule, hint = words(document, model, path, found)
            told = f"{name}: {rule}" if path else f"{name} {rule}"
            return document.error(path, Code.FIELD_INVALID, told, hint)


def _missing_hint(model: type[BaseModel], path: Path) -> str:
    field, example = declared(model, path), example_at(model, path)
    means = (field.description or "").rstrip(".") if field else ""
    return f"{means}; for example `{path[-1]}: {example}`" if example else means


def _shown(path: Path) -> str:
    """The last word of a path; an entry of a list as `hosts[2]`."""
    match path:
        case (*_, str(name)):
            return name
        case (*_, str(name), int(index)):
            return f"{name}[{index}]"
    return "the file"


def _path(document: Document, found: ErrorDetails) -> Path:
    """pydantic's location without the parts that are no keys of the file ('[key]')."""
    path = tuple(found["loc"])
    while path and path[-1] == "[key]":
        path = path[:-1]
    if found["type"] in {"missing", "extra_forbidden"}:
        return path
    while path and path not in document.places:
        path = path[:-1]
    return path
