"""What can go wrong between here and a host. Nothing is guessed: an act whose end was not seen, may have happened."""

from typing import ClassVar

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


class TransportError(KbootError):
    """Base of all; `host` is the inventory's name."""

    stable_code: ClassVar[Code]
    ends_with: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, host: str, problem: str, *, evidence: str = "", advice: str = "") -> None:
        super().__init__(
            self.stable_code, problem, where=host, evidence=evidence, advice=advice, exit_code=self.ends_with
        )
        self.host = host

    def on(self, host: str, through: str) -> "TransportError":
        """The same failure as another host meets it: its bastion's."""
        problem = f"{through}: {self.problem}"
        return type(self)(host, problem, evidence=self.evidence, advice=self.advice)


class Unreachable(TransportError):
    """No SSH server answered: refused, no route, timeout, unknown name. `again` says whether waiting may help."""

    stable_code = Code.UNREACHABLE
    ends_with = ExitCode.NO_HOST

    def __init__(self, host: str, problem: str, *, evidence: str = "", advice: str = "", again: bool = True) -> None:
        super().__init__(host, problem, evidence=evidence, advice=advice)
        self.again = again

    def on(self, host: str, through: str) -> "Unreachable":
        """See TransportError.on; the bastion has been tried again already."""
        return Unreachable(host, f"{through}: {self.problem}", evidence=self.evidence, advice=self.advice, again=False)


class HostKeyRefused(TransportError):
    """Base of the two below; no credential was sent."""

    ends_with = ExitCode.KEY_REFUSED


class HostKeyUnknown(HostKeyRefused):
    """known_hosts has no key for this host."""

    stable_code = Code.HOST_KEY_UNKNOWN


class HostKeyChanged(HostKeyRefused):
    """known_hosts has another key for this host, or revokes the one that was offered."""

    stable_code = Code.HOST_KEY_CHANGED


class LoginRefused(TransportError):
    """The server is the right one and does not let us in, or gives us no shell."""

    stable_code = Code.LOGIN_REFUSED
    ends_with = ExitCode.NO_HOST


class SudoRefused(TransportError):
    """Logged in, but sudo does not make us root; the script did not start."""

    stable_code = Code.SUDO_REFUSED
    ends_with = ExitCode.REFUSED


class HostLost(TransportError):
    """The peer died or the connection broke in the middle; the script may have run, and may still be running."""

    stable_code = Code.HOST_LOST


class HostTimeout(TransportError):
    """The deadline passed; the channel is closed, the script may still be running."""

    stable_code = Code.HOST_TIMEOUT
    ends_with = ExitCode.DEADLINE


class TransferFailed(TransportError):
    """A file did not arrive as promised."""

    stable_code = Code.TRANSFER_FAILED
