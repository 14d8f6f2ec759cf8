"""Words of the inventory that name something of kboot's: addons and checks."""

import os
import re
from collections.abc import Iterator

from bootstrap.load.error import did_you_mean
from bootstrap.load.path_word import is_path
from bootstrap.load.rules.finding import Finding
from bootstrap.load.shipped import shipped_addons
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory


def addons_exist(inventory: Inventory) -> Iterator[Finding]:
    """An addon is one that kboot ships, or the path of a folder with an addon.yaml."""
    for index, addon in enumerate(inventory.cluster.addons):
        path = ("cluster", "addons", index)
        if addon in inventory.cluster.addons[:index]:
            yield Finding(path, Code.FIELD_INVALID, f'the addon "{addon}" is given twice', "keep one")
        elif is_path(addon):
            if not os.path.isfile(os.path.join(addon, "addon.yaml")):
                rule = f"{addon} holds no addon.yaml"
                yield Finding(path, Code.ADDON_UNKNOWN, rule, "name the folder in which it stands")
        elif addon not in shipped_addons():
            yield Finding(path, Code.ADDON_UNKNOWN, f'there is no addon "{addon}"', addon_hint(addon))


def addon_hint(name: str) -> str:
    """Which addon is meant by a word that is none."""
    return f"{did_you_mean(name, shipped_addons())}; one of your own is named by its folder: ./{name}"


def kubeadm_checks_parse(inventory: Inventory) -> Iterator[Finding]:
    """kubeadm's own checks are named as it prints them: SystemVerification, Port-10250, FileAvailable--etc-..."""
    for index, name in enumerate(inventory.cluster.checks.ignore_kubeadm):
        if not re.fullmatch(r"[A-Za-z0-9][-A-Za-z0-9._]*", name):
            path = ("cluster", "checks", "ignoreKubeadm", index)
            hint = "for example SystemVerification"
            yield Finding(path, Code.FIELD_INVALID, f'"{name}" is not the name of a check of kubeadm\'s', hint)


def ignored_checks_exist(inventory: Inventory) -> Iterator[Finding]:
    """Only checks can be ignored, by the names that `kboot plan` prints."""
    if not inventory.cluster.checks.ignore:
        return
    from bootstrap.steps import REGISTRY  # noqa: PLC0415 - all steps are dear to import, and mistakes are told at once

    checks = tuple(step.name() for step in REGISTRY if not step.can_act)
    for index, name in enumerate(inventory.cluster.checks.ignore):
        if name not in checks:
            hint = did_you_mean(name, checks, "`kboot explain` lists them")
            yield Finding(
                ("cluster", "checks", "ignore", index), Code.STEP_UNKNOWN, f'there is no check "{name}"', hint
            )
