"""Step containerd-fresh."""

from bootstrap.facts.containerd import CONFIG_DIGEST, DAEMON, STARTED_WITH, Daemon
from bootstrap.facts.files import file_text
from bootstrap.model.action import Action, Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.unread import unread

PATH = "/etc/systemd/system/containerd.service.d/10-kboot.conf"
FILE = file_text(PATH)
# The dash: a full /run must not keep containerd from starting.
DROP_IN = f"""\
# kboot: which configuration this process started with
[Service]
ExecStartPre=-/bin/sh -c '{CONFIG_DIGEST} >{STARTED_WITH}'
"""


class ContainerdFresh(Step):
    """containerd runs, starts at boot, with the config and the binary that are on disk, and its CRI serves.

    A daemon that still runs with the config of before has no CRI for kubelet, nor has one whose CRI failed to load (out
    of inotify instances, say): kubeadm then tells of an "unknown service runtime.v1.RuntimeService". A time stamp would
    lie after the clock's first step, so a drop-in notes the config's digest at each start (systemd.service(5)).
    """

    follows = ("containerd-installed", "containerd-configured")

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(DAEMON, FILE)

    def decide(self, target: Target, facts: Facts) -> Decision:
        daemon, drop_in = facts(target.asked, DAEMON), facts(target.asked, FILE)
        if waiting := unread(daemon, drop_in):
            return waiting
        if not isinstance(daemon, Known):
            return Later("containerd-installed", "start containerd with its new config")
        before = drop_in.value if isinstance(drop_in, Known) else None
        reasons = _reasons(daemon.value)
        actions: list[Action] = []
        if before != DROP_IN:
            actions.append(WriteFile(PATH, text(DROP_IN), before=before))
        if actions or daemon.value.needs_reload:
            actions.append(Run(("systemctl", "daemon-reload")))
        if daemon.value.file_state != "enabled":
            actions.append(Run(("systemctl", "enable", "containerd.service")))
        if reasons:
            actions.append(Run(("systemctl", "restart", "containerd.service")))
        if not actions:
            return Satisfied()
        return Change(f"restart containerd: {', '.join(reasons)}" if reasons else "settle its unit", tuple(actions))


def _reasons(daemon: Daemon) -> list[str]:
    """Why the process that runs is not the one that should."""
    if daemon.active != "active":
        return [f"it is {daemon.active}"]
    reasons = ["its binary was replaced"] if daemon.binary_replaced else []
    if not daemon.config_started_with:
        return [*reasons, "it is not known which config it started with"]
    if daemon.config_started_with != daemon.config_on_disk:
        reasons.append("its config has changed")
    elif daemon.cri != "ok":
        reasons.append(f"its CRI does not serve: {daemon.cri_error or daemon.cri or 'not loaded'}")
    return reasons
