"""Safe YAML: values, and for each value the line and column where it stands.

A value means what it shows (yaml_scalar.py); `yes`, `no`, `on` and `off` are refused, because other Kubernetes tools
read them as booleans. Nothing here can run code, expand without bound or recurse deeply.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from bootstrap.load.error import InputError, InvalidInput, Place
from bootstrap.load.source import Source
from bootstrap.load.yaml_scalar import OTHER_BOOLEAN, plain_scalar
from bootstrap.load.yaml_syntax import named, odd_space, syntax_error
from bootstrap.model.codes import Code
from bootstrap.model.safe_yaml import SAFE_LOADER

Path: TypeAlias = tuple[str | int, ...]

MAX_DEPTH = 40
MAX_NODES = 30_000
MAX_ALIASES = 32

_STANDARD_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}


@dataclass(frozen=True)
class Document:
    """A file's value (mappings with text keys, lists, scalars), where each part stands, and scalars as written."""

    file: str
    value: Any
    places: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    written: Mapping[Path, str]
    errors: tuple[InputError, ...] = ()
    doubts: tuple[InputError, ...] = ()

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands; for one that is not in the file, its nearest parent."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place())

    def mistakes(self, found: Iterable[InputError] = ()) -> tuple[InputError, ...]:
        """The file's mistakes with those that were found in its values: of one word one, the one that says most."""
        refused = {error.place for error in self.errors}
        wrong = tuple(error for error in found if error.place not in refused)
        places = {error.place for error in wrong}
        return (*self.errors, *wrong, *(doubt for doubt in self.doubts if doubt.place not in places))

    def error(self, path: Path, code: Code, rule: str, hint: str = "", *, key: bool = False) -> InputError:
        """A mistake at the value (or with `key` at the key) of this path."""
        place = self.keys.get(path) if key else None
        return InputError(self.file, place or self.place(path), code, rule, hint)


def parse(source: Source) -> Document:
    """The one document of this text. Raises InvalidInput at the first syntax error.

    Mistakes after which reading can go on (a key given twice, a tag) stand in `errors`, to be told with the others;
    words that other tools read as booleans in `doubts`: where the field wants another word, that is told instead.
    """
    try:
        return _Builder(source, iter(yaml.parse(source.text, Loader=SAFE_LOADER))).document()
    except yaml.MarkedYAMLError as error:
        raise InvalidInput(syntax_error(source, error)) from None
    except yaml.YAMLError as error:
        raise InvalidInput(InputError(source.file, Place(), Code.YAML_SYNTAX, f"is not YAML: {error}")) from None


@dataclass
class _Builder:
    """Builds one document from the parser's events; local to one `parse`."""

    source: Source
    events: Iterator[yaml.Event]
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)
    doubts: list[InputError] = field(default_factory=list)
    nodes: int = 0
    aliases: int = 0

    def document(self) -> Document:
        next(self.events)  # the stream's start
        value: Any = None
        if isinstance(next(self.events), yaml.DocumentStartEvent):
            value = self.node(next(self.events), (), 0)
            next(self.events)  # the document's end
            if not isinstance(after := next(self.events), yaml.StreamEndEvent):
                raise self.refusal(after, "a second document starts here", "keep one document in a file")
        found = tuple(self.errors), tuple(self.doubts)
        return Document(self.source.file, value, self.places, self.keys, self.written, *found)

    def node(self, event: yaml.Event, path: Path, depth: int) -> Any:
        self.places[path] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        self.count(event, 1)
        if depth >= MAX_DEPTH:
            raise self.refusal(event, f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
        before = self.nodes - 1
        value = self.collection_or_scalar(event, path, depth)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = (value, self.nodes - before)
        return value

    def collection_or_scalar(self, event: yaml.Event, path: Path, depth: int) -> Any:
        self.check_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path, depth)
        return self.mapping(path, depth)

    def sequence(self, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items)), depth + 1))
        return items

    def mapping(self, path: Path, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event)
            child = (*path, key)
            if key in items:
                self.errors.append(self.given_twice(event, key, self.keys[child].line))
                child = (*path, key, "(again)")
            self.keys[child] = _place(event)
            value = self.node(next(self.events), child, depth + 1)
            items.setdefault(key, value)
        return items

    def given_twice(self, event: yaml.Event, key: str, line: int) -> InputError:
        rule = f'the key "{key}" is given twice; first in line {line}'
        return InputError(self.source.file, _place(event), Code.KEY_DUPLICATE, rule, "keep one of them")

    def key(self, event: yaml.Event) -> str:
        self.count(event, 1)
        if isinstance(event, yaml.ScalarEvent):
            if event.value == "<<" and event.implicit[0]:
                raise self.refusal(event, "merge keys (<<) are not read", "write the fields out; `ssh:` holds defaults")
            if odd := odd_space(event.value):
                raise self.refusal(event, f"{named(odd)} stands where YAML wants a space", "replace it by a space")
            return str(event.value)
        raise self.refusal(event, "a key must be plain text", "a value that starts with { or [ or * needs quotes")

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        text: str = event.value
        if not event.implicit[0]:  # quoted, or tagged !!str
            return text
        self.written[path] = text
        if OTHER_BOOLEAN.fullmatch(text):
            hint = f'write true or false, or "{text}" in quotes when the word is meant'
            self.doubts.append(self.error(event, f'"{text}" is a boolean to some tools and a word to others', hint))
        return plain_scalar(text)

    def alias(self, event: yaml.AliasEvent) -> Any:
        self.aliases += 1
        if event.anchor not in self.anchors:
            raise self.refusal(event, f'nothing is anchored as "&{event.anchor}" before', "a value with * needs quotes")
        value, nodes = self.anchors[event.anchor]
        self.count(event, nodes)
        if self.aliases > MAX_ALIASES:
            raise self.refusal(event, f"more than {MAX_ALIASES} aliases", "write the values out")
        return value

    def count(self, event: yaml.Event, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self.refusal(event, f"more than {MAX_NODES:,} values", "this is no file that a person wrote")

    def check_tag(self, event: yaml.Event) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag and tag != "!" and tag not in _STANDARD_TAGS:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self.errors.append(self.error(event, f"the tag {shown} is not allowed", "write the plain value"))

    def error(self, event: yaml.Event, rule: str, hint: str) -> InputError:
        return InputError(self.source.file, _place(event), Code.YAML_REFUSED, rule, hint)

    def refusal(self, event: yaml.Event, rule: str, hint: str) -> InvalidInput:
        return InvalidInput(self.error(event, rule, hint))


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place()
