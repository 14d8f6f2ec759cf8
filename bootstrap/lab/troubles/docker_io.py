"""The distribution's docker.io is installed, with its own containerd and runc, and the CRI is off.

Many a lab host had Docker before it was to be a node. Debian's docker.io depends on the packages containerd and runc,
which Kubernetes' usual containerd.io cannot be installed beside: apt then says "Depends: containerd" or wants to remove
one of them. And /etc/containerd/config.toml has the line that Docker's own package ships, disabled_plugins = ["cri"]:
kubeadm's "unknown service runtime.v1.RuntimeService". dockerd runs, no container does. kboot's answer: `kboot explain
runtime-conflict-gone`, then containerd-configured.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

CONFIG = """\
# A hoster's line of before: Docker does not need the CRI.
disabled_plugins = ["cri"]
"""


def files(_birth: Birth) -> Laid:
    """The containerd configuration with which Docker's package comes (docker/containerd-packaging, common)."""
    return (HostFile("/etc/containerd/config.toml", CONFIG),)


# `docker` itself is a package of its own in Debian 13, and comes with docker.io as a recommended one.
DOCKER_IO = Trouble("docker.io", __doc__ or "", packages=("docker.io",), newer=("docker-cli",), files=files)
