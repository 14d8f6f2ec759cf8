"""What a step says while a question that it needs has no answer."""

from typing import Any

from bootstrap.model.answer import Answer, Unreadable
from bootstrap.model.decision import Waiting


def unread(*answers: Answer[Any]) -> Waiting | None:
    """Waiting for the answers that could not be read, by name; None when all of them are Known or Absent."""
    reasons = [answer.why for answer in answers if isinstance(answer, Unreadable)]
    return Waiting(f"an answer: {'; '.join(reasons)}") if reasons else None
