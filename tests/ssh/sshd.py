"""A real sshd on loopback: own port, host keys, users and log. Nothing of the machine's own sshd is used."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bootstrap.model.text import Secret
from bootstrap.transport.settings import SshSettings

SSHD = Path("/usr/sbin/sshd")
_START_LIMIT_S = 30.0


def run(*argv: str, stdin: str = "") -> str:
    """Run a program of this machine to its end."""
    return subprocess.run(argv, input=stdin, check=True, capture_output=True, text=True, timeout=60).stdout


def make_key(path: Path, kind: str = "ed25519") -> Path:
    """A new private key without passphrase."""
    run("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(path))
    return path


@dataclass(frozen=True)
class User:
    """A throwaway account of this machine."""

    name: str
    password: str

    @property
    def home(self) -> Path:
        return Path(pwd.getpwnam(self.name).pw_dir)

    def write(self, name: str, content: str) -> None:
        """A file in the home directory, owned by the user."""
        path = self.home / name
        path.write_text(content)
        shutil.chown(path, self.name, self.name)


def add_user(name: str, *, sudo: str = "", shell: str = "/bin/bash") -> User:
    """`sudo` is what may stand after the name in sudoers, e.g. `ALL=(ALL) NOPASSWD: ALL`."""
    password = os.urandom(8).hex()
    run("useradd", "--create-home", "--shell", shell, name)
    run("chpasswd", stdin=f"{name}:{password}\n")
    if sudo:
        rule = _sudoers(name)
        rule.write_text(f"{name} {sudo}\n")
        rule.chmod(0o440)
    return User(name, password)


def remove_user(user: User) -> None:
    """Remove the account with its home and its sudo rule."""
    _sudoers(user.name).unlink(missing_ok=True)
    subprocess.run(["userdel", "--force", "--remove", user.name], check=False, capture_output=True, timeout=60)


def _sudoers(name: str) -> Path:
    return Path("/etc/sudoers.d") / name


class Sshd:
    """One running server. `extra` lines go into its configuration first, so they win (sshd_config(5))."""

    def __init__(
        self,
        folder: Path,
        client_key: Path,
        *,
        address: str = "127.0.0.1",
        netns: str = "",
        extra: str = "",
        start: bool = True,
        program: Path = SSHD,
    ) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.address = address
        self.program = program
        self.client_key = client_key
        self.port = free_port()
        self.host_key = make_key(folder / "host_key")
        self.known_hosts = folder / "known_hosts"
        self._netns = netns
        self._log = folder / "log"
        self._write_configuration(extra)
        self.trust()
        self._process: subprocess.Popen[bytes] | None = None
        if start:
            self.start()

    def settings(self, user: str, **changes: object) -> SshSettings:
        """How a client that did everything right reaches this server."""
        given: dict[str, object] = {
            "address": self.address,
            "port": self.port,
            "user": user,
            "key_path": self.client_key,
            "known_hosts_path": self.known_hosts,
            "patience_s": 0.5,
        }
        return SshSettings(**(given | changes))  # type: ignore[arg-type]

    def with_password(self, user: User, **changes: object) -> SshSettings:
        """The same for a user whose sudo asks."""
        return self.settings(user.name, sudo_password=Secret(user.password), **changes)

    def trust(self, key: Path | None = None) -> None:
        """Make the key of this server (or another one) the known one."""
        kind, blob = (key or self.host_key).with_suffix(".pub").read_text().split()[:2]
        self.known_hosts.write_text(f"[{self.address}]:{self.port} {kind} {blob}\n")

    @property
    def log(self) -> str:
        """What the server has logged so far, at level DEBUG2."""
        return self._log.read_text()

    def clear_log(self) -> None:
        """Forget what was logged."""
        os.truncate(self._log, 0)

    def cut_connections(self) -> None:
        """Kill every process that serves a connection, as a crash would; what users run stays."""
        for monitor in children(self._process.pid) if self._process else []:
            for pid in (*(child for child in children(monitor) if _is_sshd(child)), monitor):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """End the listener and its connections."""
        self.cut_connections()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def _write_configuration(self, extra: str) -> None:
        keys = self.folder / "authorized_keys"
        shutil.copy(self.client_key.with_suffix(".pub"), keys)
        self._configuration = self.folder / "sshd_config"
        self._configuration.write_text(
            f"{extra}\nPort {self.port}\nListenAddress {self.address}\nHostKey {self.host_key}\n"
            f"AuthorizedKeysFile none\nAuthorizedKeysCommand /bin/cat {keys}\nAuthorizedKeysCommandUser root\n"
            "PidFile none\nLogLevel DEBUG2\nUsePAM no\nStrictModes no\n"
            "PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "MaxStartups 200\nSubsystem sftp internal-sftp\n"
        )

    def start(self) -> None:
        """Listen, and return when it does."""
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd's own empty folder, which Debian's unit makes
        inside = ["ip", "netns", "exec", self._netns] if self._netns else []
        argv = [*inside, str(self.program), "-D", "-f", str(self._configuration), "-E", str(self._log)]
        self._process = process = subprocess.Popen(argv)
        deadline = time.monotonic() + _START_LIMIT_S
        while "Server listening" not in (self.log if self._log.exists() else ""):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"sshd did not start: {self.log if self._log.exists() else 'no log'}")
            time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    argv = ["ps", "--no-headers", "-o", "pid", "--ppid", str(pid)]
    listed = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
    return [int(child) for child in listed.stdout.split()]


def _is_sshd(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("sshd")  # sshd-session from OpenSSH 9.8 on
    except FileNotFoundError:
        return False


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
