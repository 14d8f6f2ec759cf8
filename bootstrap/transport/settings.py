"""How one host is reached over SSH."""

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bootstrap.model.text import Secret

HostKeyPolicy = Literal["strict", "accept-new"]
DEFAULT_PORT = 22


@dataclass(frozen=True, slots=True)
class SshSettings:
    """Everything that opening a connection needs; the inventory and ~/.ssh/config are merged into it by the caller.

    No `key_path` means what plain `ssh` would try: the agent and the default keys. `sudo_password` is sent only to
    sudo's own prompt; None means that sudo must not ask. `connect_timeout_s` bounds one attempt, `patience_s` how long
    a host that refuses connections (it may be booting) is tried again. `kex_first` names a key exchange to prefer, e.g.
    `curve25519-sha256@libssh.org`, cheaper for the client than the ML-KEM hybrid that Paramiko prefers.
    """

    address: str
    port: int = DEFAULT_PORT
    user: str = ""
    key_path: Path | None = None
    use_agent: bool = False
    known_hosts_path: Path = Path("~/.ssh/known_hosts")
    host_key_policy: HostKeyPolicy = "strict"
    host_key_alias: str | None = None
    sudo_password: Secret | None = None
    netns: str | None = None
    bastion: "SshSettings | None" = None
    connect_timeout_s: float = 10.0
    patience_s: float = 8.0
    kex_first: str | None = None

    @property
    def login(self) -> str:
        """The user to log in as: the one given, else the operator's own name."""
        return self.user or getpass.getuser()

    @property
    def known_as(self) -> str:
        """The name that stands in known_hosts: `address`, or `[address]:port` when the port is not 22.

        A HostKeyAlias stands alone, whatever the port (OpenSSH, sshconnect.c, get_hostfile_hostname_ipaddr).
        """
        if self.host_key_alias:
            return self.host_key_alias
        return self.address if self.port == DEFAULT_PORT else f"[{self.address}]:{self.port}"

    @property
    def bastions(self) -> "tuple[SshSettings, ...]":
        """Those on the way to it, in the order in which they are entered."""
        return (*self.bastion.bastions, self.bastion) if self.bastion else ()

    @property
    def known_hosts(self) -> Path:
        """The known_hosts file, with `~` resolved."""
        return self.known_hosts_path.expanduser()
