"""A file of kboot's own with a text that is known beforehand."""

from bootstrap.model.action import WriteFile
from bootstrap.model.answer import Answer, Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.text import text
from bootstrap.steps.unread import unread


def in_place(path: str, wanted: str, found: Answer[str], summary: str) -> Decision:
    """Satisfied when the file holds exactly this text, else the Change that writes it."""
    if waiting := unread(found):
        return waiting
    before = found.value if isinstance(found, Known) else None
    if before == wanted:
        return Satisfied()
    return Change(summary, (WriteFile(path, text(wanted), before=before),))
