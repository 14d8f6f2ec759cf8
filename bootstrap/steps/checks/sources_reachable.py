"""Check sources-reachable."""

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.lock import Lock
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.runtime.bundled import FACTS, KUBERNETES, Supply, supply
from bootstrap.steps.runtime.containerd_installed import NAME


class SourcesReachable(Finding):
    """All that the host will need can be had: the bundle has each package for its release, and each image.

    A run that finds this out half-way leaves a host with a runtime and without a kubelet. Without a bundle the sources
    would be public repositories, which kboot does not install from yet.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(*FACTS)

    def find(self, target: Target, facts: Facts) -> Decision:
        found = supply(target, facts)
        if isinstance(found, Blocked | Waiting):
            return found
        if lacking := [*_packages(found), *_images(found.lock, target)]:
            return Blocked(
                Code.BUNDLE_LACKS_PART,
                f"the bundle lacks {', '.join(lacking)} for {target.name} ({target.machine.role}, {found.release})",
                "build the bundle again: kboot bundle build",
            )
        return Satisfied(f"the bundle of Kubernetes {found.lock.kubernetes} for {found.release}")


def _packages(found: Supply) -> list[str]:
    there = {file.name for file in found.role_packages}
    wanted = dict.fromkeys((NAME, *KUBERNETES, *found.to_install))
    return [name for name in wanted if name not in there]


def _images(lock: Lock, target: Target) -> list[str]:
    there = {file.reference for file in lock.files if file.kind == "image"}
    return [reference for reference in lock.roles[target.machine.role].images if reference not in there]
