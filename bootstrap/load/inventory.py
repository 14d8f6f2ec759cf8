"""An inventory file -> Inventory, or every mistake in it at once."""

import shlex
from collections.abc import Iterator
from pathlib import Path as FilePath

from pydantic import ValidationError

from bootstrap.load.error import InputError, InvalidInput
from bootstrap.load.fields import field_errors
from bootstrap.load.relative import resolved
from bootstrap.load.repair import called_as_written, without
from bootstrap.load.rules import RULES
from bootstrap.load.source import Source, read_source
from bootstrap.load.spelling import respelled
from bootstrap.load.yaml_text import Document, Path, parse
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory

# A field that is required again after its parent was left out needs another round; nesting bounds them.
_ROUNDS = 6
_INIT = "`kboot inventory init HOST...` writes one"


def load_inventory(path: str | FilePath) -> Inventory:
    """The inventory in this file, relative paths resolved from its folder. Contacts nothing. Raises InvalidInput."""
    return inventory_of(read_source(path))


def inventory_of(source: Source) -> Inventory:
    """The inventory in this text. Raises InvalidInput: the first syntax error, or all other mistakes at once."""
    document = parse(source)
    if not isinstance(document.value, dict):
        rule = "the file is empty" if document.value is None else "an inventory is a mapping"
        raise InvalidInput(document.error((), Code.FIELD_MISSING, rule, _INIT))
    if isinstance(kind := document.value.get("kind"), str) and "hosts" not in document.value:
        rule = f'is of the kind {kind}, and an inventory is wanted, which has no "kind"'
        hint = f"`kboot run {shlex.quote(source.file)}` runs a playbook" if kind == "Playbook" else _INIT
        raise InvalidInput(document.error(("kind",), Code.FIELD_UNKNOWN, rule, hint, key=True))
    document = respelled(document, Inventory)
    inventory, unusable, errors = _validated(document)
    if inventory:
        inventory = resolved(inventory, source.folder)
        errors = (*errors, *_broken_rules(document, called_as_written(inventory, document, unusable), unusable))
    if (mistakes := document.mistakes(errors)) or inventory is None:
        raise InvalidInput(*mistakes)
    return inventory


def _validated(document: Document) -> tuple[Inventory | None, tuple[Path, ...], tuple[InputError, ...]]:
    """The inventory without its unusable fields (None when too little is left), their paths, and the mistakes."""
    value = document.value
    gone: tuple[Path, ...] = ()
    errors: tuple[InputError, ...] = ()
    for _ in range(_ROUNDS):
        try:
            return Inventory.model_validate(value, by_alias=True, by_name=False), gone, errors
        except ValidationError as error:
            found = tuple(field_errors(document, Inventory, error))
        errors = errors or tuple(mistake for _, mistake in found)
        paths = [path for path, _ in found]
        if not paths or ("hosts",) in paths or () in paths:
            break
        value, more = without(value, paths)
        gone = (*gone, *more)
    return None, gone, errors


def _broken_rules(document: Document, inventory: Inventory, unusable: tuple[Path, ...]) -> Iterator[InputError]:
    """What the rules find, but for findings that rest on a field whose own mistake is told already."""
    for rule in RULES:
        for finding in rule(inventory):
            if not any(path[: len(gone)] == gone for gone in unusable for path in (finding.path, *finding.among)):
                yield document.error(finding.path, finding.code, finding.rule, finding.hint, key=finding.at_key)
