"""One act on one host, when things go wrong around it."""

import time
from pathlib import Path

from bootstrap.model.action import PutBlob, Run
from bootstrap.model.fact import Question
from bootstrap.run.eyes import Patience
from bootstrap.run.hands import Deed, Hands
from bootstrap.run.in_flight import Outcome
from bootstrap.run.ledger import Ledger, Since
from bootstrap.transport.errors import HostLost, LoginRefused, TransferFailed, Unreachable
from tests.fake_host import FakeHost
from tests.unit.run.toys import value_of

SET = Run(("set", "base", "yes"))
BASE = Question("w1", value_of("base"))


def hands(host: FakeHost, reconnect_s: float = 10) -> tuple[Hands, Ledger]:
    ledger = Ledger()
    made = Hands("w1", host, ledger, Patience(reconnect_s, pause_s=0.01))
    made.ask([BASE], Since())
    host.execs = 0
    return made, ledger


def deed(*actions: Run | PutBlob) -> Deed:
    return Deed(actions, {}, lambda _digest: Path("/nowhere"), (BASE,))


def test_the_exec_that_acts_also_asks() -> None:
    host = FakeHost("w1")
    acting, ledger = hands(host)
    assert acting.act(deed(SET)).state == "done"
    assert host.execs == 1
    assert not ledger.is_stale(BASE, Since())


def test_what_could_not_be_started_is_tried_again() -> None:
    host = FakeHost("w1")
    acting, _ = hands(host)
    host.errors = [Unreachable("w1", "refused"), Unreachable("w1", "refused")]
    assert acting.act(deed(SET)).state == "done"
    assert len(host.acts) == 1


def test_what_may_have_started_is_never_started_again() -> None:
    host = FakeHost("w1", losses=["in the act"])
    acting, ledger = hands(host)
    assert acting.act(deed(SET)).state == "done"
    assert len(host.acts) == 1
    assert ledger.is_stale(BASE, Since()), "and its facts are asked again"


def test_a_refused_login_ends_the_host() -> None:
    host = FakeHost("w1")
    acting, ledger = hands(host)
    host.down = LoginRefused("w1", "the key was taken away")
    assert acting.act(deed(SET)).state == "fallen"
    assert ledger.fallen("w1")


def test_the_file_that_did_not_arrive_is_the_one_that_is_named() -> None:
    host = FakeHost("w1", needs_blobs=True)
    acting, _ = hands(host)
    first, second = PutBlob("a" * 64, 10_000_000, "/var/lib/a.tar"), PutBlob("b" * 64, 10_000_000, "/var/lib/b.tar")

    def refused(_source: object, path: str, **_options: object) -> None:
        if path.startswith(second.path):
            raise TransferFailed("w1", "b.tar did not arrive", evidence="no space left")

    host.put = refused  # type: ignore[assignment,method-assign]
    assert acting.act(deed(first, second, SET)) == Outcome("failed", 1, "b.tar did not arrive no space left")
    assert not host.acts


def test_a_file_whose_sending_broke_off_is_sent_again() -> None:
    host = FakeHost("w1")
    acting, _ = hands(host, reconnect_s=0.2)
    broken = [HostLost("w1", "silence")]
    put = host.put

    def breaking(*args: object, **options: object) -> None:
        if broken:
            time.sleep(0.3)  # longer than patience: it counts from the loss
            raise broken.pop()
        put(*args, **options)  # type: ignore[arg-type]

    host.put = breaking  # type: ignore[method-assign]
    host.needs_blobs = True
    big = PutBlob("a" * 64, 10_000_000, "/var/lib/image.tar")
    assert acting.act(deed(big, SET)).state == "done"
    assert host.state["blob /var/lib/image.tar.kboot-aaaaaaaaaaaa"] == "a" * 64
