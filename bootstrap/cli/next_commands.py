"""What is worth typing after a run: three commands that fit how it ended, with the inventory that was named."""

from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.load.path_word import is_playbook_path
from bootstrap.model.report import HostStatus, Report

if TYPE_CHECKING:
    from bootstrap.cli.asked import Asked
    from bootstrap.cli.preparing import Prepared
    from bootstrap.show.summary import Closing

Next = tuple[str, str]
_MOST = 3


def closing(report: Report, prepared: "Prepared", asked: "Asked") -> "Closing":
    """The cluster, how to run this again, and the next commands."""
    from bootstrap.show.summary import Closing, went_well  # noqa: PLC0415 - rich only where something is shown

    command = again(prepared, asked)
    following = _after_success(prepared, asked, command) if went_well(report) else _after_trouble(report, prepared)
    return Closing(prepared.cluster, f"{asked.command}{asked.narrowed}", command, following[:_MOST])


def again(prepared: "Prepared", asked: "Asked") -> str:
    """The command that does the same once more."""
    return f"kboot {asked.command}{prepared.site.option}{asked.narrowed}"


def _after_success(prepared: "Prepared", asked: "Asked", command: str) -> tuple[Next, ...]:
    option = prepared.site.option
    status = (f"kboot status{option}", "what holds, at any time")
    nodes = (f"kboot kubectl{option} get nodes -o wide", "the nodes")
    if is_playbook_path(asked.playbook):
        # Whether it makes a cluster, nobody can know here.
        return (f"kboot plan up{option}", "what is missing to a whole cluster"), (command, "to look again"), status
    if asked.narrowed and not Path(prepared.wanted.run.kubeconfig_path).exists():
        # A part of it holds; as far as is known here there is no cluster yet.
        rest = f"{asked.playbook}{option}"
        return (f"kboot plan {rest}", "what is missing"), (f"kboot {rest}", "bring it about"), status
    if asked.typed:
        return (f"kboot addons list{option}", "how each of them stands"), nodes, status
    if asked.playbook == "init-master" and prepared.site.inventory.workers:
        return (f"kboot join-workers{option}", "join the workers"), nodes, status
    merge = (f"kboot kubeconfig merge{option}", f"use it from here as context {prepared.cluster}")
    return nodes, merge, status


def _after_trouble(report: Report, prepared: "Prepared") -> tuple[Next, ...]:
    """Beside running it again, which the summary says itself."""
    option = prepared.site.option
    refused = [host.host for host in report.hosts if host.status is HostStatus.KEY_REFUSED]
    silent = [host.host for host in report.hosts if host.status in {HostStatus.UNREACHABLE, HostStatus.LOST}]
    codes = [str(row.code) for row in report.rows if row.code] + [str(one.code) for one in report.hosts if one.code]
    explained = ((f"kboot explain {code}", "what it means, and what to do") for code in dict.fromkeys(codes))
    looks: list[Next] = [*explained][:1]
    if refused or silent:
        names = " ".join((refused or silent)[:_MOST])
        looks.append((f"kboot hosts scan{option} {names}", "whether it answers, and with which key"))
    return (*looks, (f"kboot status{option}", "what holds and what does not"))
