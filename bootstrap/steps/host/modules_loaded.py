"""Step modules-loaded."""

from bootstrap.facts.files import file_text
from bootstrap.facts.kernel import modules
from bootstrap.model.action import Action, Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.node import MODULES
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.unread import unread

PATH = "/etc/modules-load.d/kboot.conf"
FILE = file_text(PATH)
PRESENT = modules(MODULES)
WANTED = "# kboot: modules that a Kubernetes node needs from boot on\n" + "".join(f"{name}\n" for name in MODULES)


class ModulesLoaded(Step):
    """The kernel has the modules overlay and br_netfilter, now and after every boot.

    containerd's snapshots are overlay mounts; without br_netfilter, packets between pods of one host pass kube-proxy's
    rules unseen (kubernetes.io/docs/setup/production-environment/container-runtimes).
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(PRESENT, FILE)

    def decide(self, target: Target, facts: Facts) -> Decision:
        present, file = facts(target.asked, PRESENT), facts(target.asked, FILE)
        if waiting := unread(present, file):
            return waiting
        before = file.value if isinstance(file, Known) else None
        missing = [name for name in MODULES if not isinstance(present, Known) or name not in present.value]
        actions: list[Action] = []
        if before != WANTED:
            actions.append(WriteFile(PATH, text(WANTED), before=before))
        if missing:
            actions.append(Run(("modprobe", "--all", *missing)))
        if not actions:
            return Satisfied()
        return Change(f"load {', '.join(missing)}" if missing else f"name the modules in {PATH}", tuple(actions))
