"""Step sysctls-set."""

from bootstrap.facts.files import file_text
from bootstrap.facts.kernel import sysctls
from bootstrap.model.action import Action, Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.node import AT_LEAST, SYSCTLS
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.unread import unread

# Applied last: Debian's 99-sysctl.conf is /etc/sysctl.conf, in which old guides write ip_forward=0.
PATH = "/etc/sysctl.d/99-zz-kboot.conf"
FILE = file_text(PATH)
LIVE = sysctls((*SYSCTLS, *AT_LEAST))


class SysctlsSet(Step):
    """The kernel forwards IPv4, filters bridged packets and gives enough inotify instances, now and after every boot.

    A node routes its pods' packets (kubernetes.io/docs/setup/production-environment/container-runtimes); why the others
    are needed stands in model/tables/node.py. A higher inotify value that the admin set stays.
    """

    follows = ("modules-loaded",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(LIVE, FILE)

    def decide(self, target: Target, facts: Facts) -> Decision:
        live, file = facts(target.asked, LIVE), facts(target.asked, FILE)
        if waiting := unread(live, file):
            return waiting
        now = live.value if isinstance(live, Known) else {}
        before = file.value if isinstance(file, Known) else None
        wanted = SYSCTLS | {key: _enough(key, now, before or "") for key in AT_LEAST}
        content = "# kboot: what a Kubernetes node needs\n" + "".join(f"{key} = {n}\n" for key, n in wanted.items())
        differing = [key for key, value in SYSCTLS.items() if now.get(key) != str(value)]
        differing += [key for key, least in AT_LEAST.items() if _number(now.get(key, "")) < least]
        actions: list[Action] = []
        if before != content:
            actions.append(WriteFile(PATH, text(content), before=before))
        if differing:
            actions.append(Run(("/usr/lib/systemd/systemd-sysctl", PATH)))
        if not actions:
            return Satisfied()
        changes = ", ".join(f"{key} {now.get(key, 'unset')} -> {wanted[key]}" for key in differing)
        return Change(changes or f"keep the sysctls in {PATH}", tuple(actions))


def _enough(key: str, live: dict[str, str], file: str) -> int:
    """The highest of the least, the live value and what our file says: an admin's higher value stays, also when it
    came after our file, which would lower it at the next boot. Never lower than before, so it cannot flap."""
    said = dict(line.partition(" = ")[::2] for line in file.splitlines())
    return max(AT_LEAST[key], _number(said.get(key, "")), _number(live.get(key, "")))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else 0
