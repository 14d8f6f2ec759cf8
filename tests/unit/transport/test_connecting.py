"""Patience, and the words for hosts that are not there."""

import errno
import socket
from pathlib import Path

import pytest

from bootstrap.transport import connecting
from bootstrap.transport.connecting import patiently, unreachable
from bootstrap.transport.errors import HostKeyChanged, LoginRefused, TransportError, Unreachable
from bootstrap.transport.settings import SshSettings

SETTINGS = SshSettings("198.51.100.1", port=2222)


class Attempts:
    """Raises the errors one after the other, then succeeds."""

    def __init__(self, *errors: TransportError) -> None:
        self._errors = list(errors)
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        if self._errors:
            raise self._errors.pop(0)
        return "open"


def test_a_booting_host_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_SHORTEST_WAIT_S", 0.01)
    attempts = Attempts(Unreachable("node-1", "refused"), Unreachable("node-1", "refused"))
    assert patiently(attempts, patience_s=10) == "open"
    assert attempts.made == 3


@pytest.mark.parametrize(
    "final",
    [
        HostKeyChanged("node-1", "another key"),
        LoginRefused("node-1", "wrong key"),
        Unreachable("node-1", "no such name", again=False),
    ],
)
def test_what_will_not_pass_is_tried_once(final: TransportError) -> None:
    attempts = Attempts(final)
    with pytest.raises(type(final)) as caught:
        patiently(attempts, patience_s=10)
    assert caught.value is final
    assert attempts.made == 1


def test_patience_ends() -> None:
    attempts = Attempts(*[Unreachable("node-1", "refused")] * 50)
    with pytest.raises(Unreachable):
        patiently(attempts, patience_s=0.6)
    assert 2 <= attempts.made <= 5


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "198.51.100.1 port 2222 refuses connections"),
        (TimeoutError("timed out"), "198.51.100.1 port 2222 does not answer within 10 s"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "there is no route to 198.51.100.1 port 2222"),
        (EOFError(), "198.51.100.1 port 2222 does not speak SSH to us"),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "the name 198.51.100.1 does not resolve"),
    ],
)
def test_each_failure_has_its_words(error: BaseException, words: str) -> None:
    found = unreachable("node-1", SETTINGS, error)
    assert (found.problem, found.host) == (words, "node-1")
    assert found.advice


def test_an_error_on_the_bastion_is_told_as_the_hosts_own() -> None:
    refused = LoginRefused("gate", "does not let me in", evidence="e", advice="a").on("node-1", "bastion gate")
    assert isinstance(refused, LoginRefused)
    assert (refused.host, refused.problem, refused.evidence) == ("node-1", "bastion gate: does not let me in", "e")


def test_the_known_name_holds_the_port_when_it_is_another() -> None:
    assert SETTINGS.known_as == "[198.51.100.1]:2222"
    assert SshSettings("node-1").known_as == "node-1"
    assert SshSettings("node-1", host_key_alias="first", port=2222).known_as == "first"
    assert SshSettings("node-1", known_hosts_path=Path("~/x")).known_hosts == Path.home() / "x"
