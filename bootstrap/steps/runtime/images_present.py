"""Step images-present."""

from bootstrap.facts.containerd import PINNED, Image, images
from bootstrap.model.action import Action, PutBlob, RemoveFile, Run
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.lock import Lock, LockedFile
from bootstrap.model.step import Step
from bootstrap.model.tables.containerd import CERTS_D
from bootstrap.model.target import Target
from bootstrap.steps.runtime.images import role_images, wanted_images
from bootstrap.steps.unread import unread

FOLDER = "/var/lib/kboot/images"
_IMPORT_S = _PULL_S = 600.0
_IMAGES = ("ctr", "-n", "k8s.io", "images")
# --local: the client unpacks the archive itself; through the transfer service it takes half as much CPU again.
_IMPORT = (*_IMAGES, "import", "--local", "--label", PINNED)
# Layers that came before a pull was cut off stay in containerd's store, and are not fetched again.
_PULL = (*_IMAGES, "pull", "--local", "--hosts-dir", CERTS_D, "--label", PINNED)


class ImagesPresent(Step):
    """Every image that this role needs is in containerd under its exact name, pinned; with a bundle, by its digest.

    With them kubeadm and kubelet pull nothing (kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init, "Running
    kubeadm without an Internet connection"): a bundle's are sent over SSH, others are pulled from their registries or
    the mirrors of them, before a kubeadm waits for any. Unpinned ones fall to kubelet's clean-up when the disk is full,
    and an air-gapped host could not get them again.
    """

    follows = ("containerd-fresh",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(images(wanted_images(target)))

    def decide(self, target: Target, facts: Facts) -> Decision:
        answer, lock = facts(target.asked, images(wanted_images(target))), target.wanted.lock
        if waiting := unread(answer):
            return waiting
        present = answer.value if isinstance(answer, Known) else {}
        return _of_bundle(lock, target, present) if lock else _of_registries(target, present)


def _of_bundle(lock: Lock, target: Target, present: dict[str, Image]) -> Decision:
    wanted = [lock.image(reference) for reference in lock.roles[target.machine.role].images]
    missing = [file for file in wanted if not _is_here(file, present)]
    size_mb = sum(file.size_bytes for file in missing) // 1_000_000
    there = [str(file.reference) for file in wanted if file not in missing]
    brought = [action for file in missing for action in _bring(file)]
    return _decided(there, present, brought, f"import {len(missing)} images ({size_mb} MB)")


def _of_registries(target: Target, present: dict[str, Image]) -> Decision:
    wanted = role_images(target)
    missing = [reference for reference in wanted if reference not in present]
    there = [reference for reference in wanted if reference in present]
    pulled = [Run((*_PULL, reference), timeout_s=_PULL_S) for reference in missing]
    return _decided(there, present, pulled, f"pull {len(missing)} images")


def _decided(there: list[str], present: dict[str, Image], brought: list[Action] | list[Run], summary: str) -> Decision:
    """What is there must be pinned too."""
    loose = [reference for reference in there if not present[reference].pinned]
    actions = (*brought, *(Run((*_IMAGES, "label", reference, PINNED)) for reference in loose))
    if not actions:
        return Satisfied(f"{len(there)} images")
    return Change(summary if brought else f"pin {len(loose)} images", actions)


def _is_here(file: LockedFile, present: dict[str, Image]) -> bool:
    found = present.get(str(file.reference))
    return found is not None and found.digest == file.manifest_digest


def _bring(file: LockedFile) -> tuple[Action, ...]:
    path = f"{FOLDER}/{file.path.rpartition('/')[2]}"
    return (
        PutBlob(file.sha256, file.size_bytes, path),
        Run((*_IMPORT, path), timeout_s=_IMPORT_S),
        RemoveFile(path),
    )
