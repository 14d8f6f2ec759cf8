"""worker-joined and the step that makes its token, in one plan."""

import json
from datetime import UTC, datetime

import pytest
import yaml

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Later
from bootstrap.model.fact import Output
from bootstrap.model.inventory import Inventory
from bootstrap.model.playbook import Phase, Playbook, rows
from bootstrap.model.target import RunValues, Wanted
from bootstrap.run.ledger import Ledger
from bootstrap.run.order import Order
from bootstrap.run.plan import plan, questions
from bootstrap.run.selection import EVERYTHING, Selection
from bootstrap.steps.workers.join_token_live import JoinTokenLive
from bootstrap.steps.workers.worker_joined import WorkerJoined
from tests.laws.world import CASES

OUTPUTS = CASES / "outputs"
TOKEN, WORKERS = Phase("join-token", "cluster", (JoinTokenLive(),)), Phase("workers", "workers", (WorkerJoined(),))
NODES = json.loads((OUTPUTS / "nodes.json").read_text())
# A cluster of the control plane alone, without any token; the workers are bare.
PRINTED = {
    "nodes": json.dumps({"items": [node for node in NODES["items"] if node["metadata"]["name"] == "cp1"]}),
    "cluster-objects": (OUTPUTS / "cluster-objects.json").read_text(),
    "bootstrap-tokens": "1795255200\n",
}


def _decided(playbook: Playbook, selection: Selection) -> Decision:
    inventory = Inventory.model_validate(yaml.safe_load((CASES / "inventories" / "lab-of-three.yaml").read_text()))
    run = RunValues("run-1", "abcdef", datetime(2026, 11, 21, 12, tzinfo=UTC), "kubeconfig")
    order, ledger = Order(rows(playbook, Wanted(inventory, run))), Ledger()
    for host, asked in questions(order.rows).items():
        ca = Output(0, (OUTPUTS / "ca.crt").read_text()) if host == "cp1" else Output(44, "")
        outputs = {one: ca if "ca.crt" in one.fact.name else Output(0, _said(one.fact.name, host)) for one in asked}
        ledger.record({one: one.fact.read(output) for one, output in outputs.items()}, ledger.now())
    planned = plan(order, selection, ledger)
    return next(one.decision for one in planned if one.row.id == ("worker-joined", "w1"))


def _said(fact: str, host: str) -> str:
    return f"id-of-{host}" if fact == "machine-id" else PRINTED.get(fact, "")


def test_a_worker_waits_for_the_step_that_makes_its_token() -> None:
    decision = _decided(Playbook("join", "", (TOKEN, WORKERS)), EVERYTHING)
    assert isinstance(decision, Later), decision
    assert decision.after == "join-token-live"


@pytest.mark.parametrize(
    ("phases", "selection"),
    [
        ((WORKERS,), EVERYTHING),
        ((TOKEN, WORKERS), Selection(only=frozenset({"worker-joined"}))),
        ((TOKEN, WORKERS), Selection(skip=frozenset({"join-token-live"}))),
    ],
    ids=["not in the playbook", "--only", "--skip"],
)
def test_a_run_that_makes_no_token_is_refused_before_it_joins_anybody(
    phases: tuple[Phase, ...], selection: Selection
) -> None:
    decision = _decided(Playbook("join", "", phases), selection)
    assert isinstance(decision, Blocked), decision
    assert decision.code is Code.STEP_MISSING
    assert "join-token-live must come first" in decision.problem
    assert "with a token made for this run" in decision.problem
