"""YAML is read safely, every value has its place, and what is refused says why."""

import sys
import time
from typing import Any

import pytest

from bootstrap.load.error import InvalidInput, Place
from bootstrap.load.source import Source
from bootstrap.load.yaml_text import parse


def read(text: str) -> Any:
    document = parse(Source("x.yaml", text))
    assert not document.mistakes()
    return document.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", 1), ("a: -1", -1), ("a: 1.5", 1.5), ("a: 1e3", 1000.0), ("a: true", True), ("a: ~", None),
        ("a:", None),
        ("a: 0600", "0600"), ("a: 1_000", "1_000"), ("a: 12:30", "12:30"), ("a: 2026-11-21", "2026-11-21"),
        ("a: 0x10", "0x10"), ("a: .inf", ".inf"), ("a: '1'", "1"), ("a: !!str 1", "1"), ("a: 10.0.0.0/8", "10.0.0.0/8"),
        ("a: " + "9" * 400, "9" * 400), ("a: 1e999", "1e999"), ("a: |\n  b\n  c\n", "b\nc\n"), ("a: &x b", "b"),
    ],
)  # fmt: skip
def test_a_plain_value_means_what_it_shows(text: str, value: object) -> None:
    assert read(text)["a"] == value
    assert type(read(text)["a"]) is type(value)


def test_keys_are_text() -> None:
    assert read("1: a\ntrue: b\n~: c\n") == {"1": "a", "true": "b", "~": "c"}


def test_every_value_and_key_has_its_place() -> None:
    document = parse(Source("x.yaml", "a:\n  - b: 1\n    ö:   two\n"))
    assert document.place(("a", 0, "ö")) == Place(3, 10)
    assert document.keys[("a", 0, "ö")] == Place(3, 5)
    assert document.place(("a", 0, "missing")) == Place(2, 5), "what is missing stands at its parent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tb: 1\n", "2:1: a tab indents this line (YAML wants spaces: replace the tab, two spaces a level)"),
        ("a:\n  b: 1\n  \tc: 2\n", "3:3: a tab indents this line"),
        ("a:\n  - b\n\t- c\n", "3:1: a tab indents this line"),
        ("a:\n  -\tb: 1\n", "2:4: a tab stands here (YAML wants spaces: replace the tab)"),
        ("a:\n\t\n  b: 1\n", "2:1: a tab stands here (YAML wants spaces"),
        (
            "a:\n\u00a0 b: 1\n  c: 2\n",
            "2:1: no-break space (U+00A0) stands where YAML wants a space (replace it by a space)",
        ),
        ("a:\n  b:\u00a01\n  c: 2\n", "2:5: no-break space (U+00A0) stands where YAML wants a space"),
        ("a:\n  - b: 1\n  \u2013 b: 2\n", '3:3: en dash (U+2013) stands where YAML wants a "-"'),
        ("a:\n  b\uff1a 1\n  c: 2\n", '2:4: fullwidth colon (U+FF1A) stands where YAML wants a ":"'),
        ("a:\n  b:1\n  c: 2\n", "2:4: is not YAML: mapping values are not allowed in this context (a colon wants"),
        ("a:\n  - b: 1\n  -c: 2\n", "3:3: is not YAML: did not find expected '-' indicator (a - wants a space"),
        ("a: [fd00::1]:6443\n", "1:13: is not YAML: did not find expected key (a value that begins with ["),
        ("a: *\n", "1:5: is not YAML: did not find expected alphabetic or numeric character (a value that begins"),
        ("a: host:\n", "1:8: is not YAML: mapping values are not allowed in this context (a value that holds a colon"),
        ('a: "C:\\Users"\n', "1:9: is not YAML: did not find expected hexdecimal number (between double quotes \\"),
        ("[lab]\ncp1 host=a\n", "2:1: is not YAML: did not find expected <document start> (a file of kboot's begins"),
        ("a:\n<<<<<<< HEAD\n  b: 1\n=======\n", "2:1: a merge conflict was left here (keep one side"),
        ("a: b: c\n", "1:5: is not YAML: mapping values are not allowed in this context (a value that holds a colon"),
        ('a: 1\nb: "x\nc: 2\n', "2:4: this quote is never closed"),
        (
            "a: [1, 2\nb: 3\n",
            "2:2: is not YAML: did not find expected ',' or ']' "
            "(is a comma missing before it, or the bracket of line 1, column 4 not closed?)",
        ),
        ("a: 1\n b: 2\n", "2:3: is not YAML: mapping values"),
        ("a: 1\nb\nc: 2\n", "2:1: is not YAML: could not find expected ':'"),
        ("a: 1\nb:2\nc: 2\n", "2:1: is not YAML: could not find expected ':' (a colon wants a space after it)"),
        ("{", "1:2: is not YAML: did not find expected node content"),
        ("a: @b\n", "1:4: is not YAML: found character that cannot start any token (a value that begins with @ needs"),
        ("a: %b\n", "1:4: is not YAML: found character"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document starts here"),
        ("? [a]\n: b\n", "1:3: a key must be plain text"),
        ("{{ template }}: 1\n", "1:1: a key must be plain text"),
        ("a: *b\n", '1:4: nothing is anchored as "&b" before'),
        ("a: &b [*b]\n", '1:8: nothing is anchored as "&b" before'),
        ("a: &b {c: 1}\nd:\n  <<: *b\n", "3:3: merge keys (<<) are not read"),
        ("[" * 41 + "]" * 41, "1:41: is nested deeper than 40 levels"),
    ],
)
def test_a_syntax_error_is_told_at_its_place(text: str, expected: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(Source("x.yaml", text))
    (error,) = caught.value.errors
    assert str(error).startswith(f"x.yaml:{expected}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", '3:1: the key "a" is given twice; first in line 1'),
        ("a: {b: 1, 'b': 2}\n", '1:11: the key "b" is given twice; first in line 1'),
        ("a: no\n", '1:4: "no" is a boolean to some tools and a word to others'),
        ("a: !!python/object/apply:os.system [echo]\n", "1:4: the tag !!python/object/apply:os.system is not allowed"),
        ("a: !!binary aGk=\n", "1:4: the tag !!binary is not allowed"),
        ("a: !Ref b\n", "1:4: the tag !Ref is not allowed"),
    ],
)
def test_a_refused_value_is_told_with_the_others(text: str, expected: str) -> None:
    (error,) = parse(Source("x.yaml", text)).mistakes()
    assert str(error).startswith(f"x.yaml:{expected}")


def test_of_a_key_given_twice_the_first_value_counts() -> None:
    assert parse(Source("x.yaml", "a: 1\na: 2\n")).value == {"a": 1}


def test_an_alias_is_read_as_its_value() -> None:
    assert read("a: &x [1, 2]\nb: *x\n") == {"a": [1, 2], "b": [1, 2]}


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 3)}]" for n in range(1, 11)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        bomb(), "a: &a 1\nb: [" + "*a, " * 40 + "]", "[" * 900_000, "{a: " * 240_000, "- x\n" * 240_000, "\t" * 999_000,
        "a: " * 300_000, "".join(f"k{n}: v\n" for n in range(90_000)), "? " * 400_000, "- " * 450_000, "&a " * 300_000,
        "a: '" + "\n" * 900_000, "%" * 900_000, "[" + "[]," * 300_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_text_made_to_hurt_is_refused_within_a_second(text: str) -> None:
    started = time.process_time()
    with pytest.raises(InvalidInput):
        parse(Source("x.yaml", text))
    # Coverage traces every line, at about twice the time.
    assert time.process_time() - started < (2 if sys.gettrace() else 1)
