"""Step package-source-trusted."""

from bootstrap.model.decision import Decision
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.runtime import bundled_source, published_source


class PackageSourceTrusted(Step):
    """The host has the index of the repositories that kboot installs from, verified by apt with their pinned keys.

    Packages of the exact Kubernetes version come from a signed repository of its own (kubernetes.io/docs/setup/
    production-environment/tools/kubeadm/install-kubeadm; sources.list(5), signed-by): the bundle's, or pkgs.k8s.io and
    Docker's, or mirrors of them. Never `trusted=yes`, and no source of the host's own is touched: kboot's stand in
    /var/lib/kboot/apt, where an expired key breaks nobody's `apt update`. Packages follow when a step needs them.
    """

    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        lock = target.wanted.lock
        return bundled_source.questions(target, lock) if lock else published_source.questions(target)

    def decide(self, target: Target, facts: Facts) -> Decision:
        lock = target.wanted.lock
        return bundled_source.decided(target, lock, facts) if lock else published_source.decided(target, facts)
