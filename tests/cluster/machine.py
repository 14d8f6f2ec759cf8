"""What a lab may not change: a picture of the machine that two moments can be compared by."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

# What changes by itself: counters, random numbers, the last process id.
VOLATILE = re.compile(
    r"/proc/sys/(kernel/(random/|ns_last_pid|pty/nr|tainted|perf_event_max_sample_rate|perf_cpu)|fs/(file-nr|inode-|dentry-state|aio-nr|quota/)"
    r"|net/netfilter/nf_conntrack_count|net/netfilter/nf_conntrack_max|vm/(stat_refresh|compact_memory))"
)
# Labs that somebody else has up meanwhile.
LABS = re.compile(r"kboot-lab-|/kboot/lab/")


def picture(lab_name: str) -> dict[str, object]:
    """Clock offset, swap, sysctls, cgroups, mounts, interfaces, routes, rules and firewall of this machine."""
    return {
        "swap": Path("/proc/swaps").read_text(),
        "sysctls": sysctls(),
        "cgroups": {group for group in cgroups() if not LABS.search(group) or lab_name in group},
        "mounts": [mount for mount in mounts() if not LABS.search(mount) or lab_name in mount],
        "links": [link["ifname"] for link in json.loads(_output("ip", "-j", "link"))],
        "addresses": sorted(re.findall(r"inet6? (\S+)", _output("ip", "address"))),
        "routes": _output("ip", "route", "show", "table", "all"),
        "rules": _output("ip", "rule"),
        "firewall": re.sub(r"counter packets \d+ bytes \d+", "", _output("nft", "list", "ruleset")),
        "hostname": os.uname().nodename,
    }


def clock_offset_s() -> float:
    """Wall clock against the clock that nobody can set."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


def sysctls() -> dict[str, str]:
    """Every readable sysctl that does not change by itself."""
    found = {}
    for folder, _, names in os.walk("/proc/sys"):
        for path in (f"{folder}/{name}" for name in names):
            if not VOLATILE.match(path):
                try:
                    found[path] = Path(path).read_text(errors="replace")
                except OSError:
                    continue
    return found


def mounts() -> list[str]:
    """What is mounted where."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return sorted(" ".join(line.split()[3:]) for line in lines)


def cgroups() -> set[str]:
    """Every cgroup of the machine."""
    return {folder for folder, _, _ in os.walk("/sys/fs/cgroup")}


def processes_naming(text: str) -> list[str]:
    """Command lines of all processes that name this text."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if text in line:
            found.append(line)
    return found


def _output(*argv: str) -> str:
    try:
        return subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False).stdout
    except FileNotFoundError:
        return ""
