"""A key that is none where it stands: the place where it belongs, or what kboot calls the same thing."""

from pydantic import BaseModel

from bootstrap.load.error import nearest
from bootstrap.load.kinds import part_at
from bootstrap.load.yaml_text import Path
from bootstrap.model.inventory import Inventory

# What kubeadm, k0sctl, kubespray and ssh_config(5) call it, in small letters without - and _.
_CALLED = {
    "version": "kubernetes",
    "kubernetesversion": "kubernetes",
    "podsubnet": "podCIDR",
    "podnetworkcidr": "podCIDR",
    "clustercidr": "podCIDR",
    "servicesubnet": "serviceCIDR",
    "controlplaneendpoint": "endpoint",
    "cni": "addons",
    "network": "addons",
    "ip": "address",
    "hostname": "name",
    "ansiblehost": "address",
    "internalip": "nodeIP",
    "privateaddress": "nodeIP",
    "username": "user",
    "keypath": "key",
    "privatekey": "key",
    "identityfile": "key",
    "proxyjump": "bastion",
    "jumphost": "bastion",
    "nodes": "hosts",
    "roles": "role",
}
_SECTIONS: tuple[tuple[Path, str], ...] = (
    (("cluster",), "it belongs below `cluster:`"),
    (("ssh",), "it belongs below `ssh:`"),
    ((), "it belongs at the left margin"),
    (("hosts", 0), "it belongs to a host, below `hosts:`"),
)


def belongs(path: Path) -> str:
    """Where the key at this path of an inventory belongs, in words; empty when it is not known anywhere.

    A near one in its own place is meant rather than one that is called otherwise, but not rather than its own name.
    """
    key, here = str(path[-1]), fields_at(Inventory, path[:-1])
    called = _CALLED.get(key.lower().replace("-", "").replace("_", ""), "")
    if elsewhere := _section_of(key):
        return elsewhere
    if near := f'did you mean "{called}"?' if called in here else nearest(key, here):
        return near
    return f'{section}, as "{called}"' if (section := _section_of(called)) else ""


def _section_of(key: str) -> str:
    return next((words for section, words in _SECTIONS if key in fields_at(Inventory, section)), "")


def fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at `path` may have; none when it is free-form."""
    part = part_at(model, path)
    return [field.alias or name for name, field in part.model_fields.items()] if part else []
