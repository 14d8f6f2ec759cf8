"""SSH by Fabric and Paramiko: the only file that imports Fabric; Paramiko's own traps are in `session`.

Left to itself Fabric accepts any host key, gives the sudo password to whoever prints its prompt, uploads 0600 files
as 0644, hangs on a dead network and reports a lost connection as exit code -1; so its `run`, `sudo` and `put` are not
used at all.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fabric
import paramiko

from bootstrap.transport.admission import no_session, not_admitted
from bootstrap.transport.connecting import closed_to_bastion, patiently, unreachable
from bootstrap.transport.connection import Completed
from bootstrap.transport.dialogue import Dialogue
from bootstrap.transport.errors import TransportError
from bootstrap.transport.frame import framed
from bootstrap.transport.host_keys import HostKeys
from bootstrap.transport.known_hosts import HostKey
from bootstrap.transport.session import SESSION_TIMEOUT_S, AskPolicy, Session, Spare, SshTransport
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.shared import Shared
from bootstrap.transport.shell import shell_for
from bootstrap.transport.socket import create_connection
from bootstrap.transport.transfer import Upload, check_size, put_file
from bootstrap.transport.wire import Stream

# Without a handler Python prints the library's warnings and tracebacks to the operator's screen; errors say it better.
logging.getLogger("paramiko").addHandler(logging.NullHandler())

_DEAD = (paramiko.SSHException, EOFError, OSError)  # the ways in which Paramiko tells of a connection that is no more


class SshContext(Shared):
    """What the connections of one run share, the bastions among it."""

    def __init__(self, host_keys: HostKeys | None = None) -> None:
        super().__init__(host_keys)
        self._bastions: dict[SshSettings, Ssh] = {}

    def connect(self, host: str, settings: SshSettings) -> "Ssh":
        """A connection that opens when it is first used."""
        return Ssh(host, settings, context=self)

    def bastion(self, settings: SshSettings) -> "Ssh":
        """The one connection to a bastion that all hosts behind it go through."""
        with self._lock:
            return self._bastions.setdefault(settings, Ssh(settings.address, settings, context=self))

    def close(self) -> None:
        """End the connections to the bastions."""
        with self._lock:
            for bastion in self._bastions.values():
                bastion.close()


class Ssh:
    """transport.connection.Connection over SSH; one Paramiko transport for the whole run."""

    def __init__(self, host: str, settings: SshSettings, *, context: SshContext | None = None) -> None:
        self.host = host
        self._settings = settings
        self._context = context or SshContext()
        self._lock = threading.RLock()
        self._connection: Any = None  # fabric.Connection, which has no types
        self._spare: Spare | None = None
        self._early: TransportError | None = None

    def run(
        self,
        script: str,
        *,
        timeout_s: float,
        root: bool = True,
        on_stderr: Callable[[str], None] | None = None,
    ) -> Completed:
        """See Connection.run."""
        shell = shell_for(self._settings.login, root=root, password=self._settings.sudo_password)
        frame = framed(script, root=shell.root)
        with self._lock, self._session() as session:
            dialogue = Dialogue(self.host, session, frame, timeout_s=timeout_s, on_stderr=on_stderr)
            dialogue.begin(shell)
            self._spare = Spare(session.transport)
            return dialogue.finish(shell)

    def put(
        self,
        source: Path,
        path: str,
        *,
        size_bytes: int,
        sha256: str,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        """See Connection.put."""
        shell = shell_for(self._settings.login, root=True, password=self._settings.sudo_password)
        check_size(self.host, source, size_bytes)
        upload = Upload(source, path, size_bytes, sha256, on_progress)
        with self._lock, self._session() as session:
            put_file(self.host, session, shell, upload)

    def offered_host_key(self) -> HostKey:
        """The key that the server offers, without logging in: one connection, for servers punish many."""
        transport = self._transport(self._stream())
        try:
            transport.start_client(timeout=self._settings.connect_timeout_s)
            key = transport.get_remote_server_key()
        except _DEAD as error:
            raise unreachable(self.host, self._settings, error) from error
        finally:
            transport.end()
        return HostKey(key.get_name(), key.asbytes())

    def begin(self) -> None:
        """Open it in the background; who needs it first waits for that and gets its error: no second login is tried."""
        threading.Thread(target=self._open_early, daemon=True).start()

    def opened(self) -> Any:
        """The open fabric.Connection, opened now if need be: also what a host behind this bastion goes through."""
        with self._lock:
            early, self._early = self._early, None
            if early is not None:
                raise early
            if self._connection is None or not self._connection.is_connected:
                self.close()
                self._connection = patiently(self._open, patience_s=self._settings.patience_s)
            return self._connection

    def close(self) -> None:
        """See Connection.close."""
        with self._lock:
            connection, self._connection, self._spare = self._connection, None, None
            if connection is not None:
                connection.transport.end()
                connection.client.close()

    def _open_early(self) -> None:
        with self._lock:
            try:
                self.opened()
            except TransportError as error:
                self._early = error

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """A new session. A connection that died while it was idle is opened again: no script was sent to it yet."""
        reused = self._connection is not None
        try:
            session = self._new_session()
        except _DEAD as error:
            self.close()
            if not reused:
                raise no_session(self.host, error) from error
            session = self._second_session()
        try:
            yield session
        finally:
            session.close()

    def _second_session(self) -> Session:
        try:
            return self._new_session()
        except _DEAD as error:
            self.close()
            raise no_session(self.host, error) from error

    def _new_session(self) -> Session:
        transport = self.opened().transport
        spare, self._spare = self._spare, None
        ready = None if spare is None else spare.taken()
        return ready or Session(transport.open_session(timeout=SESSION_TIMEOUT_S))

    def _open(self) -> Any:
        """One attempt: socket, host key, login. Raises only TransportErrors.

        Fabric's Config is made anew, for a Connection writes into it; it reads neither fabric.yaml nor ~/.ssh/config.
        """
        settings = self._settings
        how = self._context.credentials(self.host, settings)
        how |= {"transport_factory": self._transport, "sock": self._stream()}
        how |= {"timeout": settings.connect_timeout_s, "channel_timeout": settings.connect_timeout_s}
        connection = fabric.Connection(
            settings.address,
            user=settings.login,
            port=settings.port,
            config=fabric.Config(ssh_config=paramiko.SSHConfig(), lazy=True),
            gateway=False,
            connect_kwargs=how,
        )
        connection.client.set_missing_host_key_policy(
            AskPolicy(lambda key: self._context.host_keys.accept(self.host, settings, key))
        )
        try:
            connection.open()
        except _DEAD as error:
            told = not_admitted(self.host, settings, connection.client.get_transport(), error)
            connection.client.close()
            raise told from error
        except BaseException:
            connection.client.close()
            raise
        connection.transport.keep_alive()
        return connection

    def _stream(self) -> Stream:
        """A socket to the server, or a bastion's channel to it."""
        settings, limit_s = self._settings, self._settings.connect_timeout_s
        if settings.bastion is not None:
            return self._stream_through(settings.bastion)
        try:
            return create_connection(settings.address, settings.port, timeout_s=limit_s, netns=settings.netns)
        except OSError as error:
            raise unreachable(self.host, settings, error) from error

    def _stream_through(self, bastion: SshSettings) -> Stream:
        target, timeout_s = (self._settings.address, self._settings.port), self._settings.connect_timeout_s
        try:
            transport = self._context.bastion(bastion).opened().transport
            channel: Stream = transport.open_channel("direct-tcpip", target, ("", 0), timeout=timeout_s)
        except _DEAD as error:
            raise closed_to_bastion(self.host, self._settings, bastion, error) from error
        except TransportError as error:
            raise error.on(self.host, f"bastion {error.host}") from error
        return channel

    def _transport(self, stream: Stream, **_: object) -> SshTransport:
        kinds = self._context.host_keys.kinds(self._settings)
        return SshTransport(
            self._context.wire(self.host, stream), known_kinds=kinds, kex_first=self._settings.kex_first
        )
