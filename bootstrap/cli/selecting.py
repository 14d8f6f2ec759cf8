"""--limit, --only and --skip as a Selection, every name checked before any host is contacted."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from bootstrap.show.started import as_typed

if TYPE_CHECKING:
    from bootstrap.cli.site import Site
    from bootstrap.model.playbook import Playbook
    from bootstrap.run import Selection


def selection(
    site: "Site", playbook: "Playbook", limit: tuple[str, ...], only: tuple[str, ...], skip: tuple[str, ...]
) -> "Selection":
    """Names of phases stand for their steps. Raises click.BadParameter for a name that means nothing here."""
    from bootstrap.run import Selection  # noqa: PLC0415 - loads the runner

    hosts = frozenset(site.host(name).name for name in limit)
    return Selection(hosts, _steps(playbook, only, "--only"), _steps(playbook, skip, "--skip"))


def _steps(playbook: "Playbook", given: Iterable[str], option: str) -> frozenset[str]:
    from bootstrap.load.error import did_you_mean  # noqa: PLC0415

    steps = set(playbook.step_names())
    phases = {phase.name: {step.name() for step in phase.steps} for phase in (*playbook.phases, *playbook.closing)}
    found: set[str] = set()
    for name in given:
        if name not in steps and name not in phases:
            known = tuple(dict.fromkeys((*playbook.step_names(), *phases)))
            hint = did_you_mean(name, known, f"`kboot explain` lists the steps, and the phases are {', '.join(phases)}")
            words = as_typed(f"{playbook.name} has no step or phase {name!r}; {hint}")
            raise click.BadParameter(words, param_hint=option)
        # A phase may have the name of a step; the step is meant then.
        found |= {name} if name in steps else phases[name]
    return frozenset(found)
