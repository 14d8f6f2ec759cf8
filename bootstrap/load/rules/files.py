"""Files that the inventory names are there, and secret ones are the operator's alone. Nothing is read from them.

known_hosts may be missing: `kboot hosts trust` makes it.
"""

import os
import stat
from collections.abc import Iterator

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory, Ssh


def ssh_files_usable(inventory: Inventory) -> Iterator[Finding]:
    """Keys and sudo password files are there and 0600: OpenSSH refuses others too (authfile.c, sshkey_perm_ok)."""
    for prefix, ssh in _ssh_parts(inventory):
        for word, file in (("key", ssh.key), ("sudoPasswordFile", ssh.sudo_password_file)):
            if file is not None:
                yield from _secret_file((*prefix, word), file)


def bundle_present(inventory: Inventory) -> Iterator[Finding]:
    """A named bundle is a folder with a bundle.yaml."""
    bundle = inventory.cluster.bundle
    if bundle is not None and not os.path.isfile(os.path.join(bundle, "bundle.yaml")):
        rule = f"there is no bundle in {bundle}" if not os.path.isdir(bundle) else f"{bundle} holds no bundle.yaml"
        yield Finding(("cluster", "bundle"), Code.FILE_MISSING, rule, "`kboot bundle build` makes one")


def manifests_present(inventory: Inventory) -> Iterator[Finding]:
    """A folder that is to hold the addons' manifests is there; a URL is asked when the manifest is wanted."""
    place = inventory.cluster.mirrors.manifests
    if place is not None and "://" not in place and not os.path.isdir(place):
        hint = "relative paths start at the inventory's folder; a URL begins with http:// or https://"
        yield Finding(("cluster", "mirrors", "manifests"), Code.FILE_MISSING, f"there is no folder {place}", hint)


def _ssh_parts(inventory: Inventory) -> Iterator[tuple[Path, Ssh]]:
    yield ("ssh",), inventory.ssh
    for index, host in enumerate(inventory.hosts):
        yield ("hosts", index, "ssh"), host.ssh


def _secret_file(path: Path, file: str) -> Iterator[Finding]:
    missing = tuple(_present(path, file))
    yield from missing
    if missing:
        return
    mode = stat.S_IMODE(os.stat(file).st_mode)
    if file.endswith(".pub"):
        rule = f"{file} is a public key"
        yield Finding(path, Code.FIELD_INVALID, rule, f'did you mean "{file.removesuffix(".pub")}"?')
    elif mode & 0o077:
        rule = f"{file} can be read by others (mode {mode:04o})"
        yield Finding(path, Code.FILE_TOO_OPEN, rule, f"run: chmod 600 {file}")


def _present(path: Path, file: str) -> Iterator[Finding]:
    try:
        status = os.stat(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        yield Finding(path, Code.FILE_MISSING, f"{file}: {reason}", "relative paths start at the inventory's folder")
        return
    if not stat.S_ISREG(status.st_mode):
        yield Finding(path, Code.FILE_MISSING, f"{file} is not a regular file", "name the file itself")
