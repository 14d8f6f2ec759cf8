"""How hosts are reached: the words that ssh would take for options are refused here."""

import re
from collections.abc import Iterator

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.load.rules.syntax import is_no_address, is_port
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory, Ssh

LOGIN_NAME = r"[A-Za-z0-9_][^\s:@]*"
_BASTION = re.compile(rf"({LOGIN_NAME}@)?(?P<host>[A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+\])(:(?P<port>\d{{1,5}}))?")


def bastions_parse(inventory: Inventory) -> Iterator[Finding]:
    """A bastion is [user@]host[:port], or several of them with commas: the way goes through one after the other."""
    for path, ssh in ssh_parts(inventory):
        for one in ssh.bastion.split(",") if ssh.bastion is not None else ():
            if not _is_bastion(one):
                plain = re.sub(r"^\s*(ssh://)?|[\s/]*$", "", one)
                hint = f'did you mean "{plain}"?' if _is_bastion(plain) else "for example jump@bastion.example:2222"
                yield Finding((*path, "bastion"), Code.FIELD_INVALID, f'"{one}" is not user@host[:port]', hint)


def users_parse(inventory: Inventory) -> Iterator[Finding]:
    """A login name begins with a letter or digit and holds no space."""
    for path, ssh in ssh_parts(inventory):
        if ssh.user is not None and not re.fullmatch(r"[A-Za-z0-9_][^\s:]*", ssh.user):
            yield Finding((*path, "user"), Code.FIELD_INVALID, f'"{ssh.user}" is not a login name', "for example admin")


def _is_bastion(text: str) -> bool:
    match = _BASTION.fullmatch(text)
    return match is not None and is_port(match["port"] or "22") and not is_no_address(match["host"])


def ssh_parts(inventory: Inventory) -> Iterator[tuple[Path, Ssh]]:
    """Every `ssh` of the file with its path."""
    yield ("ssh",), inventory.ssh
    for index, host in enumerate(inventory.hosts):
        yield ("hosts", index, "ssh"), host.ssh
