"""The lab's network: one namespace with a bridge, one namespace per host and boot, veth pairs between.

The machine's own namespace, routes and firewall are never touched, and no lab address leads out of the lab.
"""

from pathlib import Path

from bootstrap.lab.command import run, succeeds
from bootstrap.lab.spec import GATEWAY, PREFIX_LENGTH, HostSpec

BRIDGE = "lab0"
INTERFACE = "eth0"


def inside(netns: Path, *argv: str) -> list[str]:
    """The argv that runs a program in that network namespace."""
    return ["nsenter", f"--net={netns}", "--", *argv]


def is_bound(netns: Path) -> bool:
    """Whether a network namespace is bound at this path in the caller's mount namespace."""
    return any(line.split()[4] == str(netns) for line in Path("/proc/self/mountinfo").read_text().splitlines())


def bind_fresh(netns: Path) -> None:
    """Makes a new, empty network namespace and binds it at `netns`."""
    unbind(netns)
    netns.touch(mode=0o600)
    run(["unshare", f"--net={netns}", "true"])


def unbind(netns: Path) -> None:
    """Lets the namespace go; it ends with its last process."""
    while is_bound(netns):
        run(["umount", "--lazy", str(netns)])


def ensure_lab(netns: Path) -> None:
    """The lab's namespace with its bridge; what stands is kept, what a killed run left out is added."""
    if not is_bound(netns):
        bind_fresh(netns)
    if not succeeds(inside(netns, "ip", "link", "show", BRIDGE)):
        run(inside(netns, "ip", "link", "add", BRIDGE, "type", "bridge"))
    run(inside(netns, "ip", "address", "replace", f"{GATEWAY}/{PREFIX_LENGTH}", "dev", BRIDGE))
    for link in ("lo", BRIDGE):
        run(inside(netns, "ip", "link", "set", link, "up"))
    # A router without a route answers "network unreachable" at once (and to each packet, without the limit on ICMP),
    # where a silent one costs every client minutes.
    for sysctl, value in (("ip_forward", "1"), ("icmp_ratelimit", "0")):
        run(inside(netns, "sh", "-c", f"echo {value} >/proc/sys/net/ipv4/{sysctl}"))


def plug_in(lab_netns: Path, host_netns: Path, host: HostSpec) -> None:
    """Gives a booting host a fresh namespace and a cable to the bridge; the host configures eth0 itself."""
    bind_fresh(host_netns)
    port = f"v-{host.name}"
    succeeds(inside(lab_netns, "ip", "link", "del", port))
    pair = ["type", "veth", "peer", "name", INTERFACE, "address", host.mac, "netns", str(host_netns)]
    run(inside(lab_netns, "ip", "link", "add", port, *pair))
    run(inside(lab_netns, "ip", "link", "set", port, "master", BRIDGE, "up"))
