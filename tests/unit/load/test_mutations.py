"""Whatever is done to an inventory: it loads, or its mistakes are told with places. Never another error, never long.

5,000 mutated examples in each run, made by a seed that hypothesis draws; three smaller tests that it can shrink.
$KBOOT_MUTATIONS is the number of inventories of each of those (default 100): `KBOOT_MUTATIONS=5000` is the long run.
"""

import json
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from bootstrap.load.error import InputError, InvalidInput
from bootstrap.load.inventory import load_inventory
from bootstrap.load.source import Source
from bootstrap.load.yaml_text import parse

FOLDER = Path(__file__).parents[3] / "inventory"
EXAMPLES = tuple(path.read_bytes() for path in sorted(FOLDER.glob("*.yaml")))
MUTATED, BATCH = 5000, 20
WHOLE = (FOLDER / "every-field.yaml").read_text()
quick = settings(
    max_examples=int(os.environ.get("KBOOT_MUTATIONS", "100")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
VALUE = parse(Source("every-field.yaml", WHOLE)).value

SNIPPETS = st.sampled_from(
    ["\t", "- ", ": ", "\n", "[", "]", "{", "}", "&a ", "*a", "!!python/none ", "~", "'", '"', "#", "|\n", ">", "---\n",
     "...\n", "? ", "<<: *a\n", "hosts:\n", "name: ", "1.30", "yes", "0x1f", ".nan", "é", "🙂", "\u2028", "\ufeff",
     "a" * 300, "10.0.0.0/8"]
)  # fmt: skip
JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.just([]), st.just({}))
JUNK_TREES = st.recursive(JUNK, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner))


def loads_or_tells(content: bytes, folder: Path) -> None:
    """The property itself."""
    file = folder / "x.yaml"
    file.unlink(missing_ok=True)  # ext4 waits for the disk when a file is written over
    file.write_bytes(content)
    started = time.process_time()
    told = _told(file)
    assert time.process_time() - started < 1
    lines = content.count(b"\n") + 1
    inside = [error.place is not None and error.place.line <= lines for error in told]
    assert all(inside), "a place is in the file"
    assert all(str(error).isprintable() for error in told)


def _told(file: Path) -> tuple[InputError, ...]:
    try:
        load_inventory(file)
    except InvalidInput as caught:
        return caught.errors
    return ()


