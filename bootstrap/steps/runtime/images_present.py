"""Step images-present."""

from bootstrap.facts.containerd import IMAGES, PINNED, Image
from bootstrap.model.action import Action, PutBlob, RemoveFile, Run
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.lock import LockedFile
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.unread import unread

FOLDER = "/var/lib/kboot/images"
_IMPORT_S = 600.0
# --local: the client unpacks the archive itself; through the transfer service it takes half as much CPU again.
_IMPORT = ("ctr", "-n", "k8s.io", "images", "import", "--local", "--label", PINNED)


class ImagesPresent(Step):
    """Every image that this role needs is in containerd under its exact name, with the bundle's digest, pinned.

    With them kubeadm and kubelet pull nothing, so a host needs no registry (kubernetes.io/docs/reference/setup-tools/
    kubeadm/kubeadm-init, "Running kubeadm without an Internet connection"). Unpinned ones fall to kubelet's clean-up
    when the disk is full, and an air-gapped host could not get them again.
    """

    follows = ("containerd-fresh",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(IMAGES) if target.wanted.lock else ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        lock = target.wanted.lock
        if lock is None:
            return Satisfied("no bundle: kubeadm and kubelet pull what they need")
        answer = facts(target.asked, IMAGES)
        if waiting := unread(answer):
            return waiting
        present = answer.value if isinstance(answer, Known) else {}
        wanted = [lock.image(reference) for reference in lock.roles[target.machine.role].images]
        missing = [file for file in wanted if not _is_here(file, present)]
        loose = [file for file in wanted if file not in missing and not present[str(file.reference)].pinned]
        actions = [action for file in missing for action in _bring(file)]
        actions += [_pin(str(file.reference)) for file in loose]
        if not actions:
            return Satisfied(f"{len(wanted)} images")
        size_mb = sum(file.size_bytes for file in missing) // 1_000_000
        return Change(
            f"import {len(missing)} images ({size_mb} MB)" if missing else f"pin {len(loose)} images", tuple(actions)
        )


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


def _pin(reference: str) -> Run:
    return Run(("ctr", "-n", "k8s.io", "images", "label", reference, PINNED))
