"""What a Tab offers for names: hosts, steps, phases, addons, pages. A Tab never fails and contacts nobody."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from bootstrap.load.shipped import shipped_playbooks

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def hosts(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the inventory's hosts."""

    def names() -> Sequence[str]:
        from bootstrap.cli.names_in_files import inventory_hosts  # noqa: PLC0415 - YAML, only for this Tab

        return inventory_hosts(_inventory(ctx))

    return _offered(names, incomplete)


def addons(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The inventory's addons."""

    def names() -> Sequence[str]:
        from bootstrap.cli.names_in_files import inventory_addons  # noqa: PLC0415

        return inventory_addons(_inventory(ctx))

    return _offered(names, incomplete)


def steps(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the steps and phases of the playbook that the command runs."""

    def names() -> Sequence[str]:
        from bootstrap.cli.names_in_files import playbook_steps  # noqa: PLC0415

        return playbook_steps(_playbook(ctx))

    return _offered(names, incomplete)


def fields(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of an inventory, from the schema that editors use; the models would import pydantic."""

    def names() -> Sequence[str]:
        schema = json.loads((Path(__file__).parents[1] / "load" / "inventory.schema.json").read_text())
        return [key for part in (schema, *schema["$defs"].values()) for key in part["properties"]]

    return _offered(names, incomplete)


def words(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the pages of `kboot explain`."""

    def names() -> Sequence[str]:
        from bootstrap.cli.names_in_files import error_pages, every_step, exit_pages  # noqa: PLC0415
        from bootstrap.model.codes import Code  # noqa: PLC0415

        return [*every_step(), *error_pages(), *exit_pages(), *Code]

    return _offered(names, incomplete)


def _playbook(ctx: click.Context) -> str:
    """The playbook that the line names, else the one that the command is; `up` has every step.

    At an option that has no value yet click's parser stops before it gives arguments their words: they are in `args`.
    """
    if any(one.name == "playbook" for one in ctx.command.params):
        return str(ctx.params.get("playbook") or next(iter(ctx.args), "up"))
    return ctx.info_name if ctx.info_name in shipped_playbooks() else "up"


def _inventory(ctx: click.Context) -> str | None:
    """What -i names on this line; of a group's command it may stand before the command."""
    given = ctx.params.get("inventory")
    return str(given) if given else None


def _offered(names: Callable[[], Sequence[str]], incomplete: str) -> list[CompletionItem]:
    """After the last comma of a list, what it has not yet; nothing when the names cannot be had."""
    done, comma, begun = incomplete.rpartition(",")
    try:
        found = names()
    except Exception:  # a Tab in a folder without an inventory is no error
        return []
    left = (name for name in dict.fromkeys(found) if name not in done.split(","))
    return [CompletionItem(f"{done}{comma}{name}") for name in left if name.startswith(begun)]
