"""The type that a model declares for what stands at a path of its document."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from bootstrap.load.yaml_text import Path


def part_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model of the mapping at `path`; None for a scalar, a list or a free-form mapping."""
    kind = kind_at(model, path)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def kind_at(kind: Any, path: Path) -> Any:
    """The type that the model declares for what stands at `path`."""
    for part in path:
        kind = inside(bare(kind), part)
    return bare(kind)


def inside(kind: Any, part: str | int) -> Any:
    """The type of the field or item `part` of this type; None for what is free-form."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return next((f.annotation for name, f in kind.model_fields.items() if (f.alias or name) == part), None)
    arguments = get_args(kind)
    return arguments[0 if isinstance(part, int) else -1] if arguments else None


def bare(kind: Any) -> Any:
    """Without Annotated and `| None`."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return bare(next(one for one in get_args(kind) if one is not type(None)))
    return kind