@quick
@given(
    cuts=st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), SNIPPETS | st.text(max_size=4)), max_size=4)
)
def test_text_with_parts_cut_out_and_put_in(tmp_path: Path, cuts: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for start, length, put in cuts:
        text = text[:start] + put + text[start + length :]
    loads_or_tells(text.encode(errors="surrogatepass"), tmp_path)


@st.composite
def mutated_values(draw: st.DrawFn) -> object:
    """The whole example with up to three of its values, at any depth, replaced, removed or doubled."""
    value = json.loads(json.dumps(VALUE))
    for _ in range(draw(st.integers(1, 3))):
        here = value
        while isinstance(here, dict | list) and here:
            keys = sorted(here) if isinstance(here, dict) else list(range(len(here)))
            key = draw(st.sampled_from(keys))
            inside = here[key]
            if not isinstance(inside, dict | list) or not inside or draw(st.booleans()):
                _mutate(draw, here, key)
                break
            here = inside
    return value


def _mutate(draw: st.DrawFn, parent: dict[str, object] | list[object], key: str | int) -> None:
    match draw(st.sampled_from(["junk", "remove", "rename", "double"])), parent, key:
        case "junk", dict(), str():
            parent[key] = draw(JUNK_TREES)
        case "junk", list(), int():
            parent[key] = draw(JUNK_TREES)
        case "rename", dict(), str():
            parent[draw(st.sampled_from([key.upper(), key + "s", key[:-1], ""]))] = parent.pop(key)
        case "double", list(), int():
            parent.append(parent[key])
        case _, dict(), str():
            del parent[key]
        case _, list(), int():
            del parent[key]


@quick
@given(value=mutated_values())
@example(value={"apiVersion": "kboot/v1", "hosts": [[], None, {}, {"name": "a", "address": "a", "ssh": {"port": []}}]})
@example(value={"apiVersion": None, "cluster": [], "ssh": 1, "hosts": {"name": "a"}})
def test_values_replaced_removed_renamed_or_doubled(tmp_path: Path, value: object) -> None:
    loads_or_tells(json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass"), tmp_path)


@quick
@given(content=st.binary(max_size=200))
def test_bytes_of_any_kind(tmp_path: Path, content: bytes) -> None:
    loads_or_tells(content, tmp_path)


PARTS = (
    b"\t", b"\r\n", b"\x00", b"\xff", b"\xc3", b": ", b":", b"- ", b"\n", b"[", b"}", b"&a ", b"*a ", b"!!set ", b"#",
    b'"', b"|\n", b"---\n", b"? ", b"<<: ", b"yes", b"1.30", b"1e9999", b"0x1f", b"10.0.0.0/8", b"fd00::1",
    b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"pod_cidr: ", b"hosts:\n", b"a" * 300,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 22, 1.5, 10**30, "", " ", "no", "\t", "10.1.0.1", "fd00::1", "10.0.0.0/8", "a/b/c", "-o",
    "x" * 300, "é", "~", "./none", [], {}, [[]], [None], {"": None}, {"name": "cp1"}, ["flannel", "flannel"],
)  # fmt: skip


def _bytes_mutated(random: Random, content: bytes) -> bytes:
    """Up to five places changed: cut, put in, doubled, a bit turned, two lines exchanged, the end left out."""
    for _ in range(random.randint(1, 5)):
        at, length = random.randrange(len(content) + 1), random.choice((0, 1, 2, 5, 20, 100))
        before, part, after = content[:at], content[at : at + length], content[at + length :]
        lines = content.split(b"\n")
        first, second = random.randrange(len(lines)), random.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
        turned = bytes(byte ^ 1 << random.randrange(8) for byte in part)
        ways = (before + after, before + random.choice(PARTS) + after, before + part + part + after)
        content = random.choice((*ways, before + turned + after, b"\n".join(lines), before if length == 1 else content))
    return content


def _values_mutated(random: Random, content: bytes) -> bytes:
    """Up to four values replaced, removed, renamed, doubled or moved, at any depth; written as JSON, which is YAML."""
    value: Any = json.loads(_as_json(content))
    for _ in range(random.randint(1, 4)):
        places = list(_containers(value))
        here, other = random.choice(places), random.choice(places)
        key = random.choice(list(here) if isinstance(here, dict) else range(len(here)))
        match random.choice(("replace", "remove", "rename", "double", "move")):
            case "replace":
                here[key] = json.loads(json.dumps(random.choice(VALUES)))
            case "remove":
                del here[key]
            case "rename" if isinstance(here, dict):
                here[random.choice((key.upper(), key + "s", key[:-1], "", "_" + key, key.replace("CIDR", "_cidr")))] = (
                    here[key]
                )
            case "double" if isinstance(here, list):
                here.append(here[key])
            case "move" if isinstance(other, dict):
                other[str(key)] = json.loads(json.dumps(here[key]))
        if not list(_containers(value)):
            break
    return json.dumps(value, ensure_ascii=False).encode()


@cache
def _as_json(content: bytes) -> str:
    return json.dumps(parse(Source("x.yaml", content.decode())).value)


def _containers(value: Any) -> list[Any]:
    """Every mapping and list in it that is not empty."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [
        *([value] if isinstance(value, dict | list) and value else []),
        *(one for each in inner for one in _containers(each)),
    ]


@pytest.mark.parametrize("mutated", [_bytes_mutated, _values_mutated], ids=["bytes", "values"])
@settings(max_examples=MUTATED // 2 // BATCH, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_five_thousand_mutated_examples(mutated: Callable[[Random, bytes], bytes], seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 - the seed is hypothesis's, which prints and keeps it
    for _ in range(BATCH):
        content = mutated(random, random.choice(EXAMPLES))
        note(repr(content))
        loads_or_tells(content, tmp_path)
