"""Which page a pasted line or a word is about.

Only letters and digits count, and what stands in quotes or is an address is compared like the rest: `Get
"https://10.1.2.3:10250/...": dial tcp 10.1.2.3:10250: i/o timeout` holds the words `dial tcp`, then `10250 i o
timeout`, whoever's addresses stand between.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

# A text that is cut off or partly one's own words still finds its page when so much of it is there.
_ENOUGH = 0.75
_LEAST_WORDS = 3
_SHOWN = 12
_SOME = 1 / 3
# A line of a log; who pastes a whole one has the answer in its first pages.
_MOST_CHARACTERS = 20_000
_WORD = re.compile(r"[a-z0-9]+")
_TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# fmt: off
_EMPTY_WORDS = frozenset({
    "a", "an", "and", "are", "at", "be", "by", "can", "do", "does", "error", "for", "from", "get", "how", "i", "in",
    "is", "it", "its", "me", "my", "new", "no", "not", "of", "on", "or", "that", "the", "this", "to", "was", "what",
    "why",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: the word that opens the page, its texts, words that name it, and all that it says."""

    name: str
    texts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    body: str = ""


def found(query: str, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Names of the pages that this is about, the best first: by a whole text, else by most of one, else by words."""
    known = tuple(entries)
    asked = plain(query[:_MOST_CHARACTERS])
    # A single word that nothing has is mistyped: then a part of it would find too much.
    last = (_by_some_words,) if " " in query.strip() else ()
    for way in (_by_text, _by_most_of_a_text, _by_words, *last):
        scored = [(way(asked, entry), entry.name) for entry in known]
        if hits := sorted(((score, name) for score, name in scored if score), key=lambda hit: -hit[0]):
            return tuple(name for _, name in hits[:_SHOWN])
    return ()


def whole(query: str, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Names of the pages of which a whole text stands in the query, the longest text first."""
    asked = plain(query[:_MOST_CHARACTERS])
    hits = sorted(
        ((score, entry.name) for entry in entries if (score := _by_text(asked, entry))), key=lambda hit: -hit[0]
    )
    return tuple(name for _, name in hits)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower-case words and numbers, one space between them."""
    return " ".join(_WORD.findall(_TERMINAL_COLOURS.sub("", text).lower()))


def _by_text(asked: str, entry: Entry) -> float:
    """How many characters of a text stand in what was asked, its gaps filled with anything."""
    return max((len(plain(text)) for text in entry.texts if _holds(f" {asked} ", _pieces(text))), default=0)


def _holds(line: str, pieces: tuple[str, ...]) -> bool:
    """The pieces one after the other; the first place of each will do, so a line of any length is read once."""
    at = 0
    for piece in pieces:
        at = line.find(f" {piece} ", at)
        if at < 0:
            return False
        at += len(piece) + 1
    return True


@cache
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(piece for part in text.split("...") if (piece := plain(part)))


def _by_most_of_a_text(asked: str, entry: Entry) -> float:
    said = set(asked.split())
    return max((_share(said, plain(text).split()) for text in entry.texts), default=0.0)


def _share(said: set[str], words: list[str]) -> float:
    telling = [word for word in words if word not in _EMPTY_WORDS]
    present = sum(word in said for word in telling)
    if present < _LEAST_WORDS or present < _ENOUGH * len(telling):
        return 0.0
    return present / len(telling)


def _by_words(asked: str, entry: Entry) -> float:
    """3 where the page's name has every word, 2 where its texts and words have, 1 where it only speaks of them."""
    words = [word for word in asked.split() if word not in _EMPTY_WORDS]
    if not words or len(words) > _SHOWN:
        return 0
    named = plain(entry.name)
    near = plain(" ".join((entry.name, *entry.texts, *entry.words)))
    for score, where in ((3, named), (2, near), (1, plain(entry.body))):
        if all(_begins_a_word(word, where) for word in words):
            return score
    return 0


def _by_some_words(asked: str, entry: Entry) -> float:
    """For a question in one's own words: how much of it the page's name, texts and words have."""
    words = [word for word in asked.split() if word not in _EMPTY_WORDS]
    if len(words) > _SHOWN:
        return 0
    near = plain(" ".join((entry.name, *entry.texts, *entry.words)))
    share = sum(_begins_a_word(word, near) for word in words) / max(len(words), 1)
    return share if share >= _SOME else 0


def _begins_a_word(word: str, where: str) -> bool:
    """`token` is in `tokens`, and the other way round; two letters or fewer, and numbers, are compared whole."""
    if len(word) > 4:
        word = word.removesuffix("s")
    end = r"\b" if len(word) <= 2 or word.isdigit() else ""
    return re.search(rf"\b{re.escape(word)}{end}", where) is not None
