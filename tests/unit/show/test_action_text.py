"""What a plan shows of an action, and where it cuts."""

import pytest

from bootstrap.model.action import Run
from bootstrap.model.text import text
from bootstrap.show.action_text import change_lines

LONG = "\n".join(f"line {number}" for number in range(60))


@pytest.mark.parametrize(("program", "cut"), [("kubectl", True), ("kubeadm", False)])
def test_what_kubeadm_is_told_is_shown_whole_and_a_manifest_is_not(program: str, cut: bool) -> None:
    shown = [line.plain for line in change_lines((Run((program, "x"), stdin=text(LONG)),), whole=False)]
    assert ("  < line 59" not in shown) is cut
    assert shown[-1].endswith("-v shows them") is cut
