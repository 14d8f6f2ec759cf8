"""Writes the inventory that reaches a lab's hosts. What the lab needs and metal does not stands there, with reasons."""

from bootstrap.lab.machine import Machine
from bootstrap.lab.mirror import IMAGES_URL, PACKAGES_URL, MirrorState
from bootstrap.lab.spec import USER, LabSpec
from bootstrap.lab.state import LabState

HEADER = """\
# Written by `kboot lab up`; `kboot lab down` removes it unless it was edited.
apiVersion: kboot/v1
"""

SYSTEM_VERIFICATION = """\
  checks:
    # kubeadm looks for cgroup v2 and for the kernel's own packages; a lab host shares this machine's kernel.
    ignoreKubeadm: [SystemVerification]
"""

KUBELET = """\
    kubelet:
      # The disk is this machine's: one that is 85 % full would make every pod of the lab wait (disk pressure).
      evictionHard: {memory.available: 100Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%}
      # And it would make kubelet remove images that a lab without registries cannot fetch again; 100 never does.
      imageGCHighThresholdPercent: 100
"""

CGROUP_V1 = """\
      # This machine has cgroup v1, which kubelet refuses by default since 1.35.
      failCgroupV1: false
"""

KUBE_PROXY = """\
    kubeProxy:
      conntrack:
        # The conntrack limits are the whole machine's and cannot be written from a network namespace.
        maxPerCore: 0
        min: 0
"""

CONTAINERD = """\
    containerd:
      plugins:
        io.containerd.cri.v1.runtime:
          # This machine lacks CAP_SYS_RESOURCE, so nobody can lower oom_score_adj and every sandbox would die.
          restrict_oom_score_adj: true
"""


def inventory_text(lab: LabState, spec: LabSpec, machine: Machine) -> str:
    """The text of lab.yaml, valid against the inventory's schema."""
    return HEADER + _cluster(lab, spec, machine) + _ssh(lab, spec) + _hosts(spec)


def _cluster(lab: LabState, spec: LabSpec, machine: Machine) -> str:
    bundle = f"  bundle: {spec.bundle}\n" if spec.bundle and not spec.mirrors else ""
    bundle += _mirrors(lab, spec) if spec.mirrors else ""
    bundle += f'  kubernetes: "{spec.kubernetes}"\n' if spec.kubernetes else ""
    overlays = KUBELET + (CGROUP_V1 if machine.cgroup_v1 else "") + KUBE_PROXY
    overlays += "" if machine.may_lower_oom_score else CONTAINERD
    checks = SYSTEM_VERIFICATION if machine.cgroup_v1 else ""
    return f"cluster:\n  name: {spec.name}\n{bundle}{checks}  overlays:\n{overlays}"


def _mirrors(lab: LabState, spec: LabSpec) -> str:
    key = MirrorState(lab).tree.fingerprint
    images = ", ".join(f'{registry}: "{IMAGES_URL}"' for registry in ("registry.k8s.io", "ghcr.io"))
    return (
        "  mirrors:\n"
        "    # This lab's own server of packages, and its registry: the bundle's content, signed with the lab's key.\n"
        f'    kubernetes: {{url: "{PACKAGES_URL}/kubernetes", key: {key}}}\n'
        f'    containerd: {{url: "{PACKAGES_URL}/docker", key: {key}}}\n'
        f"    images: {{{images}}}\n"
        "    # Read by this machine, which is not in the lab's network.\n"
        f"    manifests: {spec.bundle}/manifests\n"
    )


def _ssh(lab: LabState, spec: LabSpec) -> str:
    password = f"  sudoPasswordFile: {lab.sudo_password}\n" if spec.sudo_password else ""
    return (
        f"ssh:\n  user: {USER}\n  port: {spec.ssh_port}\n  key: {lab.client_key}\n"
        f"  knownHosts: {lab.known_hosts}\n{password}"
        f"  # The hosts live in a network namespace of this machine; kboot makes its sockets there.\n"
        f"  netns: {lab.netns}\n"
    )


def _hosts(spec: LabSpec) -> str:
    lines = [f"  - {{name: {host.name}, address: {host.address}, role: {host.role}}}\n" for host in spec.hosts]
    return "hosts:\n" + "".join(lines)
