"""Paths in an inventory start at the inventory's folder; `~` is the operator's home."""

from pathlib import Path

from bootstrap.load.path_word import is_path
from bootstrap.model.inventory import Inventory, Ssh

_SSH_PATHS = ("key", "known_hosts", "sudo_password_file")


def resolved(inventory: Inventory, folder: Path) -> Inventory:
    """The same inventory with every path absolute."""
    cluster = inventory.cluster
    addons = tuple(absolute(addon, folder) if is_path(addon) else addon for addon in cluster.addons)
    bundle = None if cluster.bundle is None else absolute(cluster.bundle, folder)
    mirrors = cluster.mirrors
    if mirrors.manifests is not None and "://" not in mirrors.manifests:
        mirrors = mirrors.model_copy(update={"manifests": absolute(mirrors.manifests, folder)})
    return inventory.model_copy(
        update={
            "cluster": cluster.model_copy(update={"addons": addons, "bundle": bundle, "mirrors": mirrors}),
            "ssh": _ssh(inventory.ssh, folder),
            "hosts": tuple(host.model_copy(update={"ssh": _ssh(host.ssh, folder)}) for host in inventory.hosts),
        }
    )


def absolute(path: str, folder: Path) -> str:
    """The path as meant from `folder`; symbolic links are left as they are."""
    try:
        meant = Path(path).expanduser()
    except RuntimeError:  # no such user's home: the rule about the file will name the path
        meant = Path(path)
    return str(folder / meant)


def _ssh(ssh: Ssh, folder: Path) -> Ssh:
    given = ((field, getattr(ssh, field)) for field in _SSH_PATHS)
    return ssh.model_copy(update={field: absolute(path, folder) for field, path in given if path is not None})
