"""What a Tab offers for names: hosts of the inventory, steps and phases. A Tab never fails and contacts nobody."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def hosts(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the inventory's hosts."""
    from bootstrap.cli.site import find_site  # noqa: PLC0415 - pydantic and YAML, only for this Tab

    def names() -> Sequence[str]:
        given = ctx.params.get("inventory")
        return [host.name for host in find_site(Path(given) if given else None).inventory.hosts]

    return _offered(names, incomplete)


def steps(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the steps and phases of the playbook that the command runs."""

    def names() -> Sequence[str]:
        from bootstrap.load.playbook import load_playbook  # noqa: PLC0415

        playbook = load_playbook(ctx.params.get("playbook") or ctx.info_name or "up")
        return [*playbook.step_names(), *(phase.name for phase in playbook.phases)]

    return _offered(names, incomplete)


def words(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `kboot explain` knows."""

    def names() -> Sequence[str]:
        from bootstrap.model.codes import Code  # noqa: PLC0415
        from bootstrap.steps import REGISTRY  # noqa: PLC0415

        return [*(step.name() for step in REGISTRY), *Code]

    return _offered(names, incomplete)


def _offered(names: Callable[[], Sequence[str]], incomplete: str) -> list[CompletionItem]:
    """After the last comma of a list; nothing when the names cannot be had."""
    done, comma, begun = incomplete.rpartition(",")
    try:
        found = names()
    except Exception:  # a Tab in a folder without an inventory is no error
        return []
    return [CompletionItem(f"{done}{comma}{name}") for name in dict.fromkeys(found) if name.startswith(begun)]
