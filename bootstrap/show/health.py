"""What an admin asks in the morning: which nodes are there, what is not Ready and why, what expires next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from bootstrap.show.document import Record
from bootstrap.show.words import counted, name_list

# kubeadm's own certificates live for a year: a month is time enough to renew them at leisure.
_SOON_DAYS = 30
_SHOWN_PODS = 10
_SHOWN_WORDS = 160
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Node:
    """A node as the API server shows it; `why` it is not Ready."""

    name: str
    status: str
    roles: tuple[str, ...]
    kubelet: str
    address: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that is not Ready and has not ended."""

    namespace: str
    name: str
    node: str
    phase: str
    why: str


@dataclass(frozen=True, slots=True)
class Expiry:
    """A certificate or key on a host and its end, None when it never ends. `authority`: it signs others."""

    host: str
    name: str
    expires: datetime | None
    authority: bool = False

    def days(self, now: datetime) -> int | None:
        """Whole days left; negative once it is over."""
        return None if self.expires is None else int((self.expires - now).total_seconds() // _DAY_S)


@dataclass(frozen=True, slots=True)
class Health:
    """All of it at one moment. `silence` is why the cluster itself could not be asked."""

    now: datetime
    nodes: tuple[Node, ...] = ()
    pods: tuple[Pod, ...] = ()
    certificates: tuple[Expiry, ...] = ()
    silence: str = ""
    keys: tuple[Expiry, ...] = ()


def health_lines(health: Health) -> Iterator[Text]:
    """Nodes, what is not Ready, what expires."""
    if health.silence:
        yield Text(f"nodes: {health.silence}", "yellow")
    if health.nodes:
        yield from _nodes(health.nodes)
    if health.pods:
        yield from _pods(health.pods)
    elif health.nodes:
        yield Text("✓ every pod that should run is Ready", "green")
    leaves = [one for one in health.certificates if not one.authority]
    yield from _expiries("certificates", leaves, health.now)
    yield from _expiries("authorities", [one for one in health.certificates if one.authority], health.now)
    yield from _expiries("package keys", health.keys, health.now)


def _nodes(nodes: tuple[Node, ...]) -> Iterator[Text]:
    rows = [("NODE", "STATUS", "ROLES", "KUBELET", "ADDRESS")]
    rows += [(node.name, node.status, ",".join(node.roles) or "-", node.kubelet, node.address) for node in nodes]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    whys = ["", *(node.why for node in nodes)]
    for row, why in zip(rows, whys, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield Text(cells, "red" if why else "")
        if why:
            yield Text(f"    {_cut(why)}", "red")


def _pods(pods: tuple[Pod, ...]) -> Iterator[Text]:
    """The cluster's own before the users'; a few, and how many more."""
    ordered = sorted(pods, key=lambda pod: (not pod.namespace.startswith("kube-"), pod.namespace, pod.name))
    yield Text(f"✗ {counted(len(pods), 'pod is', 'pods are')} not Ready", "bold red")
    for pod in ordered[:_SHOWN_PODS]:
        where = f" on {pod.node}" if pod.node else ""
        yield Text(f"    {pod.namespace}/{pod.name}{where}: {pod.phase}{', ' if pod.why else ''}{_cut(pod.why)}")
    if len(ordered) > _SHOWN_PODS:
        yield Text(f"    … {len(ordered) - _SHOWN_PODS} more: kboot kubectl get pods -A", "dim")


def _expiries(what: str, held: Iterable[Expiry], now: datetime) -> Iterator[Text]:
    """The first to end, and by name those that end soon or are over."""
    ending = sorted((one for one in held if one.expires is not None), key=lambda one: str(one.expires))
    if not ending:
        return
    days = ending[0].days(now) or 0
    soon = [one for one in ending if (one.days(now) or 0) < _SOON_DAYS]
    sign, style = ("✗", "bold red") if days < 0 else ("!", "yellow") if soon else ("✓", "green")
    when = f"{-days} days ago" if days < 0 else f"in {counted(days, 'day')}"
    verb = "ended" if days < 0 else "ends"
    yield Text(f"{sign} {what}: the first {verb} {when}, {_named(ending[0])}", style)
    if soon:
        yield Text(f"    soon or over: {name_list(tuple(map(_named, soon)))}", style)


def _named(one: Expiry) -> str:
    return f"{one.name} on {one.host}, {one.expires:%Y-%m-%d}"


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN_WORDS else line[: _SHOWN_WORDS - 1] + "…"


def health_record(health: Health) -> Record:
    """For the document of `status -o json`."""
    return {
        "silence": health.silence,
        "nodes": [
            {
                "name": node.name, "status": node.status, "roles": list(node.roles), "kubelet": node.kubelet,
                "address": node.address, "why": node.why,
            }
            for node in health.nodes
        ],
        "pods": [
            {"namespace": pod.namespace, "name": pod.name, "node": pod.node, "phase": pod.phase, "why": pod.why}
            for pod in health.pods
        ],
        "certificates": [_expiry(one, health.now) | {"authority": one.authority} for one in health.certificates],
        "packageKeys": [_expiry(one, health.now) for one in health.keys],
    }  # fmt: skip


def _expiry(one: Expiry, now: datetime) -> Record:
    expires = one.expires.isoformat() if one.expires else None
    return {"host": one.host, "name": one.name, "expires": expires, "daysLeft": one.days(now)}
