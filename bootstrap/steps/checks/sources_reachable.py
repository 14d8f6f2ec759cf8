"""Check sources-reachable."""

from bootstrap.facts.registries import Reply, registry_replies
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Fact, Facts, Question
from bootstrap.model.lock import Lock
from bootstrap.model.tables.sources import UPSTREAM_PACKAGES
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.runtime.bundled import Bundled, bundled
from bootstrap.steps.runtime.images import kubeadm_images, role_images
from bootstrap.steps.runtime.key_trusted import offer_problem
from bootstrap.steps.runtime.published import published, sources
from bootstrap.steps.runtime.registries import place_of
from bootstrap.steps.runtime.supplied import supply_questions
from bootstrap.steps.unread import unread

_LOGIN = (
    "it wants a login, and kboot has none: let everybody read there, or name another registry (cluster.mirrors.images) "
    "or a bundle (cluster.bundle)"
)
# HTTP status -> what helps.
_HAVING = {
    "401": _LOGIN,
    "403": _LOGIN,
    "404": "push it there under that name, or correct cluster.mirrors.images; cluster.overlays.kubeadm may name "
    "another tag of etcd or CoreDNS",
}


class SourcesReachable(Finding):
    """All that the host will need can be had: each package in the wanted version, signed by the pinned key, each image.

    A run that finds this out half-way leaves a host with a runtime and without a kubelet. With a bundle its lock is
    read; without one the host itself asks the repositories and registries (kubernetes.io/docs/setup/
    production-environment/tools/kubeadm/install-kubeadm), or the mirrors that the inventory names, for what it lacks:
    a host that lacks nothing asks nobody.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        if target.wanted.lock:
            return supply_questions(target)
        offers = (source.offer for source in sources(target.inventory))
        return (*supply_questions(target), *target.questions(*offers, _replies(target)))

    def find(self, target: Target, facts: Facts) -> Decision:
        lock = target.wanted.lock
        return _in_bundle(lock, target, facts) if lock else _published(target, facts)


def _in_bundle(lock: Lock, target: Target, facts: Facts) -> Decision:
    found = bundled(lock, target, facts)
    if isinstance(found, Blocked | Waiting):
        return found
    there = {file.reference for file in lock.files if file.kind == "image"}
    own = [image for image in lock.roles[target.machine.role].images if image not in there]
    # kubelet would look for it in vain, and kubeadm init wait for that.
    asked = [image for image in kubeadm_images(target) if image not in {*there, *own}]
    if lacking := [*_packages(found), *own, *asked]:
        named = "; or correct imageRepository or the tags that cluster.overlays.kubeadm names" if asked else ""
        return Blocked(
            Code.BUNDLE_LACKS_PART,
            f"the bundle lacks {', '.join(lacking)} for {target.name} ({target.machine.role}, {found.release})",
            f"build the bundle again: kboot bundle build{named}",
        )
    return Satisfied(f"the bundle of Kubernetes {lock.kubernetes} for {found.release}")


def _published(target: Target, facts: Facts) -> Decision:
    found, replies = published(target, facts), facts(target.asked, _replies(target))
    if isinstance(found, Waiting):
        return found
    asked = [(source, facts(target.asked, source.offer)) for source in sources(target.inventory)]
    if waiting := unread(replies, *(answer for _, answer in asked)):
        return waiting
    now = target.wanted.run.started
    problems = [
        offer_problem(source, answer.value, found, target.name, now)
        for source, answer in asked
        if isinstance(answer, Known)
    ]
    problems.append(_registry_problem(target, replies.value if isinstance(replies, Known) else {}))
    told = [problem for problem in problems if problem]
    if told:
        return Blocked(told[0].code, "; ".join(one.problem for one in told), told[0].advice)
    return Satisfied(f"Kubernetes {found.kubernetes} and the images of a {target.machine.role}")


def _replies(target: Target) -> Fact[dict[str, Reply]]:
    places = tuple(place_of(reference, target.inventory) for reference in role_images(target))
    return registry_replies(target.machine.role, places)


def _registry_problem(target: Target, replies: dict[str, Reply]) -> Blocked | None:
    failed = {reference: reply for reference, reply in replies.items() if not reply.found}
    if not failed:
        return None
    reference, reply = next(iter(failed.items()))
    url, others = place_of(reference, target.inventory).url, len(failed) - 1
    more = f" (and {others} more)" if others else ""
    if reply.status == "000":
        return Blocked(
            Code.REGISTRY_UNREACHABLE,
            f"{target.name} cannot ask for the image {reference}{more}: {reply.error or 'no answer'}",
            f"on {target.name}: curl -I '{url}'; a mirror is named in cluster.mirrors.images, or name a bundle",
        )
    return Blocked(
        Code.IMAGE_MISSING,
        f"{url} answers {target.name} with {reply.status}: the image {reference}{more} is not to be had there",
        _HAVING.get(reply.status, f"on {target.name}: curl -I '{url}'; a mirror is named in cluster.mirrors.images"),
    )


def _packages(found: Bundled) -> list[str]:
    there = {file.name for file in found.role_packages}
    wanted = dict.fromkeys((*UPSTREAM_PACKAGES, *found.to_install))
    return [name for name in wanted if name not in there]
