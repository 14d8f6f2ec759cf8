"""One command, one direction: inventory -> playbook -> connections -> run -> screen -> exit code."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bootstrap.cli.asked import Asked
from bootstrap.cli.next_commands import again, closing
from bootstrap.cli.options import Screen
from bootstrap.cli.pipes import silence_stdout
from bootstrap.cli.preparing import Prepared, prepare, prepared_hosts
from bootstrap.cli.signals import Received
from bootstrap.cli.site import connections
from bootstrap.cli.watching import watched
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.redact import Redactor

if TYPE_CHECKING:
    from bootstrap.model.fact import Facts, Question
    from bootstrap.model.plan import Plan
    from bootstrap.model.report import Report
    from bootstrap.transport.connection import Connection

STOPPING = "kboot: stopping: what runs on a host ends first, nothing new starts (Ctrl-C again: leave at once)"


def run(asked: Asked, screen: Screen) -> ExitCode:
    """Bring about what the playbook names; the report is the result."""
    with prepared_hosts(asked) as (prepared, hosts), _what_goes_on(prepared, asked):
        from bootstrap.run import execute, exit_code, vault_for  # noqa: PLC0415 - the hosts log us in meanwhile

        vault = vault_for(prepared.wanted.run)
        redact = Redactor.of((*vault.values(), *prepared.site.secrets()))
        run_name = f"{prepared.wanted.run.run_id}-{prepared.playbook.name.replace(' ', '-')}"
        with watched(screen, redact, (prepared.site.state / "journal", run_name)) as observer, _ctrl_c_is_told():
            report = execute(
                prepared.playbook,
                prepared.wanted,
                hosts,
                prepared.selection,
                observer,
                vault,
                prepared.open_blob,
                first_change=prepared.before_first_change,
            )
    code = exit_code(report)
    try:
        _show_report(report, prepared, asked, screen, redact, code)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads the summary any more; how the run ended is still worth its exit code.
        silence_stdout()
    return code


def plan(asked: Asked, screen: Screen) -> ExitCode:
    """The same, stopped at the decisions; the plan is the result."""
    from bootstrap.run import plan_exit_code  # noqa: PLC0415

    prepared = prepare(asked)
    made = planned(prepared, screen)
    code = plan_exit_code(made)
    if screen.output == "text":
        print_plan(made, prepared, f"Plan of {asked.playbook}{asked.narrowed} for cluster {prepared.cluster}", screen)
    else:
        from bootstrap.show.record import plan_document  # noqa: PLC0415

        document = plan_document(made, code, prepared.cluster, prepared.playbook.name)
        screen.print_document(Redactor.of(prepared.site.secrets()).document(document))
    return code


def planned(prepared: Prepared, screen: Screen) -> "Plan":
    """Ask every host and decide; nothing is changed, no journal is kept."""
    with connections(prepared.site) as hosts:
        return surveyed(prepared, hosts, screen, Redactor.of(prepared.site.secrets()), ())[0]


def surveyed(
    prepared: Prepared,
    hosts: "Mapping[str, Connection]",
    screen: Screen,
    redact: Redactor,
    also: "Iterable[Question]",
) -> "tuple[Plan, Facts]":
    """The same, and the answers to what is asked `also`: still one exec a host."""
    from bootstrap.run import survey  # noqa: PLC0415

    with watched(screen, redact, None, planning=True) as observer:
        return survey(prepared.playbook, prepared.wanted, hosts, prepared.selection, observer, also)


@contextmanager
def _what_goes_on(prepared: Prepared, asked: Asked) -> Iterator[None]:
    """A run that is left has no summary: its last line says how to go on."""
    try:
        yield
    except KeyboardInterrupt as left:
        if not left.args:
            raise
        raise KeyboardInterrupt(f"{left}. To go on: {again(prepared, asked)}") from left


@contextmanager
def _ctrl_c_is_told() -> Iterator[None]:
    """The first Ctrl-C lets running acts end, which may take minutes: say so at once."""
    received = click.get_current_context().find_object(Received)
    if received is None:
        yield
        return
    received.notice = STOPPING
    try:
        yield
    finally:
        received.notice = ""


def print_plan(made: "Plan", prepared: Prepared, title: str, screen: Screen) -> None:
    """The plan under its title, for a person."""
    from bootstrap.show import console  # noqa: PLC0415
    from bootstrap.show.plan_text import plan_lines  # noqa: PLC0415

    lines = plan_lines(made, title, verbose=screen.verbose)
    console.print_lines(console.results(screen.colour), lines, Redactor.of(prepared.site.secrets()))


def _show_report(  # noqa: PLR0917
    report: "Report", prepared: Prepared, asked: Asked, screen: Screen, redact: Redactor, code: ExitCode
) -> None:
    if screen.output == "text":
        from bootstrap.show import console  # noqa: PLC0415
        from bootstrap.show.summary import summary_lines  # noqa: PLC0415

        lines = summary_lines(report, closing(report, prepared, asked))
        console.print_lines(console.results(screen.colour), lines, redact)
        return
    from bootstrap.show.record import report_document  # noqa: PLC0415

    screen.print_document(redact.document(report_document(report, code, prepared.cluster)))
