"""What the base root file system is made of: what a hoster's bare Debian 12 has, and nothing of Kubernetes."""

import hashlib
from dataclasses import dataclass

from bootstrap.lab.spec import USER, Firewall

RELEASE = "bookworm"

PACKAGES = (
    "ca-certificates",
    "curl",
    "dbus",
    "gnupg",
    "ifupdown",
    "iproute2",
    "iputils-ping",
    "kmod",
    "less",
    "libpam-systemd",
    "nftables",
    "openssh-server",
    "procps",
    "sudo",
    "systemd",
    "systemd-sysv",
)

# Run by mmdebstrap when all packages are in ($1 is the new root). Host keys and machine-id are each host's own.
# The masked units hold inotify instances (user@ three at each login), which are few on the machine (see inotify.py).
# resolv.conf comes from the building machine; an address that refuses at once beats one that never answers.
CUSTOMISE = f"""
set -eu
rm -f "$1"/etc/ssh/ssh_host_*
chroot "$1" useradd --create-home --shell /bin/bash --groups sudo {USER}
printf 'nameserver 10.77.0.1\\n' >"$1/etc/resolv.conf"
chmod 0644 "$1/etc/resolv.conf" "$1/etc/hostname"
: >"$1/etc/machine-id"
mkdir -p "$1/var/log/journal"
for unit in console-getty.service systemd-ask-password-console.path systemd-ask-password-wall.path user@.service; do
    ln -s /dev/null "$1/etc/systemd/system/$unit"
done
"""


@dataclass(frozen=True)
class Recipe:
    """A base root file system; its key changes whenever anything that goes into it changes."""

    release: str
    packages: tuple[str, ...]
    customise: str

    @property
    def key(self) -> str:
        """Names the base in the cache."""
        text = "\0".join((self.release, *self.packages, self.customise))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def recipe_for(firewall: Firewall) -> Recipe:
    """The recipe of a lab's hosts. A host without a firewall has no ufw installed either, so each has its own base."""
    extra = ("ufw",) if firewall == "ufw" else ()
    return Recipe(RELEASE, tuple(sorted(PACKAGES + extra)), CUSTOMISE)
