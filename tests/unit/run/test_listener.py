"""No secret reaches an observer."""

from bootstrap.model.event import Event, RowEnded, RowWaiting
from bootstrap.model.playbook import rows
from bootstrap.model.report import Result, Status
from bootstrap.model.target import RunValues
from bootstrap.model.text import MASK, Secret
from bootstrap.run.listener import Listener
from bootstrap.run.vault import JOIN_TOKEN, JOIN_TOKEN_SECRET, new_token_id, vault_for
from tests.unit.run.toys import BOOK, World

TOKEN = "abcdef.0123456789abcdef"
ROW = rows(BOOK, World().wanted)[0]


def test_a_secret_in_evidence_and_notes_is_masked() -> None:
    listener = Listener(lambda _event: None, [Secret(TOKEN)])
    result = listener.masked(Result(ROW, Status.FAILED, f"note {TOKEN}", evidence=f"log: {TOKEN}!", remark=TOKEN))
    assert (result.note, result.evidence, result.remark) == (f"note {MASK}", f"log: {MASK}!", MASK)


def test_secrets_learnt_on_the_way_are_masked_too() -> None:
    events: list[Event] = []
    listener = Listener(events.append)
    listener.learn([Secret(TOKEN)])
    listener.tell(RowWaiting(ROW, f"for {TOKEN}"))
    assert events == [RowWaiting(ROW, f"for {MASK}")]


def test_the_keys_in_a_kubeconfig_are_secrets_of_their_own_and_its_address_is_none() -> None:
    key = "c29tZS1rZXktbWF0ZXJpYWwtdGhhdC1pcy1sb25nLWVub3VnaA"
    address = "https://control-plane.example.org:6443"
    listener = Listener(lambda _event: None, [Secret(f"server: {address}\nclient-key-data: {key}\nname: a\n")])
    assert listener.mask(f"{key} name: a") == f"{MASK} name: a"
    assert listener.mask(f"{address} refused client-key-data") == f"{address} refused client-key-data"


def test_nothing_is_told_to_an_observer_that_was_left() -> None:
    events: list[Event] = []
    listener = Listener(events.append)
    listener.leave()
    listener.tell(RowEnded(Result(ROW, Status.OK)))
    assert not events


def test_what_a_failing_program_printed_of_a_secret_never_comes_out() -> None:
    world = World(workers=1)
    world["w1"].failing = "joined"
    world["w1"].says = f"error: bad token {TOKEN}"
    world.run(vault={"join-token": Secret(TOKEN)})
    told = repr(world.events)
    assert "error: bad token" in told
    assert TOKEN not in told


def test_a_token_is_as_kubeadm_wants_it() -> None:
    run = RunValues("r", new_token_id(), World.run_values.started, "/x")
    vault = vault_for(run)
    head, _, tail = vault[JOIN_TOKEN].value.partition(".")
    assert (head, len(head), len(tail)) == (run.token_id, 6, 16)
    assert tail == vault[JOIN_TOKEN_SECRET].value
    assert (head + tail).isalnum()
    assert (head + tail).islower() or (head + tail).isdigit()
    assert vault_for(run)[JOIN_TOKEN] != vault[JOIN_TOKEN]
