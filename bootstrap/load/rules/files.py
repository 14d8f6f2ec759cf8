"""Files that the inventory names are there, and secret ones are the operator's alone. Of a key nothing is read.

known_hosts may be missing: `kboot hosts trust` makes it.
"""

import io
import os
import shlex
import stat
from collections.abc import Iterator

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.load.rules.ssh import ssh_parts
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES

_LONGEST_PASSWORD = 1000


def ssh_files_usable(inventory: Inventory) -> Iterator[Finding]:
    """Keys and sudo password files are there and 0600: OpenSSH refuses others too (authfile.c, sshkey_perm_ok)."""
    for prefix, ssh in ssh_parts(inventory):
        for word, file in (("key", ssh.key), ("sudoPasswordFile", ssh.sudo_password_file)):
            if file is not None:
                yield from _inline((*prefix, word), file) or _secret_file((*prefix, word), file)
        if ssh.sudo_password_file is not None:
            yield from _password((*prefix, "sudoPasswordFile"), ssh.sudo_password_file)


def known_hosts_readable(inventory: Inventory) -> Iterator[Finding]:
    """known_hosts, where it is there, is a file: a pipe would be waited for."""
    for prefix, ssh in ssh_parts(inventory):
        if ssh.known_hosts is not None and os.path.exists(ssh.known_hosts) and not os.path.isfile(ssh.known_hosts):
            rule, hint = f"{ssh.known_hosts} is not a regular file", "name the file itself"
            yield Finding((*prefix, "knownHosts"), Code.FILE_MISSING, rule, hint)


def bundle_present(inventory: Inventory) -> Iterator[Finding]:
    """A named bundle is a folder with a bundle.yaml."""
    bundle, version = inventory.cluster.bundle, inventory.cluster.kubernetes
    if bundle is None or os.path.isfile(os.path.join(bundle, "bundle.yaml")):
        return
    rule = f"there is no bundle in {bundle}" if not os.path.isdir(bundle) else f"{bundle} holds no bundle.yaml"
    of_version = "" if version == DEFAULT_KUBERNETES else f" --kubernetes {version}"
    hint = f"`sudo kboot bundle build --output {shlex.quote(bundle)}{of_version}` makes one"
    if os.path.isfile(bundle):
        rule, hint = f"{bundle} is a file, and a bundle is a folder", "name the folder in which bundle.yaml stands"
    yield Finding(("cluster", "bundle"), Code.FILE_MISSING, rule, hint)


def manifests_present(inventory: Inventory) -> Iterator[Finding]:
    """A folder that is to hold the addons' manifests is there; a URL is asked when the manifest is wanted."""
    place = inventory.cluster.mirrors.manifests
    if place is not None and "://" not in place and not os.path.isdir(place):
        hint = "relative paths start at the inventory's folder; a URL begins with http:// or https://"
        yield Finding(("cluster", "mirrors", "manifests"), Code.FILE_MISSING, f"there is no folder {place}", hint)


def _inline(path: Path, file: str) -> tuple[Finding, ...]:
    """A secret written into the inventory itself, which no message may show."""
    if "\n" not in file and "PRIVATE KEY" not in file:
        return ()
    rule = f"{path[-1]} holds the secret itself, and the path of a file is wanted"
    return (Finding(path, Code.FIELD_INVALID, rule, "move it into a file of mode 0600, and name that"),)


def _password(path: Path, file: str) -> Iterator[Finding]:
    """sudo reads one line; what is no text cannot be typed."""
    try:
        with open(file, "rb") if os.path.isfile(file) else io.BytesIO(b"-") as stream:
            password = stream.read(_LONGEST_PASSWORD + 1).decode().rstrip("\r\n")
    except (OSError, ValueError):
        yield Finding(path, Code.FILE_MISSING, f"{file} cannot be read as text", "it holds the password on one line")
        return
    if not password or "\n" in password or len(password) > _LONGEST_PASSWORD:
        rule = f"{file} is empty" if not password else f"{file} holds more than one line"
        yield Finding(path, Code.FIELD_INVALID, rule, "it holds the password on one line")


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
        yield Finding(path, Code.FILE_TOO_OPEN, rule, f"run: chmod 600 {shlex.quote(file)}")


def _present(path: Path, file: str) -> Iterator[Finding]:
    try:
        status = os.stat(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        hint = f"relative paths start at the inventory's folder; {_made(path, file)}"
        yield Finding(path, Code.FILE_MISSING, f"{file}: {reason}", hint)
        return
    if not stat.S_ISREG(status.st_mode):
        yield Finding(path, Code.FILE_MISSING, f"{file} is not a regular file", "name the file itself")


def _made(path: Path, file: str) -> str:
    """How a secret file that is missing comes to be."""
    if not os.path.isdir(folder := os.path.dirname(file)):
        return f"there is no folder {folder} either"
    makes_key = f"`ssh-keygen -t ed25519 -f {shlex.quote(file)}` makes one"
    return makes_key if path[-1] == "key" else "it holds the password on one line, mode 0600"
