"""YAML as plain values: whatever the text holds, an answer or a YAMLError."""

import pytest
import yaml

from bootstrap.model.safe_yaml import safe_load, safe_load_all

DEEP = 200_000


def test_one_document_or_none_is_a_value() -> None:
    assert safe_load("a: [1, yes]\n") == {"a": [1, True]}
    assert safe_load("# nothing\n") is None
    assert safe_load_all("a\n---\n---\nb\n") == ["a", None, "b"]


@pytest.mark.parametrize(
    "text",
    [
        "- " * DEEP,
        "? " * DEEP,
        "[" * DEEP,
        "\n".join(" " * depth + "a:" for depth in range(3000)),
        "until: 2026-13-45",
        "until: !!timestamp soon",
        "!!bool maybe",
        "!!int ''",
        "a: \ud800",
        "a: \x00",
        "!!python/object/apply:os.system [true]",
        "a\n---\nb\n",
        "a: [",
    ],
    ids=[
        "items",
        "keys",
        "lists",
        "indentation",
        "date",
        "timestamp",
        "bool",
        "int",
        "surrogate",
        "null",
        "python",
        "two",
        "cut",
    ],
)
def test_any_other_text_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        safe_load(text)
