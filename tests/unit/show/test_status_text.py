"""What `kboot status` says."""

from datetime import UTC, datetime

from bootstrap.model.decision import Satisfied
from bootstrap.model.plan import Plan, Planned
from bootstrap.show.health import Health
from bootstrap.show.status_text import status_document, status_lines
from tests.unit.show.scene import SwapOff, row

NOTHING_KNOWN = Health(datetime(2026, 11, 21, tzinfo=UTC))
REMARKED = Plan(tuple(Planned(row(SwapOff, host), Satisfied(remark="no firewall\nold")) for host in ("cp1", "w1")))


def test_what_holds_is_counted_and_remarks_are_told_once() -> None:
    assert [line.plain for line in status_lines(REMARKED, NOTHING_KNOWN, "lab")] == [
        "✓ lab: 2 of 2 states hold",
        "  cp1  ✓ 1",
        "  w1   ✓ 1",
        "! cp1, w1: no firewall",
        "! cp1, w1: old",
    ]


def test_a_document_holds_each_remark_with_its_row() -> None:
    assert status_document(REMARKED, NOTHING_KNOWN, 0, "lab")["remarks"] == [
        {"phase": "host", "step": "swap-off", "target": target, "remark": words}
        for target in ("cp1", "w1")
        for words in ("no firewall", "old")
    ]
