"""Step swap-off."""

import re

from bootstrap.facts.files import OwnedFile, owned_file
from bootstrap.facts.kernel import SWAPS
from bootstrap.facts.services import SWAP_SERVICES, UNITS, Unit
from bootstrap.model.action import Action, Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import Part, Secret, Text, revealed
from bootstrap.steps.unread import unread

PATH = "/etc/fstab"
FSTAB = owned_file(PATH)
REASON = "# kboot: a Kubernetes node runs without swap: "
# Every page that is swapped out is read back first: gigabytes from a slow disk take minutes.
SWAPOFF_S = 900.0
# One that zram-generator will make: its configuration names the device, and no boot has run it yet.
_ZRAM = re.compile(r"dev-zram\d+\.swap")


class SwapOff(Step):
    """No swap is in use, and none comes back with the next boot: fstab and swap units name none.

    kubelet refuses to start on a host with swap (`failSwapOn`, kubernetes.io/docs/reference/config-api/
    kubelet-config.v1beta1). fstab's lines stay as comments; units that a generator or a package brings (zram, GPT) are
    masked, an admin's own in /etc/systemd/system disabled; none is removed. fstab's mode and owner stay too: its
    options may hold passwords (mount.cifs(8)).
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(SWAPS, FSTAB, UNITS)

    def decide(self, target: Target, facts: Facts) -> Decision:
        swaps, fstab, units = (facts(target.asked, fact) for fact in (SWAPS, FSTAB, UNITS))
        if waiting := unread(swaps, fstab, units):
            return waiting
        if target.inventory.cluster.overlays.kubelet.get("failSwapOn") is False:
            return Satisfied("swap stays: the inventory's kubelet has failSwapOn: false")
        actions: list[Action] = []
        if isinstance(fstab, Known) and any(map(_is_swap, _lines(fstab.value))):
            actions += [_without_swap(fstab.value), Run(("systemctl", "daemon-reload"))]
        if isinstance(swaps, Known) and swaps.value:
            actions.append(Run(("swapoff", "--all"), timeout_s=SWAPOFF_S))
        back = [unit for unit in units.value.values() if _comes_back(unit)] if isinstance(units, Known) else []
        for verb, names in (
            ("disable", [unit.name for unit in back if _is_the_admins(unit)]),
            ("mask", [unit.name for unit in back if not _is_the_admins(unit)]),
        ):
            if names:
                actions.append(Run(("systemctl", verb, "--now", *names)))
        if not actions:
            return Satisfied()
        in_use = ", ".join(swaps.value) if isinstance(swaps, Known) else ""
        return Change(f"turn swap off, now and at boot ({in_use or 'none in use now'})", tuple(actions))


def _without_swap(fstab: OwnedFile) -> WriteFile:
    """The same fstab with its swap lines as comments. What a private one says else is not shown."""
    private = isinstance(fstab.text, Secret)
    parts: list[Part] = []
    for line in _lines(fstab):
        shown = REASON + line if _is_swap(line) else line
        parts += ["\n", Secret(line) if private and shown == line != "" else shown]
    return WriteFile(PATH, Text(tuple(parts[1:])), fstab.mode, fstab.owner, before=fstab.text)


def _lines(fstab: OwnedFile) -> list[str]:
    return revealed(fstab.text).split("\n")


def _is_swap(line: str) -> bool:
    """By fstab(5): the third field is the type."""
    fields = line.split()
    return len(fields) > 2 and not fields[0].startswith("#") and fields[2] == "swap"


def _comes_back(unit: Unit) -> bool:
    """Swap that a later boot turns on. A unit of fstab goes with its line; one without a file is only an alias."""
    if not (unit.name.endswith(".swap") or unit.name in SWAP_SERVICES):
        return False
    if unit.load == "not-found":
        return _ZRAM.fullmatch(unit.name) is not None
    if unit.source in {"", PATH}:
        return False
    if _is_the_admins(unit):
        return unit.file_state.startswith(("enabled", "linked"))
    return unit.file_state not in {"", "masked"}


def _is_the_admins(unit: Unit) -> bool:
    """`systemctl mask` puts its link where this file is, and refuses ("already exists")."""
    return unit.file_state.startswith("linked") or (
        unit.source.startswith("/etc/systemd/system/") and unit.file_state != "masked"
    )
