"""`kboot explain`."""

import json

import click

from bootstrap.cli import completing
from bootstrap.cli.options import Screen, screen_options
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.started import as_typed


@click.command()
@click.argument("word", metavar="CODE|STEP", required=False, shell_complete=completing.words)
@screen_options(("text", "json"))
def explain(word: str | None, screen: Screen) -> None:
    """Explain a step or an error code.

    A step's page says what is true when it holds, why Kubernetes needs that, what it follows and in which playbooks it
    stands. Without a word: the list of both.

    Example: kboot explain worker-joined
    """
    from bootstrap.cli import pages  # noqa: PLC0415 - loads every step

    page: pages.Page | None
    if word is None:
        page = pages.contents()
    elif word.upper() in set(Code):
        page = pages.of_code(Code(word.upper()))
    else:
        page = pages.of_step(word)
    if page is None:
        raise _unknown(word or "", pages.step_names())
    click.echo(
        json.dumps(page.document(), ensure_ascii=False, indent=2) if screen.output == "json" else as_typed(page.text())
    )


def _unknown(word: str, steps: tuple[str, ...]) -> KbootError:
    from bootstrap.load.error import did_you_mean  # noqa: PLC0415

    return KbootError(
        Code.EXPLANATION_UNKNOWN,
        f"there is no step and no code {word!r}",
        advice=f"{did_you_mean(word, (*steps, *Code))}; `kboot explain` lists all",
        exit_code=ExitCode.USAGE,
    )
