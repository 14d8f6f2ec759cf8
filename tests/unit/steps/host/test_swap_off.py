"""Swap that is full is given the time that it takes."""

from datetime import UTC, datetime

from bootstrap.facts.kernel import SWAPS
from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Answer
from bootstrap.model.decision import Change
from bootstrap.model.fact import Facts, Output
from bootstrap.model.inventory import Inventory
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps.host.swap_off import SwapOff

FULL_MB = 8 * 1024
SLOW_DISK_MB_A_SECOND = 10
INVENTORY = {"apiVersion": "kboot/v1", "hosts": [{"name": "cp1", "address": "192.0.2.11", "role": "control-plane"}]}
USED = f"Filename\tType\tSize\tUsed\tPriority\n/swapfile file {FULL_MB * 1024} {FULL_MB * 1024} -2\n"


def test_eight_gigabytes_are_read_back_from_a_slow_disk() -> None:
    inventory = Inventory.model_validate(INVENTORY)
    wanted = Wanted(inventory, RunValues("run-1", "abcdef", datetime.now(UTC), "kubeconfig"))
    target = Target("host", inventory.hosts[0], wanted)
    used: Answer[object] = SWAPS.read(Output(0, USED))
    answers = {one: used if one.fact == SWAPS else Absent("not there") for one in SwapOff().needs(target)}
    decision = SwapOff().decide(target, Facts(answers))
    assert isinstance(decision, Change)
    (swapoff,) = decision.actions
    assert isinstance(swapoff, Run)
    assert swapoff.timeout_s * SLOW_DISK_MB_A_SECOND > FULL_MB
