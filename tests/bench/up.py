"""From booted bare hosts to `kubectl top nodes`: kboot's `up` beside the same cluster made by hand.

    sudo python3 -m bootstrap test --only bench

Prints where each second of `up` goes (its parts, and the rows on its critical path), what the hand-typed commands took
on their critical path (workers side by side), the ratio of the two, and the same of a second `up` with its CPU seconds.
Two labs of three hosts, one after the other; judges nothing.
"""

import argparse
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from bootstrap.bundle.place import default_folder
from tests.bench.profile import lines, logins_s, profiled
from tests.cluster.scene import Scene, scene_of

BY_HAND = Path(__file__).resolve().parents[1] / "cluster" / "by_hand.sh"
HOSTS = ("cp1", "w1", "w2")
POD_CIDR = "10.244.0.0/16"
# In this order they follow each other; a join is counted once, as the slower of the two.
CRITICAL = ("packages", "containerd", "images", "kubeadm-init", "kubeadm-join", "settled")


def main() -> None:
    """Both ways, then the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bundle", default="build", help="`build`: the one in the cache; else its folder.")
    given = parser.parse_args().bundle
    bundle = default_folder() if given == "build" else Path(given).resolve()
    with tempfile.TemporaryDirectory() as folder:
        with scene_of(Path(folder), bundle, "--hosts", "3") as scene:
            by_hand = _by_hand(scene, bundle)
        with scene_of(Path(folder), bundle, "--hosts", "3") as scene:
            up = _up(scene)
            again = _again(scene)
            login, empty = logins_s(scene)
            print("\n".join(lines(profiled(scene), "second up, told as it goes")))
            print(f"  beside it: all logins {login:.2f} s side by side, then one empty exec on each host {empty:.2f} s")
            print(f"  beside it: `ssh HOST sudo true` on the three hosts side by side {_bare_ssh(scene):.2f} s")
    path = sum(by_hand[name] for name in CRITICAL)
    print(f"\nby hand: {by_hand['by-hand']:.1f} s in all, {path:.1f} s in commands on the critical path")
    print(f"kboot up: {up:.1f} s, {up / path:.2f} of the critical path")
    print(f"second up of three hosts: {again[0]:.2f} s wall, {again[1]:.2f} s CPU")
    load = ", ".join(f"{minutes:.1f}" for minutes in os.getloadavg())
    print(f"machine: {os.cpu_count()} cores, {_memory_gib():.0f} GiB, kernel {os.uname().release}; load average {load}")


def _by_hand(scene: Scene, bundle: Path) -> dict[str, float]:
    """Seconds by what was typed; of two hosts the control plane's, of two joins the slower one's."""
    argv = ["bash", str(BY_HAND), str(scene.state.ssh_config), str(bundle), POD_CIDR, *HOSTS]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=900, check=True)
    print(done.stdout)
    taken: dict[str, float] = {}
    for line in done.stdout.splitlines():
        match line.split():
            case [("cp1" | "cluster" | "total"), what, _, seconds] if seconds.replace(".", "").isdigit():
                taken[what] = float(seconds)
            case [_, "kubeadm-join", _, seconds]:
                taken["kubeadm-join"] = max(float(seconds), taken.get("kubeadm-join", 0.0))
    return taken


def _up(scene: Scene) -> float:
    """Wall seconds of the first `up`, its profile printed."""
    profile = profiled(scene)
    scene.kboot("kubectl", "top", "nodes")
    print("\n".join(lines(profile, "first up")))
    return profile.wall_s


def _again(scene: Scene) -> tuple[float, float]:
    """Wall and CPU seconds of a second `up`, the whole process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    scene.kboot("up", "--quiet")
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bare_ssh(scene: Scene) -> float:
    """Wall seconds of the least that any tool could do there: OpenSSH logs in to every host and runs nothing."""
    began = time.monotonic()
    ways = [
        subprocess.Popen(
            ["ssh", "-T", "-F", str(scene.state.ssh_config), host, "sudo", "true"], stdin=subprocess.DEVNULL
        )
        for host in HOSTS
    ]
    codes = [way.wait(timeout=60) for way in ways]
    assert not any(codes), codes
    return time.monotonic() - began


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


if __name__ == "__main__":
    main()
