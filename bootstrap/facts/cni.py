"""The host's CNI configuration."""

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


def _configs(out: Output) -> Answer[tuple[str, ...]]:
    names = out.stdout.splitlines()
    return Known(tuple(sorted(name for name in names if name.endswith((".conf", ".conflist", ".json")))))


# Names of the files that containerd looks at, in its order (libcni ConfFiles); empty when there is no such folder.
CNI_CONFIGS: Fact[tuple[str, ...]] = Fact("cni-configs", "ls /etc/cni/net.d 2>/dev/null; true", _configs)
