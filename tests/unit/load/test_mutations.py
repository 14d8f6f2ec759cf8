"""Whatever is done to an inventory: it loads, or its mistakes are told with places. Never another error, never long.

$KBOOT_MUTATIONS is the number of inventories of each kind (default 100): `KBOOT_MUTATIONS=5000` is the long run.
"""

import json
import os
import time
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bootstrap.load.error import InputError, InvalidInput
from bootstrap.load.inventory import load_inventory
from bootstrap.load.source import Source
from bootstrap.load.yaml_text import parse

FOLDER = Path(__file__).parents[3] / "inventory"
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
    file.write_bytes(content)
    started = time.process_time()
    told = _told(file)
    assert time.process_time() - started < 1
    lines = content.count(b"\n") + 1
    inside = [error.place is None or error.place.line <= lines for error in told]
    assert all(inside), "a place is in the file"


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
