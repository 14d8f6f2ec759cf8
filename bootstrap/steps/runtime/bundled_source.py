"""The bundle's repository on a host: its index, its key, and what apt made of them."""

from bootstrap.facts.files import file_digests
from bootstrap.facts.packages import PACKAGES
from bootstrap.facts.system import SYSTEM
from bootstrap.model.action import Action, PutBlob, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied, Waiting
from bootstrap.model.fact import Fact, Facts, Question
from bootstrap.model.lock import Lock, LockedFile
from bootstrap.model.target import Target
from bootstrap.model.text import sha256_hex, text
from bootstrap.steps.runtime import apt
from bootstrap.steps.runtime.bundled import bundled
from bootstrap.steps.unread import unread

_SIGNED = "InRelease"


def questions(target: Target, lock: Lock) -> tuple[Question, ...]:
    """The host's release, and the digests of all that should stand there."""
    return target.questions(SYSTEM, PACKAGES, _digests(lock))


def decided(target: Target, lock: Lock, facts: Facts) -> Decision:
    """Satisfied once apt's own copy of the index is the bundle's."""
    found = bundled(lock, target, facts)
    if isinstance(found, Blocked | Waiting):
        return found
    answer = facts(target.asked, _digests(lock))
    if waiting := unread(answer):
        return waiting
    digests = answer.value if isinstance(answer, Known) else {}
    files, texts = _files(lock, found.release), _texts(found.release)
    signed = next((file.sha256 for file in files.values() if file.name == _SIGNED), "")
    wanted = {path: file.sha256 for path, file in files.items()}
    wanted |= {path: sha256_hex(content) for path, content in texts.items()}
    wanted[apt.listed_index(found.release)] = signed
    if wanted.items() <= digests.items():
        return Satisfied(f"Kubernetes {lock.kubernetes}, key {lock.apt_key_fingerprint[-16:]}")
    stale = [path for path in (*files, *texts) if digests.get(path) != wanted[path]]
    actions: list[Action] = [
        PutBlob(files[path].sha256, files[path].size_bytes, path)
        if path in files
        # Only its digest was asked, and the file is ours alone.
        else WriteFile(path, text(texts[path]), guarded=False)
        for path in stale
    ]
    return Change("bring the bundle's signed package index", (*actions, apt.update()))


def _files(lock: Lock, release: str) -> dict[str, LockedFile]:
    """path on the host -> file of the bundle: the release's index and the key that signed it."""
    indexes = (file for file in lock.files if file.kind == "apt-index" and file.release == release)
    found = {f"{apt.repository(release)}/{file.path.rpartition('/')[2]}": file for file in indexes}
    if key := next((file for file in lock.files if file.kind == "key" and file.path.endswith(".gpg")), None):
        found[apt.KEYRING] = key
    return found


def _texts(release: str) -> dict[str, str]:
    return {apt.SOURCES_LIST: apt.sources_list(release), apt.CONFIG: apt.CONFIG_TEXT}


def _digests(lock: Lock) -> Fact[dict[str, str]]:
    """One question about every release of the bundle: which one the host runs is not known beforehand."""
    paths = {path for release in lock.releases for path in (*_files(lock, release), apt.listed_index(release))}
    return file_digests("package-source", (*sorted(paths), apt.SOURCES_LIST, apt.CONFIG))
