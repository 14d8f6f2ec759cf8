"""Every document that kboot prints is what output.schema.json promises."""

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.event import RunEnded
from bootstrap.show.error_text import error_document
from bootstrap.show.event_record import event_record
from bootstrap.show.health import Health
from bootstrap.show.record import plan_document, report_document
from bootstrap.show.status_text import status_document
from tests.unit.show.scene import plan, report
from tests.unit.show.test_health import ILL, NOW
from tests.unit.show.test_live import story

SCHEMA = json.loads(files("bootstrap.show").joinpath("output.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
DOCUMENTS = {
    "report": report_document(report(failed=True), 8, "lab"),
    "plan": plan_document(plan(), 6, "lab", "up"),
    "status": status_document(plan(), ILL, 10, "lab"),
    "status of nothing": status_document(plan(), Health(NOW, silence="no control plane yet"), 10, "lab"),
    "error": error_document(KbootError(Code.UNREACHABLE, "no answer")),
    **{f"event {number}": event_record(event, at_s) for number, (at_s, event) in enumerate(story())},
    "last event": event_record(RunEnded(report()), 9.0),
}


def problems(value: Any) -> list[str]:
    """What the schema has against this document."""
    plain = json.loads(json.dumps(value))
    return [error.message for error in VALIDATOR.iter_errors(plain)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_as_promised(name: str) -> None:
    assert problems(DOCUMENTS[name]) == []


def test_a_document_with_a_renamed_key_is_not() -> None:
    report_like = dict(DOCUMENTS["report"])
    report_like["exit"] = report_like.pop("exitCode")
    assert problems(report_like)
