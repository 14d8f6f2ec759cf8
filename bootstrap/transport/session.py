"""One Paramiko connection and its sessions, without the waits and the traps; `ssh` opens them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko
from paramiko.common import cMSG_CHANNEL_REQUEST, cMSG_GLOBAL_REQUEST

from bootstrap.transport.known_hosts import HostKey
from bootstrap.transport.wire import PING_INTERVAL_S, Wire

# Current algorithms only; authenticated ciphers first, for they cost the client least.
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr")
_MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
_RSA = ("rsa-sha2-512", "rsa-sha2-256")

SESSION_TIMEOUT_S = 30.0
_FRESH_S = 1.0


class SshTransport(paramiko.Transport):
    """One SSH connection over a wire, asking the peer for a sign of life while it is idle."""

    # How long one read of the socket waits. Paramiko's 0.1 s would wake hundreds of idle threads ten times a second.
    _active_check_timeout = 1.0

    def __init__(self, wire: Wire, *, known_kinds: tuple[str, ...], kex_first: str | None) -> None:
        self.farewell = ""  # the reason that the peer gave when it ended the connection
        super().__init__(wire)  # type: ignore[arg-type]  # a Wire is all that Paramiko's manual asks of a socket
        self.wire = wire
        options = self.get_security_options()
        options.ciphers = _CIPHERS
        options.digests = _MACS
        options.key_types = _preferred(options.key_types, known_kinds)
        if kex_first is not None:
            options.kex = _preferred(options.kex, (kex_first,))

    def keep_alive(self) -> None:
        """Paramiko's own keepalive wants no answer, so it never finds out; this one does (PROTOCOL of OpenSSH)."""
        self.packetizer.set_keepalive(PING_INTERVAL_S, self._ping)

    @property
    def logging_in(self) -> bool:
        """Whether host key and encryption stand, and the login has begun."""
        return self.auth_handler is not None

    @property
    def banner(self) -> str:
        """What the server showed last while we logged in. Paramiko's get_banner forgets it with the connection."""
        shown: str | bytes | None = self.auth_handler.banner if self.auth_handler else None
        words = shown.decode(errors="replace") if isinstance(shown, bytes) else shown  # its stubs say str
        return (words or "").strip()

    def end(self) -> None:
        """Close at once; the reading thread would else sleep its read out."""
        self.wire.shut()
        self.close()

    def _parse_disconnect(self, message: paramiko.Message) -> None:
        """Paramiko only logs it."""
        message.get_int()
        self.farewell = message.get_text()

    def _ping(self) -> None:
        message = paramiko.Message()
        message.add_byte(cMSG_GLOBAL_REQUEST)
        message.add_string("keepalive@openssh.com")
        message.add_boolean(True)
        self._send_user_message(message)  # type: ignore[attr-defined]


class _Wake(threading.Event):
    """One event for both outputs of a channel: emptying one must not unset what the other has announced."""

    def clear(self) -> None:
        """Paramiko's buffers call this; only the reader may do it."""

    def rearm(self) -> None:
        super().clear()


class Session:
    """A Paramiko channel as transport.channel.Channel."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel
        self.transport: SshTransport = channel.get_transport()  # type: ignore[assignment]  # it was made by ours
        self._wake = _Wake()
        channel.in_buffer.set_event(self._wake)
        channel.in_stderr_buffer.set_event(self._wake)

    def start(self, command: str) -> None:
        """Like Channel.exec_command, but without waiting a round trip for the answer."""
        message = paramiko.Message()
        message.add_byte(cMSG_CHANNEL_REQUEST)
        message.add_int(self._channel.remote_chanid)
        message.add_string("exec")
        message.add_boolean(True)  # a refusal then closes the channel
        message.add_string(command)
        with _as_os_error():
            self.transport._send_user_message(message)  # type: ignore[attr-defined]

    def send(self, data: bytes, timeout_s: float) -> None:
        self._channel.settimeout(timeout_s)
        with _as_os_error():
            self._channel.sendall(data)

    def end_input(self) -> None:
        with suppress(OSError), _as_os_error():
            self._channel.shutdown_write()

    def wait(self, timeout_s: float) -> None:
        self._wake.wait(timeout_s)
        self._wake.rearm()

    def read(self) -> tuple[bytes, bytes]:
        out, err = bytearray(), bytearray()
        with suppress(OSError), _as_os_error():  # reading also tells the peer to send on; `ended` knows when it is gone
            while self._channel.recv_ready():
                out += self._channel.recv(1 << 20)
            while self._channel.recv_stderr_ready():
                err += self._channel.recv_stderr(1 << 20)
        return bytes(out), bytes(err)

    @property
    def ended(self) -> bool:
        return self._channel.closed or not self.transport.is_active()

    @property
    def alive(self) -> bool:
        return self.transport.is_active()

    def close(self) -> None:
        with suppress(OSError), _as_os_error():
            self._channel.close()


class Spare(threading.Thread):
    """The next session, opened while the last script still runs: that saves its round trip (a sshd grants no window for
    standard input before the command has started, so the two others stay)."""

    def __init__(self, transport: SshTransport) -> None:
        super().__init__(daemon=True)
        self._transport = transport
        self._session: Session | None = None
        self.start()

    def run(self) -> None:
        with suppress(OSError), _as_os_error():  # a server may allow one session only; then there is no spare
            self._session = Session(self._transport.open_session(timeout=SESSION_TIMEOUT_S))

    def taken(self) -> Session | None:
        """The session, if granted and the peer is heard just now: a doubtful one is not worth an unknown end."""
        self.join()
        if self._session is None or self._transport.wire.silent_s > _FRESH_S:
            return None
        return None if self._session.ended else self._session


class AskPolicy(paramiko.MissingHostKeyPolicy):
    """Asked for every server, since Paramiko's own known_hosts are left empty; it raises to refuse."""

    def __init__(self, accept: Callable[[HostKey], None]) -> None:
        self._accept = accept

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002
        self._accept(HostKey(key.get_name(), key.asbytes()))


def _preferred(offered: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    """The same algorithms, those in `first` before the others."""
    wanted = [name for kind in first for name in (_RSA if kind == "ssh-rsa" else (kind,))]
    return (*(name for name in wanted if name in offered), *(name for name in offered if name not in wanted))


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Paramiko tells a dead connection in three ways."""
    try:
        yield
    except (EOFError, paramiko.SSHException) as error:
        raise BrokenPipeError(str(error)) from error


def read_ssh_config(address: str, path: Path) -> dict[str, list[str]]:
    """~/.ssh/config by Paramiko's parser, for machines without `ssh`; in the form of `ssh -G`."""
    if not path.is_file():
        return {}
    found = paramiko.SSHConfig.from_path(str(path)).lookup(address)
    return {key: [value] if isinstance(value, str) else list(value) for key, value in found.items()}
