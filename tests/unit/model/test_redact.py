"""The redactor: no secret passes, in whatever form."""

from bootstrap.model.redact import Redactor
from bootstrap.model.text import MASK, Secret

TOKEN = "abcdef.0123456789abcdef"


def test_a_secret_is_masked_wherever_it_stands() -> None:
    assert Redactor.of([Secret(TOKEN)])(f"join --token {TOKEN}, {TOKEN}") == f"join --token {MASK}, {MASK}"


def test_a_secret_that_holds_another_goes_whole() -> None:
    assert Redactor.of([Secret("hunter"), Secret("hunter-two")])("hunter-two") == MASK


def test_the_keys_in_a_long_text_are_secrets_of_their_own_and_its_address_is_none() -> None:
    key = "c29tZS1rZXktbWF0ZXJpYWwtdGhhdC1pcy1sb25nLWVub3VnaA"
    address = "https://control-plane.example.org:6443"
    redact = Redactor.of([Secret(f"server: {address}\nclient-key-data: {key}\nname: a\n")])
    assert redact(f"{key} name: a") == f"{MASK} name: a"
    assert redact(f"{address} refused client-key-data") == f"{address} refused client-key-data"


def test_a_secret_that_was_read_with_its_line_end_is_masked_within_a_line() -> None:
    assert Redactor.of([Secret("hunter2\n")])("no, hunter2 is wrong") == f"no, {MASK} is wrong"


def test_what_is_learnt_later_is_masked_beside_what_was_known() -> None:
    redact = Redactor.of([Secret("hunter")]).knowing([Secret("hunter-two")])
    assert redact("hunter-two, hunter") == f"{MASK}, {MASK}"


def test_a_document_is_masked_before_json_changes_the_secrets_form() -> None:
    shown = Redactor.of([Secret('pa"ss\\word')]).document({"note": ['got pa"ss\\word'], "count": 3})
    assert shown == {"note": [f"got {MASK}"], "count": 3}


def test_what_is_too_short_to_be_a_secret_is_left() -> None:
    assert Redactor.of([Secret("a")])("a cat") == "a cat"
