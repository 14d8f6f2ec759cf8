"""Step containerd-configured."""

from bootstrap.facts.containerd import CONFIG
from bootstrap.facts.files import file_text
from bootstrap.facts.packages import PACKAGES
from bootstrap.model.action import Action, WriteFile
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.containerd import layout_of
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.runtime.containerd_config import HEADER, config_text
from bootstrap.steps.runtime.containerd_installed import NAME
from bootstrap.steps.unread import unread

KEPT = f"{CONFIG}.kboot-before"
FILES = (file_text(CONFIG), file_text(KEPT))


class ContainerdConfigured(Step):
    """containerd's config has the CRI on, systemd's cgroup driver, the pause image of this Kubernetes and certs.d.

    Docker's package ships it with the CRI off; kubelet needs the CRI, and both must use one cgroup manager
    (kubernetes.io/docs/setup/production-environment/container-runtimes). The first file found is kept beside, once.
    """

    follows = ("containerd-installed",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(PACKAGES, *FILES)

    def decide(self, target: Target, facts: Facts) -> Decision:
        packages = facts(target.asked, PACKAGES)
        config, kept = (facts(target.asked, file) for file in FILES)
        if waiting := unread(packages, config, kept):
            return waiting
        package = packages.value.get(NAME) if isinstance(packages, Known) else None
        if package is None or not package.installed:
            return Later("containerd-installed", f"write {CONFIG} for its version")
        layout = layout_of(package.version)
        if layout is None:
            return Blocked(
                Code.CONTAINERD_UNKNOWN,
                f"{target.name} has {NAME} {package.version}, whose configuration kboot does not know",
                f"install containerd 1.4 or newer: sudo apt-get install {NAME}",
            )
        wanted = config_text(target, layout)
        before = config.value if isinstance(config, Known) else None
        if before == wanted:
            return Satisfied(f"{NAME} {package.version}")
        actions = (*_keep(before, kept), WriteFile(CONFIG, text(wanted), before=before))
        return Change(f"write {CONFIG} (config version {layout.config_version})", actions)


def _keep(before: str | None, kept: Answer[str]) -> tuple[Action, ...]:
    if before is None or before.startswith(HEADER) or not isinstance(kept, Absent):
        return ()
    return (WriteFile(KEPT, text(before), mode=0o600),)
