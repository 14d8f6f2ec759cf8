"""`kboot inventory reference`."""

import click

from bootstrap.cli import completing
from bootstrap.cli.options import Screen, screen_options
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.started import as_typed


@click.command()
@click.argument("field", required=False, shell_complete=completing.fields)
@screen_options(("text",))
def reference(field: str | None, screen: Screen) -> None:  # noqa: ARG001
    """Explain its fields: what each means, its unit, its default, an example.

    Without FIELD all of them (inventory/REFERENCE.md is this page). FIELD is a key or a path, in either spelling.

    Example: kboot inventory reference hosts.nodeIP
    """
    from bootstrap.load.reference import found, page  # noqa: PLC0415 - pydantic, a tenth of a second

    if field is None:
        click.echo(as_typed(page()), nl=False)
        return
    entries = found(field)
    if not entries:
        raise _unknown(field)
    click.echo("\n\n".join(entry.text() for entry in entries))


def _unknown(field: str) -> KbootError:
    from bootstrap.load.error import did_you_mean  # noqa: PLC0415
    from bootstrap.load.reference import entries  # noqa: PLC0415

    keys = tuple(dict.fromkeys(name for entry in entries() for name in (entry.key, entry.path)))
    return KbootError(
        Code.EXPLANATION_UNKNOWN,
        f"an inventory has no field {field!r}",
        advice=did_you_mean(field, keys, as_typed("`kboot inventory reference` has them all")),
        exit_code=ExitCode.USAGE,
    )
