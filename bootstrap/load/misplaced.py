"""A key that is none where it stands: the place where it belongs, or what kboot calls the same thing."""

from pydantic import BaseModel

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
    (("hosts", 0), "it belongs to a host, below `hosts:`"),
    ((), "it belongs to the left margin, beside `hosts:`"),
)


def belongs(path: Path) -> str:
    """Where the key at this path of an inventory belongs, in words; empty when it is not known anywhere."""
    key = str(path[-1])
    called = _CALLED.get(key.lower().replace("-", "").replace("_", ""), "")
    if called in fields_at(Inventory, path[:-1]):
        return f'did you mean "{called}"?'
    for name in (key, called):
        for section, words in _SECTIONS:
            if name in fields_at(Inventory, section):
                return words if name == key else f'{words}, as "{name}"'
    return ""


def fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at `path` may have; none when it is free-form."""
    part = part_at(model, path)
    return [field.alias or name for name, field in part.model_fields.items()] if part else []
