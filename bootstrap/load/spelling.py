"""Keys in snake_case mean the same as in camelCase: `pod_cidr` is `podCIDR`. Keys of free-form mappings stay."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from bootstrap.load.error import InputError
from bootstrap.load.kinds import bare, inside
from bootstrap.load.yaml_text import Document, Path
from bootstrap.model.codes import Code

T = TypeVar("T")


def respelled(document: Document, model: type[BaseModel]) -> Document:
    """The document with every key of `model` as its schema spells it; its places stay those of the file.

    A field that is given in both spellings is a key given twice.
    """
    found = dict(_renamed(document.value, model, ()))
    if not found:
        return document
    twice = {path for path, key in found.items() if (*path[:-1], key) in document.keys}
    renamed = {path: key for path, key in found.items() if path not in twice}
    errors = (_twice(document, path, found[path]) for path in sorted(twice, key=str))
    return replace(
        document,
        value=_with_keys(document.value, (), renamed, twice),
        places=_moved(document.places, renamed),
        keys=_moved(document.keys, renamed),
        written=_moved(document.written, renamed),
        errors=(*document.errors, *errors),
    )


def _renamed(value: Any, kind: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """(path as written, the schema's key) for every key in the other spelling."""
    kind = bare(kind)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _renamed(item, inside(kind, index), (*path, index))
    if not isinstance(value, dict) or not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return
    spelt = {name: field.alias for name, field in kind.model_fields.items() if field.alias and field.alias != name}
    for key, child in value.items():
        if key in spelt:
            yield (*path, key), spelt[key]
        yield from _renamed(child, inside(kind, spelt.get(key) or key), (*path, key))


def _twice(document: Document, path: Path, key: str) -> InputError:
    line = document.keys[*path[:-1], key].line
    rule = f'"{path[-1]}" is another spelling of "{key}", which is given too; it stands in line {line}'
    return document.error(path, Code.KEY_DUPLICATE, rule, "keep one of them", key=True)


def _with_keys(value: Any, path: Path, renamed: Mapping[Path, str], without: Container[Path]) -> Any:
    if isinstance(value, list):
        return [_with_keys(item, (*path, index), renamed, without) for index, item in enumerate(value)]
    if isinstance(value, dict):
        paths = {key: (*path, key) for key in value if (*path, key) not in without}
        return {renamed.get(at, key): _with_keys(value[key], at, renamed, without) for key, at in paths.items()}
    return value


def _moved(at: Mapping[Path, T], renamed: Mapping[Path, str]) -> dict[Path, T]:
    return {_as_spelt(path, renamed): what for path, what in at.items()}


def _as_spelt(path: Path, renamed: Mapping[Path, str]) -> Path:
    return tuple(renamed.get(path[: end + 1], part) for end, part in enumerate(path))
