"""Step containerd-configured."""

from bootstrap.facts.containerd import CONFIG
from bootstrap.facts.files import OwnedFile, file_text, owned_file
from bootstrap.facts.packages import PACKAGES, Package
from bootstrap.model.action import Action, WriteFile
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, strongest
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.containerd import Layout, layout_of
from bootstrap.model.tables.sources import CONTAINERD_PACKAGE
from bootstrap.model.target import Target
from bootstrap.model.text import Text, revealed, text
from bootstrap.steps.runtime.containerd_config import HEADER, config_text
from bootstrap.steps.runtime.registries import registries_named, registry_files
from bootstrap.steps.unread import unread

KEPT = f"{CONFIG}.kboot-before"
FILE, OLD = (owned_file(CONFIG), file_text(KEPT))


class ContainerdConfigured(Step):
    """containerd's config has the CRI on, systemd's cgroup driver, the pause image of this Kubernetes and certs.d.

    Docker's package ships it with the CRI off; kubelet needs the CRI, and both must use one cgroup manager
    (kubernetes.io/docs/setup/production-environment/container-runtimes). The first file found is kept beside, once.
    """

    follows = ("containerd-installed",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(PACKAGES, FILE, OLD, *registry_files(target.inventory))

    def decide(self, target: Target, facts: Facts) -> Decision:
        packages, config, kept = (facts(target.asked, fact) for fact in (PACKAGES, FILE, OLD))
        if waiting := unread(packages, config, kept):
            return waiting
        package = packages.value.get(CONTAINERD_PACKAGE) if isinstance(packages, Known) else None
        if package is None or not package.installed:
            return Later("containerd-installed", f"write {CONFIG} for its version")
        layout = layout_of(package.version)
        if layout is None:
            return Blocked(
                Code.CONTAINERD_UNKNOWN,
                f"{target.name} has {CONTAINERD_PACKAGE} {package.version}, whose configuration kboot does not know",
                f"install containerd 1.4 or newer: sudo apt-get install {CONTAINERD_PACKAGE}",
            )
        found = config.value if isinstance(config, Known) else None
        return strongest((_config(target, layout, package, found, kept), *registries_named(target, facts)))


def _config(target: Target, layout: Layout, package: Package, found: OwnedFile | None, kept: Answer[str]) -> Decision:
    wanted = config_text(target, layout)
    if found and revealed(found.text) == wanted:
        return Satisfied(f"{CONTAINERD_PACKAGE} {package.version}")
    actions = (*_keep(found, kept), _written(text(wanted), found))
    return Change(f"write {CONFIG} (config version {layout.config_version})", actions)


def _keep(found: OwnedFile | None, kept: Answer[str]) -> tuple[Action, ...]:
    if found is None or revealed(found.text).startswith(HEADER) or not isinstance(kept, Absent):
        return ()
    return (WriteFile(KEPT, text(found.text), mode=0o600),)


def _written(wanted: Text, found: OwnedFile | None) -> WriteFile:
    """A file that is there stays as private as it is."""
    if found is None:
        return WriteFile(CONFIG, wanted)
    return WriteFile(CONFIG, wanted, found.mode, found.owner, before=found.text)
