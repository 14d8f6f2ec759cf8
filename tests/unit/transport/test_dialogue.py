"""The dialogue with sudo, played by a host made of strings."""

from collections.abc import Callable

import pytest

from bootstrap.model.text import Secret
from bootstrap.transport.dialogue import Dialogue
from bootstrap.transport.errors import HostLost, SudoRefused, TransportError
from bootstrap.transport.frame import framed
from bootstrap.transport.shell import Shell

PASSWORD = "correct horse"
SUDO = Shell(root=True, sudo=True, password=Secret(PASSWORD))


class FakeHost:
    """A channel whose other side answers with `reply(event)`: the command first, then each thing that was sent."""

    def __init__(self, reply: Callable[["FakeHost", str], tuple[str, str] | None]) -> None:
        self._reply = reply
        self._pending: list[tuple[str, str]] = []
        self.command = ""
        self.sent: list[str] = []
        self.ended = False
        self.alive = True

    def start(self, command: str) -> None:
        self.command = command
        self._hear("start")

    def send(self, data: bytes, timeout_s: float) -> None:
        self.sent.append(data.decode())
        self._hear(self.sent[-1])

    def wait(self, timeout_s: float) -> None:
        if not self._pending:
            self.ended = True

    def read(self) -> tuple[bytes, bytes]:
        out, err = self._pending.pop(0) if self._pending else ("", "")
        return out.encode(), err.encode()

    def end_input(self) -> None: ...
    def close(self) -> None: ...

    @property
    def prompt(self) -> str:
        return self.command.split()[3]

    @property
    def ready(self) -> str:
        return self.command.split("echo ")[1].split(";")[0]

    def _hear(self, event: str) -> None:
        answer = self._reply(self, event)
        if answer is not None:
            self._pending.append(answer)


def play(reply: Callable[[FakeHost, str], tuple[str, str] | None]) -> tuple[FakeHost, TransportError | None]:
    """One exec; the script itself answers nothing, so a dialogue that got as far as sending it ends HostLost-free."""
    host = FakeHost(reply)
    dialogue = Dialogue("node-1", host, framed("true", root=True), timeout_s=5)
    try:
        dialogue.begin(SUDO)
    except TransportError as error:
        return host, error
    return host, None


@pytest.mark.parametrize("shape", ["{}", "[sudo: {}:] Password: ", "We trust you have received the lecture.\n\n{}"])
def test_the_password_answers_sudos_own_prompt(shape: str) -> None:
    def reply(host: FakeHost, event: str) -> tuple[str, str] | None:
        if event == "start":
            return "", shape.format(host.prompt)
        return (f"{host.ready}\n", "\n") if event == f"{PASSWORD}\n" else None

    host, error = play(reply)
    assert error is None
    assert host.sent[0] == f"{PASSWORD}\n"
    assert host.sent[1].startswith("{")


def test_no_prompt_no_password() -> None:
    host, error = play(lambda host, event: (f"{host.ready}\n", "") if event == "start" else None)
    assert error is None
    assert len(host.sent) == 1
    assert PASSWORD not in host.sent[0]


def test_a_shell_that_traces_its_commands_shows_no_prompt() -> None:
    def reply(host: FakeHost, event: str) -> tuple[str, str] | None:
        return (f"{host.ready}\n", f"+ {host.command}\n") if event == "start" else None

    host, error = play(reply)
    assert error is None
    assert not any(PASSWORD in sent for sent in host.sent)


def test_somebody_elses_prompt_gets_nothing() -> None:
    host, error = play(lambda host, event: ("", "[sudo] password for admin: ") if event == "start" else None)
    assert isinstance(error, SudoRefused)
    assert host.sent == []


def test_a_second_prompt_ends_it_without_a_second_try() -> None:
    def reply(host: FakeHost, event: str) -> tuple[str, str]:
        return ("", host.prompt) if event == "start" else ("", f"\nSorry, try again.\n{host.prompt}")

    host, error = play(reply)
    assert isinstance(error, SudoRefused)
    assert host.sent == [f"{PASSWORD}\n"]
    assert error.evidence == "Sorry, try again."


def test_sudo_that_asks_where_the_inventory_names_no_password_says_where_to_name_it() -> None:
    """Not: correct what is not there."""
    host = FakeHost(lambda host, event: ("", "sudo: a password is required\n") if event == "start" else None)
    shell = Shell(root=True, sudo=True, password=None)
    dialogue = Dialogue("node-1", host, framed("true", root=True), timeout_s=5)
    dialogue.begin(shell)
    with pytest.raises(SudoRefused) as refused:
        dialogue.finish(shell)
    assert refused.value.advice.startswith("Name a file with the user's sudo password (mode 0600) as `sudo")


def test_a_connection_that_breaks_at_the_prompt_is_lost() -> None:
    def reply(host: FakeHost, event: str) -> None:
        host.ended, host.alive = True, False

    assert isinstance(play(reply)[1], HostLost)
