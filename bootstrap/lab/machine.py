"""What the lab asks of the machine it runs on: root, a few programs, and an honest word on what it cannot give."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.lab.command import environment, run
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

Say = Callable[[str], None]

INSTALL_TIMEOUT_S = 600
CAP_SYS_RESOURCE = 24

# Program -> Debian package; Ubuntu's packages have the same names.
TOOLS = {
    "ip": "iproute2",
    "mmdebstrap": "mmdebstrap",
    "mount": "mount",
    "nsenter": "util-linux",
    "openssl": "openssl",
    "setpriv": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "systemd-nspawn": "systemd-container",
    "unshare": "util-linux",
}
# What a lab with mirrors needs besides.
MIRROR_TOOLS = {**TOOLS, "apt-ftparchive": "apt-utils", "gpg": "gnupg"}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


@dataclass(frozen=True)
class Machine:
    """What this machine gives its lab hosts, as far as Kubernetes minds."""

    cgroup_v1: bool
    may_lower_oom_score: bool


def this_machine() -> Machine:
    """Reads /proc: cgroup v1 shows numbered hierarchies in /proc/self/cgroup, capabilities stand in CapBnd."""
    groups = Path("/proc/self/cgroup").read_text().splitlines()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    bounding = int(status["CapBnd"].strip(), 16)
    return Machine(
        cgroup_v1=any(not line.startswith("0::") for line in groups),
        may_lower_oom_score=bool(bounding >> CAP_SYS_RESOURCE & 1),
    )


def require_root() -> None:
    """Raises KB1301 unless this is root; hosts need mounts, network namespaces and cgroups."""
    if os.geteuid() != 0:
        missing = missing_packages()
        needs = f"; and these packages: {', '.join(missing)}" if missing else ""
        raise KbootError(
            Code.LAB_NEEDS_ROOT,
            f"the lab needs root (mounts, network namespaces, cgroups){needs}",
            advice="run the same command with sudo",
            exit_code=ExitCode.USAGE,
        )


def missing_packages(tools: Mapping[str, str] = TOOLS) -> tuple[str, ...]:
    """Debian packages whose programs are not on this machine."""
    path = environment()["PATH"]
    found = {package for tool, package in tools.items() if shutil.which(tool, path=path) is None}
    return tuple(sorted(found | (set() if KEYRING.exists() else {"debian-archive-keyring"})))


def ensure_tools(say: Say, tools: Mapping[str, str] = TOOLS) -> None:
    """Installs what is missing from the machine's own package lists, and says so; raises KB1302 when it cannot."""
    missing = missing_packages(tools)
    if not missing:
        return
    say(f"installing on this machine: {', '.join(missing)}")
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1"]
    try:
        run([*quiet, "apt-get", "update"], timeout_s=INSTALL_TIMEOUT_S)
        run([*quiet, *install], timeout_s=INSTALL_TIMEOUT_S)
    except KbootError as failed:
        raise KbootError(
            Code.LAB_TOOL_MISSING,
            f"this machine lacks {', '.join(missing)} and apt-get could not install them",
            evidence=failed.evidence or failed.problem,
            advice="install them by hand, then run the same command again",
            exit_code=ExitCode.REFUSED,
        ) from failed
