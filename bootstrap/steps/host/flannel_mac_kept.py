"""Step flannel-mac-kept."""

from bootstrap.facts.files import file_text
from bootstrap.model.decision import Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.own_file import in_place

PATH = "/etc/systemd/network/10-kboot-flannel.link"
FILE = file_text(PATH)
WANTED = """\
# kboot: flannel publishes the MAC address that it gives flannel.1; udev must not change it
[Match]
OriginalName=flannel*

[Link]
MACAddressPolicy=none
"""


class FlannelMacKept(Step):
    """udev leaves the MAC address of flannel's interface as flannel made it.

    systemd's default MACAddressPolicy=persistent gives flannel.1 another address right after flannel made it, while
    other nodes send to the one it announced (flannel, Documentation/troubleshooting.md; systemd.link(5)).
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(FILE)

    def decide(self, target: Target, facts: Facts) -> Decision:
        file = facts(target.asked, FILE)
        if target.wanted.addon("flannel") is None:
            return Satisfied("the inventory wants no flannel")
        return in_place(PATH, WANTED, file, "tell udev to keep flannel's MAC address")
