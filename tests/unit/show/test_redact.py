"""The redactor: no secret passes, in whatever form."""

from bootstrap.model.text import MASK, Secret
from bootstrap.show.redact import Redactor

TOKEN = "abcdef.0123456789abcdef"


def test_a_secret_is_masked_wherever_it_stands() -> None:
    assert Redactor.of([Secret(TOKEN)])(f"join --token {TOKEN}, {TOKEN}") == f"join --token {MASK}, {MASK}"


def test_a_secret_that_holds_another_goes_whole() -> None:
    assert Redactor.of([Secret("hunter"), Secret("hunter-two")])("hunter-two") == MASK


def test_every_line_of_a_multi_line_secret_is_masked() -> None:
    key = "-----BEGIN KEY-----\nMIIEpAIBAAKCAQ\n-----END KEY-----"
    assert "MIIEpAIBAAKCAQ" not in Redactor.of([Secret(key)])("error near MIIEpAIBAAKCAQ")


def test_a_document_is_masked_before_json_changes_the_secrets_form() -> None:
    shown = Redactor.of([Secret('pa"ss\\word')]).document({"note": ['got pa"ss\\word'], "count": 3})
    assert shown == {"note": [f"got {MASK}"], "count": 3}


def test_what_is_too_short_to_be_a_secret_is_left() -> None:
    assert Redactor.of([Secret("a")])("a cat") == "a cat"
