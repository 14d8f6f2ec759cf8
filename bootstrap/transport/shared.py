"""What the connections of one run share: parsed keys, known hosts, and the wires that `abort` cuts."""

import threading
from pathlib import Path
from typing import Any
from weakref import WeakSet

import paramiko

from bootstrap.transport.errors import LoginRefused, Unreachable
from bootstrap.transport.host_keys import HostKeys
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.wire import Stream, Wire


class Shared:
    """Safe between threads."""

    def __init__(self, host_keys: HostKeys | None = None) -> None:
        self._lock = threading.RLock()
        self._keys: dict[Path, paramiko.PKey] = {}
        self._wires: WeakSet[Wire] = WeakSet()
        self._left = False
        self.host_keys = host_keys or HostKeys()

    def credentials(self, host: str, settings: SshSettings) -> dict[str, Any]:
        """Paramiko's words for the key that is configured alone; without one, what plain `ssh` would try.

        Raises LoginRefused when the key cannot be used.
        """
        path = settings.key_path
        if path is None:
            return {"allow_agent": True, "look_for_keys": True}
        try:
            key = self.private_key(path.expanduser())
        except (paramiko.SSHException, OSError, ValueError) as error:
            if settings.use_agent:
                return {"allow_agent": True, "look_for_keys": False}
            raise LoginRefused(
                host,
                f"the key {path} cannot be used",
                evidence=str(error),
                advice="Correct `key` in the inventory; a key with a passphrase is used through ssh-agent.",
            ) from error
        return {"pkey": key, "allow_agent": settings.use_agent, "look_for_keys": False}

    def private_key(self, path: Path) -> paramiko.PKey:
        """A key with its certificate, if one lies beside it. Raises paramiko.SSHException, OSError or ValueError."""
        with self._lock:
            if path not in self._keys:
                self._keys[path] = paramiko.PKey.from_path(path)
            return self._keys[path]

    def wire(self, host: str, stream: Stream) -> Wire:
        """The stream as a wire that `abort` shuts. Raises Unreachable when the run was left already."""
        wire = Wire(stream)
        with self._lock:
            self._wires.add(wire)
            left = self._left
        if left:
            wire.close()
            raise Unreachable(host, "kboot is leaving", again=False)
        return wire

    def abort(self) -> None:
        """Cut every connection and open none again, whatever runs over them in other threads: it waits for nothing.

        An act lives on in its unit; to close a connection would wait for its end.
        """
        with self._lock:
            self._left = True
            wires = list(self._wires)
        for wire in wires:
            wire.cut()
