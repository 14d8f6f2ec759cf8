"""The public repositories, or their mirrors, on a host: their keys, and what apt made of their indexes."""

from datetime import datetime

from bootstrap.facts.files import file_digests, file_text
from bootstrap.facts.sources import Offer
from bootstrap.facts.system import SYSTEM, System
from bootstrap.model.action import Action, WriteFile
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.model.text import sha256_hex, text
from bootstrap.steps.runtime import apt, online_apt
from bootstrap.steps.runtime.key_trusted import key_problem, offer_problem
from bootstrap.steps.runtime.published import Published, Source, index, published, sources
from bootstrap.steps.runtime.supplied import supply_questions
from bootstrap.steps.unread import unread

_FILES = file_digests("published-source", (apt.SOURCES_LIST, apt.CONFIG))


def questions(target: Target) -> tuple[Question, ...]:
    """What is there, what the keyrings hold, and what the sources offer while something is missing."""
    each = [
        fact for source in sources(target.inventory) for fact in (source.offer, file_text(source.repository.keyring))
    ]
    return (*supply_questions(target), *target.questions(_FILES, *each))


def decided(target: Target, facts: Facts) -> Decision:
    """Satisfied once both keyrings hold the pinned keys, and apt's copy of the index has what the host lacks."""
    found, system, files = published(target, facts), facts(target.asked, SYSTEM), facts(target.asked, _FILES)
    if isinstance(found, Waiting):
        return found
    pairs = [(source, *_asked(target, facts, source)) for source in sources(target.inventory)]
    if waiting := unread(system, files, *(answer for _, offered, kept in pairs for answer in (offered, kept))):
        return waiting
    if not isinstance(system, Known):
        return Waiting("the host's release")
    actions: list[Action] = []
    for source, offered, kept in pairs:
        decided = _keyring(target, source, offered, kept, found)
        if isinstance(decided, Blocked):
            return decided
        actions += decided
    actions += _texts(target, system.value, files.value if isinstance(files, Known) else {})
    unlisted = isinstance(facts(target.asked, index(target.inventory)), Absent)
    if not actions and not unlisted and not found.lacking:
        now = target.wanted.run.started
        remarks = [remark for source, _, kept in pairs if (remark := _remark(source, kept, now))]
        return Satisfied(f"{', '.join(source.fingerprint[-16:] for source, _, _ in pairs)}", "\n".join(remarks))
    keys = "trust the keys of pkgs.k8s.io and Docker, and " if actions else ""
    return Change(f"{keys}read the package indexes", (*actions, online_apt.update(target.inventory)))


def _asked(target: Target, facts: Facts, source: Source) -> tuple[Answer[Offer], Answer[str]]:
    return facts(target.asked, source.offer), facts(target.asked, file_text(source.repository.keyring))


def _keyring(
    target: Target, source: Source, offered: Answer[Offer], kept: Answer[str], found: Published
) -> list[Action] | Blocked:
    """The key that the source offers, once it is the pinned one. Where nothing is missing, none is offered."""
    if not isinstance(offered, Known):
        return []
    if problem := offer_problem(source, offered.value, found, target.name, target.wanted.run.started):
        return problem
    before, key = kept.value if isinstance(kept, Known) else None, offered.value.key
    return [] if before == key else [WriteFile(source.repository.keyring, text(key), before=before)]


def _texts(target: Target, system: System, digests: dict[str, str]) -> list[Action]:
    wanted = {
        apt.SOURCES_LIST: online_apt.sources_list(target.inventory, system.id, system.codename),
        apt.CONFIG: online_apt.CONFIG_TEXT,
    }
    stale = [path for path, content in wanted.items() if digests.get(path) != sha256_hex(content)]
    return [WriteFile(path, text(wanted[path]), guarded=False) for path in stale]


def _remark(source: Source, kept: Answer[str], now: datetime) -> str:
    """A key that expired since hinders nothing that is installed; the next package asks for it anew."""
    path = source.repository.keyring
    problem = key_problem(source, kept.value, path, now) if isinstance(kept, Known) else None
    return f"{problem.problem}; it is fetched anew when a package is wanted" if problem else ""
