"""The pages of error_texts/*.yaml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bootstrap.cli.page import Page
from bootstrap.model.safe_yaml import safe_load


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page, the texts that it is about (... stands for what changes), and words that find it too."""

    page: Page
    texts: tuple[str, ...]
    words: tuple[str, ...]


@cache
def error_pages() -> tuple[ErrorPage, ...]:
    """Every page, in the order of the files' names and of the pages in them."""
    folder = files("bootstrap.cli.error_texts")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    found: list[ErrorPage] = []
    for name in names:
        written = safe_load(folder.joinpath(name).read_text(encoding="utf-8"))
        found += [_page(slug, parts) for slug, parts in written.items()]
    return tuple(found)


def _page(slug: str, parts: dict[str, object]) -> ErrorPage:
    texts = _lines(parts["texts"])
    page = Page(
        slug,
        "error",
        f"{slug}: {texts[0]}",
        means=_prose(parts["means"]),
        why=_prose(parts["why"]),
        does=_prose(parts["does"]),
        type=_lines(parts["type"]),
        source=_lines(parts["source"]),
        facts=(("also shown as", tuple(f"“{text}”" for text in texts[1:])), ("see", _lines(parts["see"]))),
    )
    return ErrorPage(page, texts, _lines(parts["words"]))


def _prose(value: object) -> str:
    return " ".join(str(value).split())


def _lines(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
