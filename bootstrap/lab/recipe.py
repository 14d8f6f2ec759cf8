"""What the base root file system is made of: what a hoster's bare Debian has, and nothing of Kubernetes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bootstrap.lab.spec import GATEWAY, USER, System
from bootstrap.lab.troubles import chosen_troubles

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
printf 'nameserver {GATEWAY}\\n' >"$1/etc/resolv.conf"
chmod 0644 "$1/etc/resolv.conf" "$1/etc/hostname"
: >"$1/etc/machine-id"
mkdir -p "$1/var/log/journal"
for unit in console-getty.service systemd-ask-password-console.path systemd-ask-password-wall.path user@.service; do
    ln -s /dev/null "$1/etc/systemd/system/$unit"
done
"""

# What Ubuntu has of its own accord since 24.04 and 25.10, and Debian only when it is asked.
NEWER_PACKAGES = ("needrestart", "sudo-rs", "systemd-resolved", "unattended-upgrades")

# sudo-rs answers to `sudo` and the old one stays as `sudo.ws`, as Ubuntu 25.10 does it with update-alternatives.
# /etc/resolv.conf is the stub's; the real server stands where systemd-resolved(8) looks for one.
NEWER_CUSTOMISE = f"""
chroot "$1" dpkg-divert --quiet --local --rename --divert /usr/bin/sudo.ws --add /usr/bin/sudo
ln -s ../lib/cargo/bin/sudo "$1/usr/bin/sudo"
mkdir -p "$1/etc/systemd/resolved.conf.d"
printf '[Resolve]\\nDNS={GATEWAY}\\n' >"$1/etc/systemd/resolved.conf.d/hoster.conf"
ln -sf ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"
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


_RECIPES: dict[System, Recipe] = {
    "debian-12": Recipe("bookworm", PACKAGES, CUSTOMISE),
    "debian-13": Recipe("trixie", PACKAGES + NEWER_PACKAGES, CUSTOMISE + NEWER_CUSTOMISE),
}


def release_of(system: System) -> str:
    """debian-12 -> bookworm."""
    return _RECIPES[system].release


def recipe_for(system: System, troubles: Iterable[str]) -> Recipe:
    """The recipe of a lab's hosts. What a trouble installs is on no other host, so each set has its own base."""
    recipe, chosen = _RECIPES[system], chosen_troubles(troubles)
    packages = {*recipe.packages, *(package for trouble in chosen for package in trouble.packages)}
    if system == "debian-13":
        packages |= {package for trouble in chosen for package in trouble.newer}
    customise = recipe.customise + "".join(trouble.customise for trouble in chosen)
    return Recipe(recipe.release, tuple(sorted(packages)), customise)
