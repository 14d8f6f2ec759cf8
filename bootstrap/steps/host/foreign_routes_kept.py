"""Step foreign-routes-kept."""

from bootstrap.facts.files import file_text
from bootstrap.facts.services import UNITS
from bootstrap.model.answer import Known
from bootstrap.model.decision import Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.own_file import in_place
from bootstrap.steps.unread import unread

PATH = "/etc/systemd/networkd.conf.d/90-kboot.conf"
FILE = file_text(PATH)
WANTED = """\
# kboot: routes and rules that flannel and kube-proxy make are not systemd-networkd's to remove
[Network]
ManageForeignRoutes=no
ManageForeignRoutingPolicyRules=no
"""


class ForeignRoutesKept(Step):
    """Where systemd-networkd runs, it leaves routes and rules alone that it did not make.

    By default it removes them when it starts (networkd.conf(5), ManageForeignRoutes=), so an update of systemd cuts
    the pods of a node off. It reads this at its start, the very moment at which it would remove them: no restart here.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UNITS, FILE)

    def decide(self, target: Target, facts: Facts) -> Decision:
        units, file = facts(target.asked, UNITS), facts(target.asked, FILE)
        if waiting := unread(units, file):
            return waiting
        networkd = units.value.get("systemd-networkd.service") if isinstance(units, Known) else None
        if networkd is None or not (networkd.is_active or networkd.file_state.startswith("enabled")):
            return Satisfied("systemd-networkd does not run here")
        return in_place(PATH, WANTED, file, "tell systemd-networkd to keep foreign routes and rules")
