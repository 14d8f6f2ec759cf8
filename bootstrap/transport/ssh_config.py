"""What ~/.ssh/config says of a host, as `ssh -G` resolves it: Include, Match and ProxyJump as OpenSSH means them."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bootstrap.transport.errors import Unreachable
from bootstrap.transport.settings import DEFAULT_PORT, SshSettings

Options = Mapping[str, Sequence[str]]
_LOOKUP_LIMIT_S = 10.0
_MOST_JUMPS = 8
# What `ssh -G` lists when no IdentityFile is configured (checked 2026-11 with OpenSSH 9.2).
_DEFAULT_KEY = re.compile(r"^~/\.ssh/id_(rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss|dsa)$")
_PLACE = re.compile(
    r"^(?:(?P<user>[^@]+)@)?"
    r"(?:\[(?P<bracketed>[^]]+)]|(?P<host>[^]\[:@]+|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.]*))"
    r"(?::(?P<port>\d+))?$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """`user@host:port`, as a ProxyJump or the inventory's bastion says it; what is not said is None."""

    host: str
    user: str | None = None
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@" * bool(self.user) + host + f":{self.port}" * bool(self.port)


def place(text: str) -> Place:
    """Take `[user@]host[:port]` apart, IPv6 addresses in brackets. Raises ValueError."""
    found = _PLACE.match(text.strip().removeprefix("ssh://"))
    if found is None:
        raise ValueError(f"{text!r} is not [user@]host[:port]")
    port = found["port"]
    return Place(found["bracketed"] or found["host"], found["user"], int(port) if port else None)


def settings_for(address: str, *, bastion: str | None = None, config: Path | None = None) -> SshSettings:
    """The settings that plain `ssh ADDRESS` would use; the inventory's own values then replace some of them.

    `bastion` overrides the config's ProxyJump. `config` is another file than ~/.ssh/config. The host key policy stays
    strict, whatever the config says. Raises Unreachable for a ProxyCommand, ValueError for a bastion that is no place.
    """
    return _settings(address, _jumps(bastion), config, depth=0)


def settings_in_namespace(address: str, netns: str, *, bastion: str | None = None) -> SshSettings:
    """The same for a lab: its addresses mean something only in its namespace, and ~/.ssh/config speaks of others."""
    *before, last = _jumps(bastion) or (None,)
    if last is None:
        return SshSettings(address, netns=netns)
    text = ",".join(str(jump) for jump in before)
    through = settings_in_namespace(last.host, netns, bastion=text or None)
    through = replace(through, user=last.user or "", port=last.port or DEFAULT_PORT)
    return SshSettings(address, netns=netns, bastion=through)


def _settings(address: str, jumps: tuple[Place, ...] | None, config: Path | None, *, depth: int) -> SshSettings:
    options = _lookup(address, config)
    if _one(options, "proxycommand", "none") != "none" and jumps is None:
        raise Unreachable(
            address,
            "~/.ssh/config reaches it by a ProxyCommand, which kboot does not use",
            advice="Name the machine in between as `bastion` in the inventory, or as ProxyJump in ~/.ssh/config.",
            again=False,
        )
    if jumps is None:
        jumps = _jumps_of_config(address, _one(options, "proxyjump", "none"))
    keys = [key for key in options.get("identityfile", ()) if not _DEFAULT_KEY.match(key)]
    return SshSettings(
        address=_one(options, "hostname", address),
        port=int(_one(options, "port", str(DEFAULT_PORT))),
        user=_one(options, "user", ""),
        key_path=Path(keys[0]) if keys else None,
        use_agent=bool(keys),
        known_hosts_path=Path(_one(options, "userknownhostsfile", "~/.ssh/known_hosts").split()[0]),
        host_key_alias=_one(options, "hostkeyalias", "") or None,
        bastion=_bastion(jumps or (), config, depth=depth + 1),
    )


def _bastion(jumps: tuple[Place, ...], config: Path | None, *, depth: int) -> SshSettings | None:
    """The last jump, reached through those before it; a config that jumps in circles ends."""
    if not jumps or depth > _MOST_JUMPS:
        return None
    *before, last = jumps
    found = _settings(last.host, tuple(before) or None, config, depth=depth)
    return replace(found, user=last.user or found.user, port=last.port or found.port)


def _jumps(text: str | None) -> tuple[Place, ...] | None:
    if text is None:
        return None
    return () if text == "none" else tuple(place(part) for part in text.split(","))


def _jumps_of_config(address: str, text: str) -> tuple[Place, ...] | None:
    try:
        return _jumps(text)
    except ValueError as error:
        raise Unreachable(address, f"ProxyJump in ~/.ssh/config: {error}", again=False) from error


def _lookup(address: str, config: Path | None) -> Options:
    if shutil.which("ssh") is None:
        from bootstrap.transport.session import read_ssh_config  # noqa: PLC0415  # slow to import, seldom needed

        return read_ssh_config(address, config or Path("~/.ssh/config").expanduser())
    chosen = ["-F", str(config)] if config else []
    argv = ["ssh", *chosen, "-G", "--", address]
    try:
        done = subprocess.run(
            argv, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=_LOOKUP_LIMIT_S
        )
    except subprocess.TimeoutExpired as error:
        advice = "A `Match exec` in ~/.ssh/config that waits? Look with: " + " ".join(argv)
        raise Unreachable(address, f"`ssh -G` took over {_LOOKUP_LIMIT_S:g} s", advice=advice, again=False) from error
    if done.returncode != 0:
        evidence = done.stderr.strip()
        raise Unreachable(address, "`ssh -G` cannot read the SSH configuration", evidence=evidence, again=False)
    options: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        key, _, value = line.partition(" ")
        options.setdefault(key, []).append(value)
    return options


def _one(options: Options, key: str, default: str) -> str:
    return next(iter(options.get(key, ())), default)
